"""What we have and where, who shelters where, and what goes where it is missing: stock, shelters, needs, allocation."""
