"""Open311 GeoReport v2: the city's other systems read and file service requests (server), or receive ours (client)."""
