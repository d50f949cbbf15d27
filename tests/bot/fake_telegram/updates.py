"""The updates that people cause, in the shape of Telegram's own."""

import time
from collections.abc import Mapping
from typing import Any

BOT_ID = 7_000_000_001
BOT_NAME = "SalamCasaBot"
Json = dict[str, Any]


def user(id_: int, language: str | None = "fr") -> Json:
    person: Json = {"id": id_, "is_bot": False, "first_name": "Samira"}
    return person | ({"language_code": language} if language else {})


def bot() -> Json:
    return {"id": BOT_ID, "is_bot": True, "first_name": "Salam Casa", "username": BOT_NAME}


def chat(id_: int) -> Json:
    if id_ > 0:
        return {"id": id_, "type": "private", "first_name": "Samira"}
    return {"id": id_, "type": "supergroup", "title": "Voisins de Sbata"}


def message(chat_id: int, message_id: int, *, sender: int | None = None, **content: Any) -> Json:
    """`content`: the fields of a message. Commands and mentions at word borders get their entities."""
    fields: Json = {
        "message_id": message_id,
        "date": int(time.time()),
        "chat": chat(chat_id),
        "from": user(sender or abs(chat_id), content.pop("language", "fr")),
    }
    for name in ("text", "caption"):
        marks = entities(str(content.get(name, "")))
        if marks:
            fields["entities" if name == "text" else "caption_entities"] = marks
    return fields | content


def entities(text: str) -> list[Json]:
    """Commands and mentions, at offsets in UTF-16 units as Telegram counts."""
    found: list[Json] = []
    position = 0
    for word in text.split(" "):
        kind = {"/": "bot_command", "@": "mention"}.get(word[:1])
        if kind and len(word) > 1:
            found.append({"type": kind, "offset": _units(text[:position]), "length": _units(word)})
        position += len(word) + 1
    return found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def tap(
    chat_id: int, query_id: str, data: str, *, sender: int | None = None, under: Mapping[str, Any] | None = None
) -> Json:
    """A tap on an inline button; `under` is the message it belongs to, None when it is too old to be known."""
    gone = {"chat": chat(chat_id), "message_id": 1, "date": 0}
    return {
        "id": query_id,
        "from": user(sender or abs(chat_id)),
        "chat_instance": "1",
        "data": data,
        "message": dict(under) if under else gone,
    }


def photo(file_id: str, size: int) -> list[Json]:
    return [
        {
            "file_id": f"{file_id}-small",
            "file_unique_id": f"{file_id}-s",
            "width": 90,
            "height": 67,
            "file_size": 1_000,
        },
        {"file_id": file_id, "file_unique_id": f"{file_id}-u", "width": 1280, "height": 960, "file_size": size},
    ]
