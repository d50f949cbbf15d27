"""The "and", "also", "there is" with which people go on from one problem to the next."""

from actions.requests.words import ReportWords
from nlu.text import Word, words

_LONGEST, _SHORTEST_PREFIXED = 3, 3


def is_prefixed(word: str, said: ReportWords) -> bool:
    """Whether the "and" of Arabic letters stands in front of a word."""
    return len(word) > _SHORTEST_PREFIXED and said.and_prefix.are_all_of(word[0])


def is_linked(text: str, said: ReportWords) -> bool:
    """Whether a message goes on from something: it begins with an "and", or has an "also" in it."""
    first = next((word.text for word in words(text)), "")
    return said.besides.are_in(text) or is_prefixed(first, said) or behind_links(text, said) != text


def behind_links(text: str, said: ReportWords) -> str:
    """The text without the links that it begins with."""
    typed = words(text)
    start = 0
    while start < len(typed):
        length = next((n for n in range(_LONGEST, 0, -1) if _is_link(text, typed[start : start + n], said)), 0)
        if not length:
            break
        start += length
    return (text[typed[start].start :] if start < len(typed) else "") if start else text


def _is_link(text: str, typed: tuple[Word, ...], said: ReportWords) -> bool:
    first = text[typed[0].start : typed[-1].end]
    bare = first[1:] if said.and_prefix.are_all_of(first[0]) else first
    return any(links.are_all_of(link) for links in (said.joins, said.besides) for link in (first, bare) if link)
