"""The console of the city's staff at `/staff`: pages on top of `actions/` and `store/`."""
