"""The exchange: signalling server of the house, the page it serves, who may use it."""
