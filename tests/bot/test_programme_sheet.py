"""The printable programme in a real browser: whole, on as many papers as days, readable on a phone, Arabic from the right."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, sync_playwright

from actions.exchange.outgoing import Outgoing
from actions.programme.edition import Edition, Localised
from bot import programme_sheet
from nlu.understanding import Language
from tests.actions.exchange.programmes import DEMO, PAST, TEXTS
from tests.conftest import skip_or_fail

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MARKS = "\u200f\u2066\u2069"


def written(edition: Edition, language: Language) -> bytes:
    return programme_sheet.write(Outgoing(edition, language, TEXTS, "3", datetime(2027, 4, 1, 8, 5, tzinfo=UTC)))


def plain(text: str | None) -> str:
    return (text or "").translate(dict.fromkeys(map(ord, MARKS)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        skip_or_fail("no Chromium found; install it with: apt-get install -y chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.mark.parametrize("language", Language)
def test_every_session_stands_there_once_in_the_order_of_its_start(language: Language) -> None:
    page = html.fromstring(written(DEMO, language))
    titles = [plain(found.text) for found in page.iter("h3")]
    assert sorted(titles) == sorted(session.title.text(language) for session in DEMO.sessions)
    starts = [found.text[:5] for day in page.find_class("day") for found in day.iter("bdi")]
    assert starts == [f"{start:%H:%M}" for start in sorted(s.start for s in DEMO.sessions if s.start)]


def test_it_says_which_version_it_is_and_that_the_demonstration_is_fictional() -> None:
    page = plain(html.fromstring(written(DEMO, Language.FRENCH)).text_content())
    assert "Programme n° 3, état du jeudi 1er avril 2027 à 9 h 05." in page
    assert "cette expo est fictive" in page


def test_sessions_without_hours_have_a_part_of_their_own() -> None:
    page = plain(html.fromstring(written(PAST[0], Language.FRENCH)).text_content())
    assert "Heures non connues" in page
    assert all(session.title.text(Language.FRENCH) in page for session in PAST[0].sessions)


def test_what_organisers_write_stays_text() -> None:
    nasty = replace(DEMO.sessions[0], title=Localised({"fr": "<script>alert(1)</script>"}))
    page = written(replace(DEMO, sessions=(nasty,)), Language.FRENCH)
    assert b"<script" not in page
    assert [title.text for title in html.fromstring(page).iter("h3")] == ["<script>alert(1)</script>"]


@pytest.mark.parametrize(("language", "side"), [(Language.FRENCH, "left"), (Language.DARIJA, "right")])
def test_on_a_phone_nothing_runs_out_of_the_page(
    language: Language, side: str, browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "programme.html"
    path.write_bytes(written(DEMO, language))
    page = browser.new_page(viewport={"width": 360, "height": 740})
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(path.as_uri())
    assert fetched == [path.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    bar = f"getComputedStyle(document.querySelector('.entries > li')).border{side.title()}Width"
    assert page.evaluate(bar) == "3px"
    assert page.evaluate("getComputedStyle(document.querySelector('h3')).fontSize") == "16px"


@pytest.mark.parametrize("language", Language)
def test_printed_it_is_one_paper_a_day(language: Language, browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "programme.html"
    path.write_bytes(written(DEMO, language))
    page = browser.new_page()
    page.goto(path.as_uri())
    assert len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))) == 2
