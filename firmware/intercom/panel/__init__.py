"""Buttons and light: edges to gestures, lights to LEDs."""
