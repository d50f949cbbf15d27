"""Which messages must stay on one side when data is split: those that are the same sentence to a reader."""

from nlu.skeleton import skeleton


def group_of(text: str) -> str:
    """The group of a message: its skeleton, so that one sentence in two scripts or spellings is one group."""
    return skeleton(text) or text
