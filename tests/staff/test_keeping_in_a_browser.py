"""The end of a session as somebody at the desk lives through it, in a real browser."""

import re
import sqlite3
from pathlib import Path

from playwright.sync_api import Page, Request, expect

from staff.accounts import hash_password
from tests.staff.conftest import PASSWORD
from tests.staff.test_console_in_a_browser import DESKTOP, SMALL, desk, faults, folder, page, says

__all__ = ["desk", "folder", "page"]


def tell_database(folder: Path, statement: str, *values: str) -> None:
    with sqlite3.connect(folder / "casa.sqlite3", timeout=10) as database:
        database.execute(statement, values)
    database.close()


def end_session(folder: Path) -> None:
    tell_database(folder, "UPDATE staff_sessions SET seen_at = '2026-01-01 00:00:00.000000'")


def fill_in(page: Page) -> None:
    page.get_by_label("Nom de compte").fill("demo")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Entrer", exact=True).click()


def test_an_answer_that_took_long_to_write_is_saved_after_all(page: Page, folder: Path) -> None:
    tell_database(folder, "UPDATE staff_accounts SET password_hash = ? WHERE demo", hash_password(PASSWORD))
    words = "Première ligne, « avec » <signes> & accents.\nDeuxième ligne."
    page.goto("/staff/faq/edit/faq/parks")
    page.locator('[id="answer.fr"]').fill(words)
    end_session(folder)
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_role("status")).to_contain_text("n’est pas perdu")
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    found = [fault for size in (DESKTOP, SMALL) for fault in seen_at(page, size)]
    page.get_by_role("button", name="Français").click()
    fill_in(page)
    expect(page.get_by_role("heading", name="Ce que vous aviez écrit")).to_be_visible()
    found += [fault for size in (SMALL, DESKTOP) for fault in seen_at(page, size)]
    page.get_by_role("button", name="Envoyer").click()
    says(page, "Brouillon enregistré")
    expect(page.locator('[id="answer.fr"]')).to_have_value(words)
    assert found == []


def seen_at(page: Page, size: dict[str, int]) -> list[str]:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    return faults(page, str(size["width"]))


def test_a_page_left_open_says_that_the_session_is_over(page: Page, folder: Path) -> None:
    page.goto("/staff/conversations/1")
    asked: set[str | None] = set()

    def note(request: Request) -> None:
        if request.resource_type == "fetch" and not request.redirected_from:
            asked.add(request.headers.get("x-by-itself"))

    page.on("request", note)
    expect(page.locator("#ended")).to_be_hidden()
    page.wait_for_timeout(3_500)
    end_session(folder)
    expect(page.locator("#ended")).to_be_visible()
    assert asked == {"1"}
    page.get_by_role("link", name="Entrer de nouveau").click()
    fill_in(page)
    expect(page).to_have_url(re.compile("/staff/conversations/1$"))
