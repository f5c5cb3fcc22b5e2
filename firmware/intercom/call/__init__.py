"""The call: `Connection` and `Device` of the Voice JS SDK v1, in Python."""
