"""Ways across the city, on foot and by tramway and busway."""
