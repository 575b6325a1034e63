"""Steps that make the Shanghai city package from open data and a seed."""
