"""What GeoReport v2 says of services and requests, as plain data. Field names are the specification's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.desk import Desk
from actions.places import name_of
from actions.requests.categories import Category
from actions.requests.life import OPEN, RequestState
from actions.texts import Texts
from nlu.times import CASABLANCA
from nlu.understanding import Language
from store.tables import RequestEventRow, ServiceRequestRow

CHANGESET = "2026-11-25T00:00:00+01:00"
"""When the interface or its list of services last changed."""
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
KEYWORD_LANGUAGES = (Language.FRENCH, Language.DARIJA, Language.DARIJA_LATIN)
ROUNDED_DIGITS = 3
"""Of coordinates in the public feed: about 100 m, so that no front door is named."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: in which language, and whether with a key, which shows words and exact places."""

    language: Language
    trusted: bool
    extensions: bool


def discovery(url: str, *, contact: str, production: bool) -> dict[str, Any]:
    """Where the interface is and what it speaks."""
    return {
        "changeset": CHANGESET,
        "contact": contact,
        "key_service": contact,
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": CHANGESET,
                "type": "production" if production else "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


def service(desk: Desk, category: Category, language: Language) -> dict[str, Any]:
    """A category as the specification's service."""
    labels = dict.fromkeys(desk.knowledge.label(category.intent, spoken) for spoken in KEYWORD_LANGUAGES)
    return {
        "service_code": category.code,
        "service_name": desk.knowledge.label(category.intent, language),
        "description": desk.knowledge.phrase(category.intent, language),
        "metadata": bool(category.questions),
        "type": "realtime",
        "keywords": ",".join(label.replace(",", " ").replace("،", " ") for label in labels),
        "group": category.group,
    }


def definition(category: Category, language: Language) -> dict[str, Any]:
    """The extra questions of a category; all may be left out."""
    attributes = []
    for order, question in enumerate(category.questions, start=1):
        attribute: dict[str, Any] = {
            "variable": True,
            "code": question.id,
            "datatype": "singlevaluelist" if question.choices else "string",
            "required": False,
            "datatype_description": None,
            "order": order,
            "description": question.ask[language],
        }
        if question.choices:
            attribute["values"] = [{"key": key, "name": labels[language]} for key, labels in question.choices.items()]
        attributes.append(attribute)
    return {"service_code": category.code, "attributes": attributes}


def request(
    desk: Desk, row: ServiceRequestRow, reader: Reader, *, note: str | None, photo_url: str | None
) -> dict[str, Any]:
    """A service request as `reader` may see it: words and photo once staff have read them, or with a key."""
    shown = reader.trusted or row.moderated_at is not None
    category = desk.category(row)
    found: dict[str, Any] = {
        "service_request_id": row.number,
        "status": "open" if RequestState(row.status) in OPEN else "closed",
        "status_notes": note if shown else None,
        "service_name": desk.knowledge.label(row.category, reader.language),
        "service_code": category.code,
        "description": row.description if shown else None,
        "agency_responsible": row.body,
        "service_notice": category.deadline.said[reader.language] if category.deadline else None,
        "requested_datetime": moment(row.created_at),
        "updated_datetime": moment(row.updated_at),
        "expected_datetime": moment(row.due_at),
        "address": _address(desk, row, reader, shown=shown),
        "address_id": None,
        "zipcode": None,
        "lat": _coordinate(row.lat, reader),
        "long": _coordinate(row.lon, reader),
        "media_url": photo_url if shown else None,
    }
    if reader.extensions:
        found["extended_attributes"] = {"state": row.status, "supporters": row.supporters}
    return found


def update(row: ServiceRequestRow, event: RequestEventRow, reader: Reader, texts: Texts) -> dict[str, Any]:
    """One step in the life of a request, as FixMyStreet's extension of the specification has it."""
    shown = reader.trusted or row.moderated_at is not None
    state = event.to_status or row.status
    said = event.note if event.public and shown else None
    return {
        "update_id": str(event.id),
        "service_request_id": row.number,
        "status": state,
        "updated_datetime": moment(event.at),
        "description": said or texts.text(f"request.state.{state}", reader.language),
        "media_url": None,
    }


def filed(row: ServiceRequestRow, notice: str | None) -> dict[str, Any]:
    return {"service_request_id": row.number, "service_notice": notice, "account_id": None}


def filed_with_token(token: str, notice: str | None) -> dict[str, Any]:
    return {"token": token, "service_notice": notice, "account_id": None}


def moment(value: datetime | None) -> str | None:
    """A time with Casablanca's offset, to the second."""
    return value.astimezone(CASABLANCA).isoformat(timespec="seconds") if value else None


def by_code(categories: Mapping[str, Category]) -> dict[str, Category]:
    """Categories by their service code."""
    return {category.code: category for category in categories.values()}


def _coordinate(value: float | None, reader: Reader) -> float | None:
    return value if value is None or reader.trusted else round(value, ROUNDED_DIGITS)


def _address(desk: Desk, row: ServiceRequestRow, reader: Reader, *, shown: bool) -> str | None:
    """The place in the person's words once they may be read, else the arrondissement."""
    area = name_of(desk.city.place(row.arrondissement), reader.language) if row.arrondissement else None
    if not shown or not row.place_text:
        return area
    return f"{row.place_text} ({area})" if area else row.place_text
