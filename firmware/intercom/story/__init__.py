"""The stories of a station's calls: what befell each, kept over a restart, told in sentences."""
