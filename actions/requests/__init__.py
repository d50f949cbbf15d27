"""Service requests: from a sentence to what became of it. One file a step; `life.py` has the rules, `changes.py` makes the changes."""
