"""The interface described in OpenAPI 3.1, served at `/open311/v2/openapi.json`; contract tests run on it."""

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE: dict[str, Any] = {"type": ["string", "null"]}
_DEGREES: dict[str, Any] = {"type": ["number", "null"]}


def _object(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_ERROR = _list(_object({"code": _TEXT, "description": _TEXT}))
_SERVICE = _object(
    {
        "service_code": _TEXT,
        "service_name": _TEXT,
        "description": _TEXT,
        "metadata": {"type": "boolean"},
        "type": {"enum": ["realtime", "batch", "blackbox"]},
        "keywords": _TEXT,
        "group": _TEXT,
    }
)
_ATTRIBUTE = _object(
    {
        "variable": {"type": "boolean"},
        "code": _TEXT,
        "datatype": {"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
        "required": {"type": "boolean"},
        "datatype_description": _MAYBE,
        "order": {"type": "integer", "minimum": 1},
        "description": _TEXT,
        "values": _list(_object({"key": _TEXT, "name": _TEXT})),
    },
    "values",
)
_REQUEST = _object(
    {
        "service_request_id": _TEXT,
        "status": {"enum": ["open", "closed"]},
        "status_notes": _MAYBE,
        "service_name": _TEXT,
        "service_code": _TEXT,
        "description": _MAYBE,
        "agency_responsible": _MAYBE,
        "service_notice": _MAYBE,
        "requested_datetime": _TEXT,
        "updated_datetime": _TEXT,
        "expected_datetime": _MAYBE,
        "address": _MAYBE,
        "address_id": _MAYBE,
        "zipcode": _MAYBE,
        "lat": _DEGREES,
        "long": _DEGREES,
        "media_url": _MAYBE,
        "extended_attributes": _object({"state": _TEXT, "supporters": {"type": "integer"}}),
    },
    "extended_attributes",
)
_FILED = _object(
    {"service_request_id": _TEXT, "token": _TEXT, "service_notice": _MAYBE, "account_id": _MAYBE},
    "service_request_id",
    "token",
)
_UPDATE = _object(
    {
        "update_id": _TEXT,
        "service_request_id": _TEXT,
        "status": _TEXT,
        "updated_datetime": _TEXT,
        "description": _TEXT,
        "media_url": _MAYBE,
    }
)
_DISCOVERY = _object(
    {
        "changeset": _TEXT,
        "contact": _TEXT,
        "key_service": _TEXT,
        "endpoints": _list(
            _object(
                {
                    "specification": _TEXT,
                    "url": _TEXT,
                    "changeset": _TEXT,
                    "type": {"enum": ["production", "test"]},
                    "formats": _list(_TEXT),
                }
            )
        ),
    }
)

_W3C = (
    r"^$|^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]))?$"
)


def _one_of(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern}


_COMMON = [("jurisdiction_id", _TEXT), ("locale", _TEXT), ("api_key", _TEXT)]
_SPAN = [
    ("start_date", _one_of(_W3C)),
    ("end_date", _one_of(_W3C)),
    ("page", _one_of("^[1-9][0-9]{0,5}$|^$")),
    ("page_size", _one_of("^[1-9][0-9]{0,2}$|^1000$|^$")),
]
_REFUSALS = ("400", "403", "404")


def describe(url: str) -> dict[str, Any]:
    """The description of the interface at `url`."""
    paths: dict[str, Any] = {}
    for notation in ("json", "xml"):
        paths[f"/discovery.{notation}"] = {"get": _reading("Discovery", _DISCOVERY, notation)}
        paths[f"/services.{notation}"] = {"get": _reading("Services", _list(_SERVICE), notation)}
        paths[f"/services/{{service_code}}.{notation}"] = {
            "get": _reading(
                "The extra questions of a service",
                _object({"service_code": _TEXT, "attributes": _list(_ATTRIBUTE)}),
                notation,
                path="service_code",
            )
        }
        paths[f"/requests.{notation}"] = {
            "get": _reading(
                "Requests, the newest first",
                _list(_REQUEST),
                notation,
                ("service_request_id", _TEXT),
                ("service_code", _TEXT),
                ("status", _one_of("^(open|closed|open,closed)?$")),
                ("extensions", _TEXT),
                *_SPAN,
            ),
            "post": _filing(notation),
        }
        paths[f"/requests/{{service_request_id}}.{notation}"] = {
            "get": _reading("One request", _list(_REQUEST), notation, path="service_request_id")
        }
        paths[f"/tokens/{{token}}.{notation}"] = {
            "get": _reading(
                "The request behind a token",
                _list(_object({"service_request_id": _TEXT, "token": _TEXT})),
                notation,
                path="token",
            )
        }
        paths[f"/servicerequestupdates.{notation}"] = {
            "get": _reading(
                "What happened to requests, the oldest first",
                _list(_UPDATE),
                notation,
                ("service_request_id", _TEXT),
                *_SPAN,
            )
        }
    paths["/photos/{reference}"] = {"get": _photo()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Salam Casa, Open311 GeoReport v2", "version": "2"},
        "servers": [{"url": url}],
        "paths": paths,
    }


def _reading(
    summary: str,
    schema: dict[str, Any],
    notation: str,
    *fields: tuple[str, dict[str, Any]],
    path: str | None = None,
) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "query", "required": False, "schema": kind} for name, kind in (*_COMMON, *fields)
    ]
    if path:
        parameters.append({"name": path, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}})
    return {"summary": summary, "parameters": parameters, "responses": _responses("200", schema, notation)}


def _photo() -> dict[str, Any]:
    where = {"name": "reference", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    return {
        "summary": "The photo behind a media_url",
        "parameters": [where],
        "responses": {
            "200": {"description": "the photo", "content": {"image/jpeg": {}}},
            "404": {"description": "unknown, or deleted"},
        },
    }


def _filing(notation: str) -> dict[str, Any]:
    form = {
        "type": "object",
        "properties": {
            "api_key": _TEXT,
            "service_code": _TEXT,
            "jurisdiction_id": _TEXT,
            "lat": {"type": "string"},
            "long": {"type": "string"},
            "address_string": _TEXT,
            "address_id": _TEXT,
            "description": {"type": "string", "maxLength": 4_000},
            "media_url": _TEXT,
            "locale": _TEXT,
        },
        "required": ["service_code"],
    }
    return {
        "summary": "File a request; one of lat with long, address_string or address_id says where",
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": _responses("201", _list(_FILED), notation),
    }


def _responses(status: str, schema: dict[str, Any], notation: str) -> dict[str, Any]:
    """XML has the same content in elements of the same names; only its media type is described."""

    def content(kind: dict[str, Any]) -> dict[str, Any]:
        return {"application/json": {"schema": kind}} if notation == "json" else {"text/xml": {}}

    refused = {code: {"description": "refused", "content": content(_ERROR)} for code in _REFUSALS}
    return {status: {"description": "done", "content": content(schema)}, **refused}
