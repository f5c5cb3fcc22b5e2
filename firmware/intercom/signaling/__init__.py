"""Signalling: the wire between a station and its exchange, as the Voice JS SDK speaks it."""
