"""The far side of a station's serial line: one command, a conversation, whole settings files, scripts."""
