"""Requests as files that other programs read: CSV and GeoJSON. Nothing in them leads to a person's phone."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from actions import spreadsheet
from actions.desk import Desk
from actions.requests.life import OPEN
from nlu.times import CASABLANCA
from store.tables import ServiceRequestRow

COLUMNS = (
    "number",
    "state",
    "state_since",
    "category",
    "code",
    "description",
    "place",
    "arrondissement",
    "lat",
    "lon",
    "answers",
    "photos",
    "supporters",
    "body",
    "assignee",
    "received",
    "due",
    "days_left",
    "external_id",
)


def as_record(desk: Desk, row: ServiceRequestRow, *, now: datetime) -> dict[str, Any]:
    """One request as plain values; times are Casablanca's, in ISO 8601."""
    return {
        "number": row.number,
        "state": row.status,
        "state_since": _moment(row.status_since),
        "category": row.category.removeprefix("report/"),
        "code": desk.category(row).code,
        "description": row.description,
        "place": row.place_text,
        "arrondissement": row.arrondissement,
        "lat": row.lat,
        "lon": row.lon,
        "answers": dict(row.answers),
        "photos": list(row.photos),
        "supporters": row.supporters,
        "body": row.body,
        "assignee": row.assignee,
        "received": _moment(row.created_at),
        "due": _moment(row.due_at) if row.due_at else None,
        "days_left": days_left(row, now=now),
        "external_id": row.external_id,
    }


def days_left(row: ServiceRequestRow, *, now: datetime) -> float | None:
    """Days to the deadline, negative when it has passed; None without one, or when nobody has to act any more."""
    if row.due_at is None or row.status not in OPEN:
        return None
    return round((row.due_at - now).total_seconds() / 86_400, 1)


def as_csv(records: Sequence[Mapping[str, Any]]) -> str:
    """A table that spreadsheets open."""
    return spreadsheet.as_csv(COLUMNS, ([_cell(record[column]) for column in COLUMNS] for record in records))


def as_geojson(records: Sequence[Mapping[str, Any]]) -> str:
    """A FeatureCollection (RFC 7946); a request whose position is not known has no geometry."""
    features = [
        {
            "type": "Feature",
            "id": record["number"],
            "geometry": {"type": "Point", "coordinates": [record["lon"], record["lat"]]}
            if record["lat"] is not None and record["lon"] is not None
            else None,
            "properties": {key: value for key, value in record.items() if key not in ("lat", "lon")},
        }
        for record in records
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1)


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {answer}" for key, answer in value.items())
    return " ".join(str(item) for item in value) if isinstance(value, list) else value


def _moment(moment: datetime) -> str:
    return moment.astimezone(CASABLANCA).isoformat(timespec="minutes")
