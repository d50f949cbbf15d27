"""Buttons within Telegram's limits: rows that leave long words readable, data of at most 64 bytes."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from telegram.constants import InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit

from bot.channels.whatsapp.formatting import LRI, PDI, RLM

Json = dict[str, Any]
Choices = Sequence[Mapping[str, str]]

_IN_A_ROW = 3
_LETTERS_IN_A_ROW = 30
"""What a small phone shows in a row without cutting words."""
_HASHED = "#"
_HASH_SIGNS = 20
_MARKS = dict.fromkeys(map(ord, (RLM, LRI, PDI)))


def rows_of(labels: Sequence[str]) -> list[list[int]]:
    """Positions of the buttons, row by row: short ones side by side, a long one alone, a hundred at most."""
    rows: list[list[int]] = []
    room = 0
    for position, label in enumerate(labels[: InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER]):
        size = max(len(label.translate(_MARKS)), _LETTERS_IN_A_ROW // _IN_A_ROW)
        if rows and size <= room and len(rows[-1]) < _IN_A_ROW:
            # All buttons of a row are equally wide, so the longest one decides.
            widest = max(size, *(len(labels[other].translate(_MARKS)) for other in rows[-1]))
            if widest * (len(rows[-1]) + 1) <= _LETTERS_IN_A_ROW:
                rows[-1].append(position)
                room -= size
                continue
        rows.append([position])
        room = _LETTERS_IN_A_ROW - size
    return rows


def inline(choices: Choices) -> Json:
    """A keyboard under a message."""
    buttons = [{"text": choice["label"], "callback_data": data_of(choice["payload"])} for choice in choices]
    return {
        "inline_keyboard": [[buttons[at] for at in row] for row in rows_of([choice["label"] for choice in choices])]
    }


def with_location(share: str, choices: Choices) -> Json:
    """A keyboard in place of the letters: one button shares the location, the others write their words."""
    labels = [choice["label"] for choice in choices]
    rows: list[list[Json]] = [[{"text": share, "request_location": True}]]
    rows += [[{"text": labels[at]} for at in row] for row in rows_of(labels)]
    return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}


def data_of(payload: str) -> str:
    """The payload, or where it is longer than 64 bytes its hash: a tap on that one counts as its words being written."""
    if len(payload.encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA and not payload.startswith(_HASHED):
        return payload
    return _HASHED + hashlib.sha256(payload.encode()).hexdigest()[:_HASH_SIGNS]


def label_of(data: str, message: Mapping[str, Any]) -> str | None:
    """The words of the button with this data in the message it stands under; None where Telegram no longer knows them."""
    keyboard = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    return next(
        (str(button["text"]) for row in keyboard for button in row if button.get("callback_data") == data), None
    )


def is_hashed(data: str) -> bool:
    return data.startswith(_HASHED)
