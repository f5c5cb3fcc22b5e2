"""The doctor: checks that speak in words."""
