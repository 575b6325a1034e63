"""The pages of the reference, one module each; ``tools/reference.py`` writes them."""
