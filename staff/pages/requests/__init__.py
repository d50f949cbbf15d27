"""Service requests at the desk: the list of them (`listing.py`), and one with all that may happen to it (`single.py`)."""
