"""What says "not": Darija's, whose two halves stand around the verb, and the words of the other languages."""

from nlu.text import normalise, words

_NOT = frozenset({"not", "don't", "dont", "can't", "cant", "no", "pas", "ne", "machi", "ماشي"})


def denies(text: str) -> bool:
    """Whether anything is denied in any of the languages: "i dont speak arabic", "je parle pas anglais", "ما كنهضرش"."""
    return negates(text) or any(word.text in _NOT for word in words(normalise(text)))


def negates(text: str) -> bool:
    """Whether a verb stands between the two halves of Darija's "not": "ma3ndich", "ma kaynach", "ما عنديش"."""
    typed = [word.text for word in words(normalise(text))]
    closed = [word.endswith(("ch", "ش")) for word in typed]
    whole = any(word.startswith(("ma", "ما")) and end for word, end in zip(typed, closed, strict=True))
    return whole or any(word in ("ma", "ما") and end for word, end in zip(typed, closed[1:], strict=False))
