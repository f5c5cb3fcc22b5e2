"""The way of sound over RTCPeerConnection, until our own session has its place."""
