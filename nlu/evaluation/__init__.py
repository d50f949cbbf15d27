"""How well messages are understood: data sets, measures, the report of `make eval`."""
