"""What the numbers say: pure functions on NumPy arrays and frozen dataclasses.

No module here reads a clock, a file, a database or a network, draws its own randomness, or holds a value of
policy: thresholds, tables and city data are arguments. `models.MODELS` lists every model with its card.
"""
