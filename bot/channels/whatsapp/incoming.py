"""Twilio's webhook fields, and what they are in no channel's terms."""

from collections.abc import Mapping
from typing import Any

from actions.push_consent import word_of_consent
from actions.turn import Incoming
from bot.channels.phone import MAX_TEXT, storable
from bot.channels.whatsapp.media import Media
from bot.channels.whatsapp.templates import READ_WAITING

PREFIX = "whatsapp:"
_MAX_MEDIA = 10
_KEPT = frozenset(
    [
        "MessageSid",
        "From",
        "ExternalUserId",
        "MessageType",
        "Body",
        "NumMedia",
        "Latitude",
        "Longitude",
        "Label",
        "Address",
        "ButtonText",
        "ButtonPayload",
        "ListId",
        "ListTitle",
        "OptOutType",
    ]
)


def address_of(form: Mapping[str, Any]) -> str:
    """What a person is known by: the business-scoped id where Twilio gives one, else what they wrote from."""
    return str(form.get("ExternalUserId") or form.get("From", "")).removeprefix(PREFIX)


def album_of(form: Mapping[str, str]) -> str | None:
    """Photos sent together come as single messages that do not say so: those that come at one time are one album."""
    is_photo = form.get("MediaContentType0", "").startswith("image/") and form.get("MessageType") != "sticker"
    return "photos" if is_photo else None


def kept(form: Mapping[str, str]) -> dict[str, str]:
    """The fields that are stored: only what a turn may need, so no profile name."""
    media = {f"{name}{number}" for number in range(_MAX_MEDIA) for name in ("MediaUrl", "MediaContentType")}
    return {name: storable(value) for name, value in form.items() if value and (name in _KEPT or name in media)}


async def parse(raw: Mapping[str, Any], media: Media) -> Incoming | None:
    """The message; None for what needs no reply. Raises when a photo may be fetched later."""
    body = str(raw.get("Body") or "").strip()
    if raw.get("MessageType") == "reaction":
        return None
    opted = _opted(raw, body)
    if opted:
        return Incoming(choice=opted)
    payload = raw.get("ListId") or raw.get("ButtonPayload")
    if payload == READ_WAITING:
        return None  # The message that waited is the answer.
    if payload:
        return Incoming(choice=str(payload)[:200])
    location = _location(raw)
    if location:
        return Incoming(location=location)
    if raw.get("MediaUrl0"):
        return await media.incoming(
            str(raw["MediaUrl0"]), str(raw.get("MediaContentType0") or ""), raw, address_of(raw)
        )
    text = body or str(raw.get("ButtonText") or raw.get("ListTitle") or "")
    return Incoming(text=text[:MAX_TEXT]) if text else Incoming(other=str(raw.get("MessageType") or "unknown"))


def _opted(raw: Mapping[str, Any], body: str) -> str | None:
    """Whether the whole message is one of the words that every WhatsApp service has to obey."""
    return word_of_consent(str(raw.get("OptOutType") or body))


def _location(raw: Mapping[str, Any]) -> tuple[float, float] | None:
    try:
        lat, lon = float(raw["Latitude"]), float(raw["Longitude"])
    except (KeyError, TypeError, ValueError):
        return None
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None
