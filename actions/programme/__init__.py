"""The programme of an edition of the expo as data: its file, its mistakes, what a message names of it. No wording of answers here."""
