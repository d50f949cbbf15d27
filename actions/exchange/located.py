"""XML and JSON read with the line on which each thing stands, and without the traps that such files may hold."""

import json
import json.decoder
import json.scanner
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax import ContentHandler, SAXParseException

from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

from actions.exchange.sheet import Problem

_MAX_DEPTH = 60


class Unreadable(ValueError):
    """A file that is not even well-formed."""

    def __init__(self, line: int | None, text: str) -> None:
        super().__init__(text)
        self.problem = Problem(line, text)


@dataclass(slots=True)
class Node:
    """An element of an XML file."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: "list[Node]" = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces).strip()

    def all(self, tag: str) -> "Iterator[Node]":
        return (child for child in self.children if child.tag == tag)

    def said(self, tag: str) -> str | None:
        """The text of the first child of this name; None without such a child."""
        return next((child.text for child in self.all(tag)), None)


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {}, 0)
        self.open = [self.root]
        self.locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 (the name is SAX's)
        self.locator = locator

    @property
    def line(self) -> int | None:
        return self.locator.getLineNumber() if self.locator else None

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        if len(self.open) > _MAX_DEPTH:
            raise Unreadable(self.line, f"elements stand more than {_MAX_DEPTH} deep; this is no programme")
        node = Node(name, dict(attrs.items()), self.line or 0)
        self.open[-1].children.append(node)
        self.open.append(node)

    def endElement(self, name: str) -> None:  # noqa: N802
        self.open.pop()

    def characters(self, content: str) -> None:
        self.open[-1].pieces.append(content)


def read_xml(data: bytes) -> Node:
    """The root element. Entities are refused: they can blow up a file or read others. Raises `Unreadable`."""
    builder = _Builder()
    try:
        parseString(data, builder)
    except DefusedXmlException as error:
        text = f"it defines entities or reads other files ({type(error).__name__}); export it without a DOCTYPE"
        raise Unreadable(builder.line, text) from None
    except SAXParseException as error:
        raise Unreadable(error.getLineNumber(), f"not well-formed XML: {error.getMessage()}; export it anew") from None
    except (ValueError, LookupError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(builder.line, f"XML that cannot be decoded: {error}; export it as UTF-8") from None
    return builder.root.children[0]


class Located(dict[str, Any]):
    """An object of a JSON file, with the line on which it begins."""

    line: int


class _Decoder(json.JSONDecoder):
    """A decoder that remembers where objects begin, by the scanner written in Python (the one in C tells nobody)."""

    def __init__(self, text: str) -> None:
        super().__init__(parse_constant=self._refuse)
        self._ends = [place for place, char in enumerate(text) if char == "\n"]
        self.parse_object = self._object
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]

    def _object(self, start: tuple[str, int], *rest: Any) -> tuple[Located, int]:
        values, end = json.decoder.JSONObject(start, *rest)  # type: ignore[attr-defined]
        found = Located(values)
        found.line = bisect_right(self._ends, start[1] - 1) + 1
        return found, end

    def _refuse(self, constant: str) -> Any:
        raise ValueError(f"{constant} is no JSON")


def read_json(text: str) -> Any:
    """The content, its objects as `Located`. Raises `Unreadable`."""
    try:
        return _Decoder(text).decode(text)
    except json.JSONDecodeError as error:
        raise Unreadable(error.lineno, f"not well-formed JSON: {error.msg}; export it anew") from None
    except RecursionError:
        raise Unreadable(None, "lists and objects stand too deep in each other; this is no programme") from None
    except ValueError as error:
        raise Unreadable(None, f"not JSON: {error}; export it anew") from None
