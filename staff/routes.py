"""Every address of the desk, what serves it, and who may enter: the one place for access rules."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from staff.pages import account, home, journal, signing
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
        """How the audit log calls it: `account.password`."""
        return f"{self.handler.__module__.rpartition('.')[2]}.{self.handler.__name__}"


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
    Page("GET", "/staff/journal", journal.show, SUPERVISORS),
)

MENU: tuple[tuple[str, str], ...] = (
    ("/staff", "Accueil"),
    ("/staff/journal", "Journal"),
)
"""Address and name of what stands in the menu, in order; everybody sees what their role may enter."""


def menu(role: Role) -> list[tuple[str, str]]:
    allowed = {page.path for page in PAGES if page.method == "GET" and role in page.who}
    return [(path, name) for path, name in MENU if path in allowed]


__all__ = ["AGENTS", "EDITORS", "PAGES", "Page", "menu"]
