"""Darija's "not", whose two halves stand around the verb."""

from nlu.text import normalise, words


def negates(text: str) -> bool:
    """Whether a verb stands between the two halves of Darija's "not": "ma3ndich", "ma kaynach", "ما عنديش"."""
    typed = [word.text for word in words(normalise(text))]
    closed = [word.endswith(("ch", "ش")) for word in typed]
    whole = any(word.startswith(("ma", "ما")) and end for word, end in zip(typed, closed, strict=True))
    return whole or any(word in ("ma", "ما") and end for word, end in zip(typed, closed[1:], strict=False))
