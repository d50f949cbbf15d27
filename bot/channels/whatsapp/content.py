"""Templates at Twilio: found, compared with what the assistant wants, made through the Content API."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from bot.channels.whatsapp.api import TooManyRequests
from bot.channels.whatsapp.templates import Template
from store.whatsapp import USABLE, KnownTemplate

READY = "ready"
_MOST = 1_000
_UNASKED = "unsubmitted"


@dataclass(frozen=True, slots=True)
class Found:
    """One version of a template at Twilio."""

    sid: str
    status: str
    matches: bool
    """Whether it is word for word what the assistant wants."""
    reason: str = ""
    """Why WhatsApp rejected it."""

    @property
    def is_usable(self) -> bool:
        return self.status in USABLE


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one wanted template: the version in use and what stands in the way."""

    name: str
    sid: str | None
    status: str
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Inventory:
    """All wanted templates and their versions at Twilio."""

    wanted: Sequence[Template]
    found: Mapping[str, Sequence[Found]]

    def in_use(self, template: Template) -> Found | None:
        """The right version if it may be sent, else an older one that may, else whatever is there."""
        versions = self.found.get(template.name, ())
        return max(versions, key=lambda found: (found.is_usable, found.matches), default=None)

    def matching(self, template: Template) -> Found | None:
        return next((found for found in self.found.get(template.name, ()) if found.matches), None)

    def known(self) -> dict[str, KnownTemplate]:
        """What the channel may look up, by name."""
        in_use = {template.name: self.in_use(template) for template in self.wanted}
        return {name: KnownTemplate(found.sid, found.status) for name, found in in_use.items() if found}

    def lines(self) -> list[Line]:
        return [self._line(template) for template in self.wanted]

    def _line(self, template: Template) -> Line:
        used, right = self.in_use(template), self.matching(template)
        if used is None:
            return Line(template.name, None, "missing", "not at Twilio: casa whatsapp templates create")
        if right is None:
            return Line(template.name, used.sid, used.status, "says something else: casa whatsapp templates create")
        if right.status == "rejected":
            reason = f" ({right.reason})" if right.reason else ""
            return Line(template.name, used.sid, right.status, f"rejected by WhatsApp{reason}: change its words")
        if right.status == _UNASKED:
            return Line(template.name, used.sid, right.status, "not sent for approval: casa whatsapp templates create")
        return Line(template.name, used.sid, right.status)


async def take_inventory(client: Client, wanted: Sequence[Template]) -> Inventory:
    """Looks through all templates of the account. Raises Twilio's errors."""
    by_name = {template.name: template for template in wanted}
    found: dict[str, list[Found]] = {}
    for item in await client.content.v1.content_and_approvals.list_async(limit=_MOST):
        template = by_name.get(str(item.friendly_name))
        if template is None:
            continue
        approval = item.approval_requests or {}
        status = str(approval.get("status") or _UNASKED) if template.needs_approval else READY
        matches = _essence(item.types) == _essence(template.types) and item.language == template.language
        reason = str(approval.get("rejection_reason") or "")
        found.setdefault(template.name, []).append(Found(str(item.sid), status, matches, reason))
    return Inventory(wanted, found)


async def create_missing(
    client: Client, inventory: Inventory, *, ask_approval: bool, tell: Callable[[str], None]
) -> list[str]:
    """Makes what is missing or says something else, asks for approval; the problems met. Goes on after each."""
    problems: list[str] = []
    for template in inventory.wanted:
        right = inventory.matching(template)
        try:
            sid = right.sid if right else await _create(client, template)
            if right is None:
                tell(f"{template.name}: made as {sid}")
            if template.needs_approval and ask_approval and (right is None or right.status == _UNASKED):
                await _ask_approval(client, sid, template)
                tell(f"{template.name}: sent to WhatsApp for approval as {template.approval_name}")
            if not template.needs_approval:
                for old in inventory.found.get(template.name, ()):
                    if not old.matches:
                        await client.content.v1.contents(old.sid).delete_async()
                        tell(f"{template.name}: {old.sid} deleted, it said something else")
        except TooManyRequests:
            problems.append(f"{template.name}: too many requests; run it again in a minute")
        except TwilioException as error:
            problems.append(f"{template.name}: {getattr(error, 'msg', None) or error}")
    return problems


async def _create(client: Client, template: Template) -> str:
    request = ContentList.ContentCreateRequest(
        {
            "friendly_name": template.name,
            "language": template.language,
            "variables": dict(template.sample),
            "types": dict(template.types),
        }
    )
    created = await client.content.v1.contents.create_async(request)
    return str(created.sid)


async def _ask_approval(client: Client, sid: str, template: Template) -> None:
    request = ApprovalCreateList.ContentApprovalRequest({"name": template.approval_name, "category": "UTILITY"})
    await client.content.v1.contents(sid).approval_create.create_async(request)


def _essence(value: Any) -> Any:
    """A template without what Twilio adds by itself: empty fields, and the type of a quick reply."""
    if isinstance(value, Mapping):
        return {name: _essence(inner) for name, inner in value.items() if inner not in (None, "") and name != "type"}
    if isinstance(value, list | tuple):
        return [_essence(inner) for inner in value]
    return value
