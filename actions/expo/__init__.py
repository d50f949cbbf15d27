"""Answers about the expo, from whether it is meant (`meant.py`) to how it is worded (`wording.py`)."""
