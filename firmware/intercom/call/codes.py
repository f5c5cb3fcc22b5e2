"""Error codes: those of the Voice JS SDK v1, and in capitals after `TWILIO` those of its newer error classes."""

UNKNOWN = 31000
MEDIA_LOST = 31003
TWILIO_CALL_FAILED = 31005
TWILIO_SIGNALING_LOST = 53001
TWILIO_REMOTE_DESCRIPTION = 53402
TWILIO_MEDIA_LOST = 53405
