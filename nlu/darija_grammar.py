"""What a sentence in Arabic letters needs once its blanks are filled: prepositions that hold on to a name, counted nouns.

The catalogues say "ل {goal}" and "{minutes} دقيقة"; people write "للحي المحمدي" and "3 دقايق". Before a Latin name or a
number the preposition stays by itself.
"""

import re

_PREPOSITION = re.compile(r"(?<![^\s(«])([فبل]) (ال)?(?=[ء-ي])")
_COUNTED = {"دقيقة": "دقايق", "محطة": "محطات", "درهم": "دراهم"}
"""The plural that goes with two to ten; from eleven on the singular stands."""
_PRICE = "درهم"
"""Prices stay in figures; of other things one and two are words."""
_COUNT = re.compile(rf"(?<![\d,.:/–-])(\d+) ({'|'.join(_COUNTED)})\b")


def well_formed(text: str) -> str:
    """The text with its prepositions attached and its counted nouns in the number that the count asks for."""
    return _COUNT.sub(_agreeing, _PREPOSITION.sub(_attached, text))


def _attached(found: re.Match[str]) -> str:
    preposition, article = found.groups()
    if preposition == "ل" and article:
        return "لل"
    return preposition + (article or "")


def _agreeing(found: re.Match[str]) -> str:
    count, noun = int(found[1]), found[2]
    if noun != _PRICE and count == 1:
        return f"{noun} وحدة"
    many = _COUNTED[noun] if 2 <= count <= 10 else noun
    return f"جوج {many}" if noun != _PRICE and count == 2 else f"{count} {many}"
