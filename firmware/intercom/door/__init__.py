"""The door: who may open it, what opens it, and what is kept of that."""
