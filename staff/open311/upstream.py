"""A city's own back end that speaks GeoReport v2: what we send it and what it tells us. One call a function, no retries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import httpx

TIMEOUT_SECONDS = 20.0
_NOT_THE_REQUEST = frozenset({401, 402, 403, 405, 407, 408, 421, 423, 425, 426, 429})
"""Statuses that are about the key, the address or the hour, and not about what was sent: once that is mended it is taken."""
_NOT_FOUND = 404


class Trouble(StrEnum):
    """What a call that went wrong means for the request."""

    NOT_SENT = "not_sent"
    """It certainly did not arrive, or the back end would not listen to us at all: try again later."""
    UNCERTAIN = "uncertain"
    """Perhaps it arrived: look for it before sending it again."""
    REFUSED = "refused"
    """The back end has read it and will not take it: only a change of it, or of the back end, helps."""


class UpstreamFailed(Exception):
    """A call that did not succeed. The message is for operators and names no key."""

    def __init__(self, trouble: Trouble, reason: str) -> None:
        super().__init__(reason)
        self.trouble = trouble
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a back end answers to a new request: its number, or a token to ask for the number with."""

    number: str | None
    token: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """What a back end says of a request: `state` is the finer state that some tell beside open or closed."""

    number: str
    is_open: bool
    state: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """A request in the words of the specification. `marker` ends the description, so that it can be found again."""

    service_code: str
    description: str
    marker: str
    lat: float | None
    lon: float | None
    address: str
    answers: Mapping[str, str]
    media_url: str | None


@dataclass(frozen=True, slots=True)
class Upstream:
    """One back end. `name` stands in audit trails; `http` has its address as base URL."""

    name: str
    http: httpx.AsyncClient
    api_key: str
    jurisdiction: str

    @classmethod
    def at(cls, url: str, *, api_key: str, jurisdiction: str) -> "Upstream":
        """The back end at `url`, such as https://city.example/open311/v2."""
        http = httpx.AsyncClient(base_url=url.rstrip("/"), timeout=TIMEOUT_SECONDS)
        return cls(httpx.URL(url).host, http, api_key, jurisdiction)

    async def close(self) -> None:
        await self.http.aclose()

    async def file(self, report: Report) -> Receipt:
        """Sends a new request; raises `UpstreamFailed`."""
        fields = {
            "service_code": report.service_code,
            "description": f"{report.description}\n{report.marker}".strip(),
            "address_string": report.address,
            **({} if report.lat is None else {"lat": str(report.lat), "long": str(report.lon)}),
            **{f"attribute[{code}]": answer for code, answer in report.answers.items()},
            **({"media_url": report.media_url} if report.media_url else {}),
        }
        found = _only(await self._call("POST", "/requests.json", fields))
        number, token = found.get("service_request_id"), found.get("token")
        if not number and not token:
            raise UpstreamFailed(Trouble.UNCERTAIN, "answered without service_request_id and token")
        return Receipt(str(number) if number else None, str(token) if token else None)

    async def number_of(self, token: str) -> str | None:
        """The number behind a token; none while the back end has not given one."""
        number = _only(await self._call("GET", f"/tokens/{token}.json", {})).get("service_request_id")
        return str(number) if number else None

    async def find(self, service_code: str, marker: str, *, since: datetime) -> str | None:
        """The number of the request whose description ends with `marker`, if it arrived."""
        fields = {"service_code": service_code, "start_date": since.isoformat(timespec="seconds")}
        for found in _rows(await self._call("GET", "/requests.json", fields)):
            if marker in str(found.get("description") or ""):
                return str(found["service_request_id"])
        return None

    async def progress(self, numbers: Sequence[str]) -> list[Progress]:
        """What became of these requests."""
        fields = {"service_request_id": ",".join(numbers), "extensions": "true"}
        return [_progress(found) for found in _rows(await self._call("GET", "/requests.json", fields))]

    async def _call(self, method: str, path: str, fields: Mapping[str, str]) -> Any:
        wanted = {
            **fields,
            **({"api_key": self.api_key} if self.api_key else {}),
            **({"jurisdiction_id": self.jurisdiction} if self.jurisdiction else {}),
        }
        try:
            if method == "POST":
                answer = await self.http.post(path, data=wanted)
            else:
                answer = await self.http.get(path, params=wanted)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise UpstreamFailed(Trouble.NOT_SENT, f"no connection ({type(error).__name__})") from error
        except httpx.HTTPError as error:
            raise UpstreamFailed(Trouble.UNCERTAIN, f"no answer ({type(error).__name__})") from error
        if answer.status_code >= 400:
            reason = f"HTTP {answer.status_code}: {_description(answer)}".removesuffix(": ")
            raise UpstreamFailed(_trouble(answer), reason)
        try:
            return answer.json()
        except ValueError as error:
            raise UpstreamFailed(Trouble.UNCERTAIN, "the answer is not JSON") from error


def _trouble(answer: httpx.Response) -> Trouble:
    """What a status that is an error means for the request."""
    if answer.status_code >= 500:
        return Trouble.UNCERTAIN
    # The specification says 404 for an unknown service, and says so in words; without any it is a proxy, or a wrong address.
    misled = answer.status_code == _NOT_FOUND and not _description(answer)
    return Trouble.NOT_SENT if misled or answer.status_code in _NOT_THE_REQUEST else Trouble.REFUSED


def _rows(answer: Any) -> list[dict[str, Any]]:
    return (
        [row for row in answer if isinstance(row, dict) and row.get("service_request_id")]
        if isinstance(answer, list)
        else []
    )


def _only(answer: Any) -> dict[str, Any]:
    return answer[0] if isinstance(answer, list) and answer and isinstance(answer[0], dict) else {}


def _progress(found: Mapping[str, Any]) -> Progress:
    extended = found.get("extended_attributes")
    state = extended.get("state") if isinstance(extended, dict) else None
    note = found.get("status_notes")
    return Progress(
        number=str(found["service_request_id"]),
        is_open=str(found.get("status")).lower() != "closed",
        state=str(state) if state else None,
        note=str(note) if note else None,
    )


def _description(answer: httpx.Response) -> str:
    """What a back end says to explain an error, shortened."""
    try:
        return str(_only(answer.json()).get("description") or "")[:200]
    except ValueError:
        return ""
