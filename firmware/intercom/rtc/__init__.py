"""Sound over the network: offer and answer, ICE, DTLS and SRTP by aiortc, one voice each way."""
