"""Every address of the desk, what serves it, and who may enter: the one place for access rules."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from staff.pages import (
    account,
    broadcasts,
    conversations,
    figures,
    home,
    journal,
    notices,
    queue,
    signing,
)
from staff.pages.faq import editor, listing, publishing, trial
from staff.pages.requests import listing as request_list
from staff.pages.requests import single as request
from staff.roles import AGENTS, EDITORS, NOBODY_YET, STAFF, SUPERVISORS, Role, Who
from staff.visit import Visit

Handler = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """One address. `who` may enter; empty means that it is open before signing in. What a POST does goes into the audit log."""

    method: str
    path: str
    handler: Handler
    who: Who

    @property
    def name(self) -> str:
        """How the audit log calls it: `account.password`; pages of one subject in several files bear the subject's name."""
        subject = self.handler.__module__.removeprefix("staff.pages.").partition(".")[0]
        return f"{subject}.{self.handler.__name__}"


PAGES: tuple[Page, ...] = (
    Page("GET", "/staff/login", signing.ask, NOBODY_YET),
    Page("POST", "/staff/login", signing.sign_in, NOBODY_YET),
    Page("GET", "/staff/enter/{token}", signing.offer_link, NOBODY_YET),
    Page("POST", "/staff/enter/{token}", signing.take_link, NOBODY_YET),
    Page("POST", "/staff/logout", signing.sign_out, STAFF),
    Page("GET", "/staff", home.show, STAFF),
    Page("GET", "/staff/account", account.show, STAFF),
    Page("POST", "/staff/account/language", account.language, STAFF),
    Page("POST", "/staff/account/password", account.password, STAFF),
    Page("POST", "/staff/account/codes", account.codes, STAFF),
    Page("GET", "/staff/conversations", conversations.index, AGENTS),
    Page("GET", "/staff/conversations/{id}", conversations.show, AGENTS),
    Page("GET", "/staff/conversations/{id}/messages", conversations.messages, AGENTS),
    Page("GET", "/staff/conversations/{id}/voices/{reference}", conversations.voice, AGENTS),
    Page("POST", "/staff/conversations/{id}/take", conversations.take, AGENTS),
    Page("POST", "/staff/conversations/{id}/answer", conversations.answer, AGENTS),
    Page("POST", "/staff/conversations/{id}/back", conversations.give_back, AGENTS),
    Page("GET", "/staff/requests", request_list.index, AGENTS),
    Page("POST", "/staff/requests/bulk", request_list.bulk, AGENTS),
    Page("GET", "/staff/requests.csv", request_list.export_csv, AGENTS),
    Page("GET", "/staff/requests.geojson", request_list.export_geojson, AGENTS),
    Page("GET", "/staff/requests/{number}", request.show, AGENTS),
    Page("POST", "/staff/requests/{number}/state", request.change, AGENTS),
    Page("POST", "/staff/requests/{number}/assign", request.assign, AGENTS),
    Page("POST", "/staff/requests/{number}/note", request.note, AGENTS),
    Page("POST", "/staff/requests/{number}/merge", request.merge, AGENTS),
    Page("GET", "/staff/photos/{reference}", request.photo, AGENTS),
    Page("GET", "/staff/faq", listing.index, STAFF),
    Page("GET", "/staff/faq/new", listing.ask_new, EDITORS),
    Page("POST", "/staff/faq/new", listing.new, EDITORS),
    Page("GET", "/staff/faq/edit/{intent:path}", editor.edit, STAFF),
    Page("POST", "/staff/faq/save/{intent:path}", editor.save, EDITORS),
    Page("POST", "/staff/faq/drop/{intent:path}", editor.drop, EDITORS),
    Page("POST", "/staff/faq/try/{intent:path}", trial.try_out, EDITORS),
    Page("POST", "/staff/faq/check/{intent:path}", publishing.check, EDITORS),
    Page("POST", "/staff/faq/accept/{intent:path}", publishing.accept, EDITORS),
    Page("POST", "/staff/faq/publish/{intent:path}", publishing.publish, EDITORS),
    Page("POST", "/staff/faq/back/{intent:path}", publishing.roll_back, EDITORS),
    # Whoever sees a wrong answer may stop it: it takes one tap, and another one gives it again.
    Page("POST", "/staff/faq/pull/{intent:path}", publishing.pull, STAFF),
    Page("POST", "/staff/faq/give/{intent:path}", publishing.give_again, EDITORS),
    Page("GET", "/staff/faq/file/{intent:path}", publishing.export, STAFF),
    Page("POST", "/staff/faq/file/{intent:path}", publishing.take_file, EDITORS),
    Page("GET", "/staff/queue", queue.index, EDITORS),
    Page("POST", "/staff/queue", queue.handle, EDITORS),
    Page("GET", "/staff/figures", figures.show, SUPERVISORS),
    Page("GET", "/staff/figures.csv", figures.export, SUPERVISORS),
    Page("GET", "/staff/figures/sample", figures.sample, SUPERVISORS),
    Page("POST", "/staff/figures/sample", figures.judge, SUPERVISORS),
    Page("GET", "/staff/notices", notices.index, SUPERVISORS),
    Page("POST", "/staff/notices", notices.add, SUPERVISORS),
    Page("POST", "/staff/notices/{id}/end", notices.end, SUPERVISORS),
    Page("GET", "/staff/broadcasts", broadcasts.index, SUPERVISORS),
    Page("GET", "/staff/broadcasts/new", broadcasts.ask_new, SUPERVISORS),
    Page("POST", "/staff/broadcasts/new", broadcasts.new, SUPERVISORS),
    Page("GET", "/staff/broadcasts/{id}", broadcasts.show, SUPERVISORS),
    Page("GET", "/staff/broadcasts/{id}/edit", broadcasts.edit, SUPERVISORS),
    Page("POST", "/staff/broadcasts/{id}/edit", broadcasts.change, SUPERVISORS),
    # The page behind this address refuses who wrote the message: the second person is not a role but somebody else.
    Page("POST", "/staff/broadcasts/{id}/approve", broadcasts.approve, SUPERVISORS),
    Page("POST", "/staff/broadcasts/{id}/stop", broadcasts.stop, SUPERVISORS),
    Page("POST", "/staff/broadcasts/{id}/drop", broadcasts.drop, SUPERVISORS),
    Page("GET", "/staff/faq/preview", editor.preview, STAFF),
    Page("GET", "/staff/journal", journal.show, SUPERVISORS),
)

MENU: tuple[tuple[str, str], ...] = (
    ("/staff", "Accueil"),
    ("/staff/requests", "Demandes"),
    ("/staff/conversations", "Conversations"),
    ("/staff/faq", "Réponses"),
    ("/staff/queue", "Pas compris"),
    ("/staff/notices", "Avis"),
    ("/staff/broadcasts", "Envois"),
    ("/staff/figures", "Chiffres"),
    ("/staff/journal", "Journal"),
)
"""Address and name of what stands in the menu, in order; everybody sees what their role may enter."""


def menu(role: Role) -> list[tuple[str, str]]:
    allowed = {page.path for page in PAGES if page.method == "GET" and role in page.who}
    return [(path, name) for path, name in MENU if path in allowed]


def may(role: Role, name: str) -> bool:
    """Whether a role may open the page of this name, so that no page offers what would be refused."""
    return any(page.name == name and role in page.who for page in PAGES)


__all__ = ["AGENTS", "EDITORS", "PAGES", "Page", "may", "menu"]
