"""How good a call is: samples, scores, warnings and volumes as functions of numbers."""
