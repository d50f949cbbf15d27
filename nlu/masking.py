"""Taking out of a message what names or reaches a person, before anybody reads it."""

import re

_SIGN = "▇"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE), f"{_SIGN}lien"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), f"{_SIGN}mail"),
    # An IBAN or a card, a phone number, an identity card (BE123456), any other long number: of a file, a contract, a meter.
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}\b", re.IGNORECASE), f"{_SIGN}numéro"),
    (re.compile(r"(?<![\w.])(?:\+|00)?\d(?:[ .\-/]?\d){7,18}(?!\w)"), f"{_SIGN}numéro"),
    (re.compile(r"\b[A-Z]{1,2} ?\d{4,7}\b", re.IGNORECASE), f"{_SIGN}carte"),
    (re.compile(r"(?<!\w)[0-9٠-٩۰-۹]{5,}(?!\w)"), f"{_SIGN}numéro"),
    # "Je m'appelle Samira Benali", "smiti …", "سميتي …", "my name is …": one or two words after it.
    (
        re.compile(
            r"(\bje m['’ ]?appelle|\bmon nom (?:est|c['’]est)|\bsmi(?:y)?ti|\bsmeyti|\bmy name is|سميتي|إسمي|اسمي)"
            r"((?:\s+[^\W\d_]+){1,2})",
            re.IGNORECASE,
        ),
        rf"\1 {_SIGN}nom",
    ),
    (re.compile(r"(\b(?:mme|mlle|madame|monsieur|sidi|lalla|si)\s+)([A-ZÉÈ][^\W\d_]+)"), rf"\1{_SIGN}nom"),
)


def mask(text: str) -> str:
    """The text without links, addresses of mail, long numbers, identity cards and names that are introduced as such.

    A house number, an hour, a fare or the name of a place stays: they are what a question is about.
    """
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text
