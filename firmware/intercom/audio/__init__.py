"""Sound: the microphone, the speaker and the tones, behind real ALSA."""
