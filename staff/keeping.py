"""What somebody typed into a form that could not be taken, because their session had ended: their browser keeps it.

The form travels through the page that asks for the password and comes back as a page with one button that sends it again.
Nothing of it is stored, and nothing happens before that button, which carries the token of the new session.
"""

import json
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request

FIELD = "kept"
HOME = "/staff"
_OURS = frozenset({"csrf", FIELD})
_SECRET = frozenset({"password", "old", "new", "code", "secret"})
"""A password is asked for again; it is not written into a page."""
_NOT_TYPED = frozenset({"base", "seen", "filter"})
"""What a page puts into its form for itself."""
_DOORS = ("/staff/login", "/staff/logout", "/staff/enter")
_MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Kept:
    """A form: where it was going, the page it stood on, and what was in it."""

    action: str
    page: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, request: Request, form: FormData) -> Self | None:
        """The form of a request; None where nothing was typed that somebody could miss."""
        fields = tuple((name, text) for name, text in form.multi_items() if name not in _OURS and isinstance(text, str))
        if _SECRET & form.keys() or not any(text.strip() for name, text in fields if name not in _NOT_TYPED):
            return None
        return cls(inside(request.url.path), inside(request.headers.get("referer", "")), fields)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What `written` wrote; None for anything else that a form may hold."""
        try:
            found: Any = json.loads(text)
            fields = tuple((str(name), str(value)) for name, value in found["fields"])
            return cls(inside(str(found["action"])), inside(str(found["page"])), fields)
        except (ValueError, TypeError, KeyError):
            return None

    @property
    def written(self) -> str:
        return json.dumps({"action": self.action, "page": self.page, "fields": self.fields}, ensure_ascii=False)

    @property
    def texts(self) -> list[str]:
        """What was typed, as far as it reads like words, so that people know their own form again."""
        texts = (text.strip() for name, text in self.fields if name not in _NOT_TYPED)
        return [text for text in dict.fromkeys(texts) if len(text) > 1 and any(map(str.isalpha, text))][:_MOST_SHOWN]


def inside(address: str) -> str:
    """The part of an address that may be gone to after signing in: a page of the desk and nothing else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return HOME
    path = parts.path
    if not (path == HOME or path.startswith(f"{HOME}/")) or path.startswith(_DOORS) or "\\" in address:
        return HOME
    return f"{path}?{parts.query}" if parts.query else path
