"""The sheet of door codes in a real browser: a scanner reads its codes, a page is one paper, Arabic stands from the right."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from actions.programme.loading import load_edition
from bot.assistant import load_texts
from bot.door_sheet import Ways, sheet
from bot.settings import Settings
from tests.conftest import skip_or_fail

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SETTINGS = Settings(_env_file=None)
DEMO = SETTINGS.root / "data/expo/demo.yml"
WAYS = Ways(whatsapp="+212 600-000000", telegram="@SalamCasaBot", page="https://casa.example/")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "doors.html"
    path.write_text(sheet(load_edition(DEMO), WAYS, load_texts(SETTINGS)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        skip_or_fail("no Chromium found; install it with: apt-get install -y chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def test_each_page_has_the_codes_of_its_door(written: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 900, "height": 1200})
    page.goto(written.as_uri())
    doors = page.locator(".door")
    assert doors.count() == 4
    for index, room in enumerate("ABCD"):
        picture = Image.open(io.BytesIO(doors.nth(index).screenshot()))
        assert {code.text for code in zxingcpp.read_barcodes(picture.convert("L"))} == {
            f"https://wa.me/212600000000?text=Porte%20{room}",
            f"https://t.me/SalamCasaBot?start=room-{room}",
            f"https://casa.example/?start=room-{room}&demo=1",
        }
        assert doors.nth(index).locator("h2 span").all_inner_texts()[0] == f"Salle {room}"


def test_printed_it_is_one_paper_a_room(written: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(written.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", printed)) == 4
    for door in page.locator(".door").all():
        assert door.evaluate("door => door.scrollHeight <= door.clientHeight")


def test_arabic_stands_from_the_right_and_nothing_is_fetched(written: Path, browser: Browser) -> None:
    page = browser.new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(written.as_uri())
    assert fetched == [written.as_uri()]
    arabic = page.locator('.door >> nth=1 >> h2 span[lang="ar-MA"]')
    assert arabic.get_attribute("dir") == "rtl"
    assert "القاعة" in arabic.inner_text()
    assert page.locator('.calls p[dir="rtl"]').count() == 4
    assert page.locator('[dir="ltr"]', has_text=re.compile("[\u0600-\u06ff]")).count() == 0


def test_the_real_expo_has_no_mark_of_a_demonstration(tmp_path: Path) -> None:
    content = DEMO.read_text(encoding="utf-8")
    path = tmp_path / "real.yml"
    path.write_text(content.replace("demonstration: true", "demonstration: false"), encoding="utf-8")
    found = sheet(load_edition(path), Ways(page="https://casa.example"), load_texts(SETTINGS))
    assert "Démonstration :" not in found
    assert Ways(page="https://casa.example").codes("B", demonstration=False)[0].address == (
        "https://casa.example/?start=room-B"
    )
