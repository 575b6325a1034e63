"""Who must be told what: warnings from draft to the end of their validity, as CAP 1.2."""
