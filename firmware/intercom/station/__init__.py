"""The product: which button does what, which light and tone show which state."""
