"""Everything that can be configured."""
