"""Text within WhatsApp's limits: its formatting signs made harmless, its lengths counted, long texts cut at paragraphs."""

import re
import unicodedata

RLM, LRI, PDI = "\u200f", "\u2066", "\u2069"
_MARKS = dict.fromkeys(map(ord, (RLM, LRI, PDI)))
_LOOKALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
_SIGNS = re.compile(r"(?<![^\W_])[*_~`]+|[*_~`]+(?![^\W_])")
"""Signs at the edge of a word; within one (`a_b`, `2*3`) they mean nothing to WhatsApp."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
_QUOTE = re.compile(r"^([\u200f\u2066]*)>(?= )", re.MULTILINE)
_SENTENCE_ENDS = (". ", "! ", "? ", "؟ ", "… ", "؛ ", "، ")
_EARLIEST_BREAK = 0.25
"""A break is taken when at least this share of the limit comes before it; otherwise a weaker kind of break is looked for."""


def size(text: str) -> int:
    """Length in UTF-16 units, the larger of the two ways in which WhatsApp and Twilio may count."""
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def plain(text: str) -> str:
    """The text with nothing in it that WhatsApp would show as bold, italic, struck, code or a quotation.

    WhatsApp has no escape, so a sign that could open or close such a stretch becomes its look-alike. Addresses stay.
    """
    return _QUOTE.sub(r"\1›", "\n".join(_plain_line(line) for line in text.split("\n")))


def _plain_line(line: str) -> str:
    pieces: list[str] = []
    last = 0
    for address in _ADDRESS.finditer(line):
        pieces += [line[last : address.start()], address.group()]
        last = address.end()
    pieces.append(line[last:])
    signs = "".join(sign for words in pieces[::2] for sign in _SIGNS.findall(words))
    pairs = {ord(sign): other for sign, other in _LOOKALIKES.items() if signs.count(sign) > 1}
    pieces[::2] = [_SIGNS.sub(lambda found: found.group().translate(pairs), words) for words in pieces[::2]]
    return "".join(pieces)


def title(label: str, limit: int) -> str | None:
    """A button's words within `limit`, without direction marks where they do not fit; None where the words do not."""
    label = label.removeprefix(RLM).strip()
    if size(label) > limit:
        label = label.translate(_MARKS)
    return label if 0 < size(label) <= limit else None


def one_line(text: str) -> str:
    """The text as a variable of an approved template may hold it: no line breaks, no runs of spaces."""
    return " ".join(line.removeprefix(RLM).strip() for line in text.split("\n") if line.strip(RLM + " "))


def split(text: str, limit: int) -> list[str]:
    """The text in pieces of at most `limit`, cut between paragraphs, else lines, sentences, words, letters."""
    pieces: list[str] = []
    while size(text) > limit:
        head, text = _first_piece(text, limit)
        pieces.append(head)
    return [*pieces, text] if text.strip() else pieces


def _first_piece(text: str, limit: int) -> tuple[str, str]:
    fitting = _prefix(text, limit - 2)  # Room for a mark at each end.
    earliest = int(len(fitting) * _EARLIEST_BREAK)
    for separators in (("\n\n",), ("\n",), _SENTENCE_ENDS, (" ",)):
        cut = max(_after_last(fitting, separator) for separator in separators)
        if cut > earliest:
            return _mended(text, cut)
    return _mended(text, _between_letters(text, len(fitting)))


def _after_last(text: str, separator: str) -> int:
    """The position behind the last separator; 0 where there is none."""
    position = text.rfind(separator)
    return position + len(separator) if position >= 0 else 0


def _prefix(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` units."""
    end = min(len(text), limit)
    while size(text[:end]) > limit:
        end -= 1
    return text[:end]


def _between_letters(text: str, cut: int) -> int:
    """A cut that leaves an accent with its letter and an emoji in one piece."""
    for earlier in range(cut, max(1, cut - 30), -1):
        joins = text[earlier] in "\u200d\ufe0f" or text[earlier - 1] == "\u200d" or unicodedata.combining(text[earlier])
        if not joins and not 0x1F3FB <= ord(text[earlier]) <= 0x1F3FF:
            return earlier
    return cut


def _mended(text: str, cut: int) -> tuple[str, str]:
    """Both sides of a cut, each with its isolate closed and its direction marked."""
    head, rest = text[:cut].rstrip(), text[cut:].lstrip()
    line = head.rpartition("\n")[2]
    inside = head.count(LRI) > head.count(PDI)
    if inside:
        head, rest = head + PDI, LRI + rest
    if line.startswith(RLM) and not text[:cut].endswith("\n") and not rest.startswith(RLM):
        rest = RLM + rest
    return head, rest
