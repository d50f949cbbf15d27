"""The main tasks of the desk in a real browser, counted in clicks; every page for people who use it otherwise.

With CASA_PICTURES=1 the pictures of `docs/staff.md` are made anew.
"""

import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.settings import PROJECT, Settings
from bot.web import create_app
from tests.conftest import skip_or_fail
from tests.listening import listener

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SMALL = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
PAGES = {
    "home": "/staff",
    "requests": "/staff/requests",
    "board": "/staff/requests?view=board",
    "map": "/staff/requests?view=map",
    "conversations": "/staff/conversations",
    "conversation": "/staff/conversations/1",
    "answers": "/staff/faq",
    "answer": "/staff/faq/edit/faq/parks",
    "new": "/staff/faq/new",
    "queue": "/staff/queue",
    "figures": "/staff/figures",
    "notices": "/staff/notices",
    "broadcasts": "/staff/broadcasts",
    "broadcast": "/staff/broadcasts/2",
    "sent": "/staff/broadcasts/1",
    "write": "/staff/broadcasts/new",
    "sample": "/staff/figures/sample",
    "journal": "/staff/journal",
    "account": "/staff/account",
    "nothing": "/staff/faq/edit/faq/nothing",
    "unknown": "/staff/requests?number=ZZZ-999",
}
DOORS = {"login": "/staff/login", "link": "/staff/enter/nothing"}
_PICTURES = ("home", "requests", "map", "conversation", "answer", "queue", "broadcast", "figures")
_TASK = re.compile(r"^\| (\w+) \| [^|]+ \| (\d+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the desk keeps its database."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def desk(model: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Address and link of a demonstration desk on a fresh database."""
    settings = Settings(_env_file=None, database_url=f"sqlite+aiosqlite:///{folder}/casa.sqlite3", data_dir=folder)
    tokens: list[str] = []
    app = create_app(settings, model=model, on_demo_desk=tokens.append)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1))
    with listener() as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.started
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", tokens[0]
        server.should_exit = True
        thread.join(timeout=30)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def page(desk: tuple[str, str]) -> Iterator[Page]:
    """Samira's browser, signed in by the link."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        skip_or_fail("no Chromium found; install it with: apt-get install -y chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=path, args=arguments)
        context = browser.new_context(base_url=desk[0], viewport=DESKTOP)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        opened = context.new_page()
        opened.goto(f"/staff/enter/{desk[1]}")
        opened.get_by_role("button", name="Entrer").click()
        expect(opened.get_by_role("heading", name="Bonjour, Samira")).to_be_visible()
        yield opened
        browser.close()


class Clicks:
    """Counts what a task costs."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0
        page.goto("/staff")

    def on(self, target: Locator) -> None:
        self.count += 1
        target.click()

    def link(self, name: str) -> None:
        self.on(self.page.get_by_role("link", name=name, exact=True).first)

    def button(self, name: str) -> None:
        self.on(self.page.get_by_role("button", name=name, exact=True).first)


def promised(task: str) -> int:
    """How many clicks the manual says."""
    manual = dict(_TASK.findall((PROJECT / "docs" / "staff.md").read_text(encoding="utf-8")))
    return int(manual[task])


def says(page: Page, words: str) -> None:
    expect(page.locator("p.said")).to_contain_text(words)


def test_publish(page: Page) -> None:
    clicks = Clicks(page)
    clicks.link("Réponses")
    clicks.link("Parcs et jardins")
    page.locator('[id="answer.fr"]').fill("Le parc de la Ligue Arabe est à Sidi Belyout.")
    for service in range(2):
        bubble = page.locator('[id="preview.fr"] .bubble').nth(service)
        expect(bubble).to_contain_text("Le parc de la Ligue Arabe est à Sidi Belyout.")
    clicks.button("Enregistrer le brouillon")
    clicks.button("Publier")
    says(page, "Version 1 publiée.")
    assert clicks.count == promised("publish")


def test_try(page: Page) -> None:
    page.goto("/staff/faq/edit/faq/burial")
    page.locator('[id="answer.fr"]').fill("Texte à essayer.")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    clicks = Clicks(page)
    clicks.on(page.get_by_role("link", name="brouillons"))
    clicks.on(page.locator(".answers a").first)
    page.get_by_label("Votre message").fill("comment faire pour un enterrement ?")
    clicks.button("Envoyer")
    expect(page.locator("#trial .bubble").last).to_contain_text("Texte à essayer.")
    assert clicks.count == promised("try")


def test_pull(page: Page) -> None:
    clicks = Clicks(page)
    clicks.link("Réponses")
    clicks.button("Retirer : Prix du parking")
    says(page, "Réponse retirée.")
    assert clicks.count == promised("pull")


def test_back(page: Page) -> None:
    clicks = Clicks(page)
    clicks.link("Réponses")
    clicks.link("Parcs et jardins")
    clicks.button("Revenir à celle-ci")
    says(page, "de nouveau en ligne")
    assert clicks.count == promised("back")


def test_talk(page: Page) -> None:
    clicks = Clicks(page)
    clicks.link("Conversations")
    clicks.link("Conversation 1")
    clicks.button("Prendre la conversation")
    page.get_by_label("Votre réponse").fill("Bonjour, je regarde cela avec la fourrière.")
    clicks.button("Envoyer")
    expect(page.locator("#messages .agent").last).to_contain_text("je regarde cela avec la fourrière")
    clicks.button("Rendre à l’assistant")
    says(page, "Conversation rendue")
    assert clicks.count == promised("talk")


def test_state(page: Page) -> None:
    clicks = Clicks(page)
    clicks.link("Demandes")
    clicks.on(page.locator("li.pick a").first)
    page.get_by_label("Nouvel état").select_option("fixed")
    clicks.button("Changer")
    says(page, "C’est fait.")
    assert clicks.count == promised("state")


def test_reply(page: Page) -> None:
    clicks = Clicks(page)
    clicks.link("Demandes")
    clicks.on(page.locator("li.pick a").first)
    clicks.link("Demander une précision")
    clicks.button("Envoyer")
    says(page, "C’est fait.")
    assert clicks.count == promised("reply")


def test_bulk(page: Page) -> None:
    clicks = Clicks(page)
    clicks.link("Demandes")
    for number in range(2):
        clicks.on(page.locator("li.pick input").nth(number))
    page.get_by_label("ou confier à").fill("Hicham")
    clicks.button("Appliquer")
    says(page, "Demandes changées : 2.")
    assert clicks.count == promised("bulk")


def test_example(page: Page) -> None:
    clicks = Clicks(page)
    clicks.link("Pas compris")
    page.locator("select[name=intent]").first.select_option("faq/vehicle_registration")
    clicks.button("Ajouter aux exemples")
    says(page, "Ajouté au brouillon « Carte grise »")
    assert clicks.count == promised("example")


def test_judge(page: Page) -> None:
    clicks = Clicks(page)
    clicks.link("Chiffres")
    clicks.link("Juger l’échantillon de la semaine")
    before = page.locator("input[name=turn]").count()
    clicks.button("Bien compris")
    expect(page.locator("input[name=turn]")).to_have_count(before - 1)
    assert clicks.count == promised("judge")


def test_write(page: Page) -> None:
    clicks = Clicks(page)
    clicks.link("Envois")
    clicks.link("Nouveau message")
    page.get_by_label("À qui").select_option("arrondissement:maarif")
    for tag, words in (("fr", "À demain."), ("ary", "حتى لغدا."), ("ary-Latn", "7ta l ghedda."), ("en", "See you.")):
        page.locator(f'[name="text.{tag}"]').fill(words)
    clicks.button("Enregistrer et compter")
    says(page, "rien n’est encore envoyé")
    expect(page.locator("dl.counts dd").first).to_have_text("3")
    expect(page.get_by_role("button", name="Approuver et envoyer")).to_have_count(0)
    assert clicks.count == promised("write")


def test_approve(page: Page) -> None:
    clicks = Clicks(page)
    clicks.link("Envois")
    clicks.on(page.locator(".answers a").last)
    clicks.button("Approuver et envoyer")
    says(page, "L’envoi commence.")
    expect(page.get_by_role("heading", name="Envoi terminé")).to_be_visible()
    expect(page.locator("#progress dd").first).to_have_text("3")
    assert clicks.count == promised("approve")


def base_of(page: Page) -> str:
    return page.url.partition("/staff")[0]


def citizen_writes(phone: Page, text: str) -> None:
    phone.locator("textarea").first.fill(text)
    phone.keyboard.press("Enter")


def faults(page: Page, where: str) -> list[str]:
    """What sticks out of a page, and what axe finds serious."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{where}: sticks out"] * wide + [
        f"{where}: {violation['id']}: {violation['nodes'][0]['html'][:160]}"
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_usable_by_everybody(page: Page, name: str, tmp_path: Path) -> None:
    """French and Arabic, office screen and small phone: axe finds nothing serious, nothing sticks out, no error, no other host."""
    complaints: list[str] = []
    elsewhere: list[str] = []
    found = []
    # A tab of its own: what the browser says late about the last page would be laid to this one.
    tab = page.context.new_page()
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("request", lambda request: elsewhere.append(request.url) if "127.0.0.1" not in request.url else None)
    for language in ("fr", "ar"):
        tab.goto(PAGES[name])
        if tab.locator("html").get_attribute("lang") != language:
            tab.locator(f'button[name="language"][value="{language}"]').first.click()
        for size in (DESKTOP, SMALL):
            tab.set_viewport_size(size)  # type: ignore[arg-type]
            tab.goto(PAGES[name])
            found += faults(tab, f"{language} {size['width']}")
            folder = PROJECT / "docs" / "images" if os.environ.get("CASA_PICTURES") else tmp_path
            if name in _PICTURES and (language, size) in (("fr", DESKTOP), ("ar", SMALL)):
                tab.screenshot(path=folder / f"staff-{name}{'-ar' if language == 'ar' else ''}.png")
    tab.locator('button[name="language"][value="fr"]').first.click()
    expect(tab.locator("html")).to_have_attribute("lang", "fr")
    tab.close()
    if name == "nothing":  # The browser itself complains about a page that is not there.
        complaints = []
    assert (found, complaints, elsewhere) == ([], [], [])


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("name", DOORS)
def test_the_door_is_usable_by_everybody(page: Page, name: str, language: str) -> None:
    """Before signing in; in a browser that nobody has used."""
    outside = page.context.browser.new_context(base_url=base_of(page))  # type: ignore[union-attr]
    door = outside.new_page()
    found = []
    for size in (DESKTOP, SMALL):
        door.set_viewport_size(size)  # type: ignore[arg-type]
        door.goto(f"{DOORS[name]}?lang={language}")
        found += faults(door, str(size["width"]))
    outside.close()
    assert found == []


def test_a_request_is_usable_by_everybody(page: Page) -> None:
    """One request, with its refusal of a change that is not possible."""
    found = []
    for language in ("ar", "fr"):
        page.locator(f'button[name="language"][value="{language}"]').first.click()
        for size in (DESKTOP, SMALL):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto("/staff/requests")
            page.locator("li.pick a").first.click()
            page.locator("select[name=target]").select_option("rejected")
            page.locator("form[action$=state] button").click()
            expect(page.locator("p.problem")).to_be_visible()
            found += faults(page, f"{language} {size['width']}")
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    assert found == []


def test_a_citizen_and_an_agent_talk(page: Page) -> None:
    """The phone page and the desk side by side: asked, waited, taken, answered, and the way back to the assistant."""
    street = page.context.browser.new_context(base_url=base_of(page), viewport=SMALL)  # type: ignore[union-attr,arg-type]
    phone = street.new_page()
    phone.goto("/")
    citizen_writes(phone, "je veux parler à une personne")
    expect(phone.get_by_text("Vous êtes en position")).to_be_visible()
    citizen_writes(phone, "et les horaires des parcs ?")
    expect(phone.locator(".typing")).to_be_hidden()
    page.goto("/staff/conversations")
    page.locator("#waiting li", has_text="page du téléphone").last.get_by_role("link").click()
    page.get_by_role("button", name="Prendre la conversation").click()
    expect(phone.get_by_text("vous répond maintenant")).to_be_visible()
    page.get_by_label("Votre réponse").fill("Bonjour.")
    page.locator("#suggestions").get_by_role("link", name="Parcs et jardins").click()
    expect(page.get_by_label("Votre réponse")).to_have_value(re.compile(r"^Bonjour\.\s+Le parc", re.IGNORECASE))
    page.get_by_role("button", name="Envoyer").click()
    expect(phone.get_by_text("Bonjour.")).to_be_visible()
    citizen_writes(phone, "annuler")
    expect(phone.get_by_text("Voulez-vous revenir à l'assistant ?")).to_be_visible()
    phone.get_by_role("button", name="Retour à l'assistant").last.click()
    expect(phone.get_by_text("je reprends")).to_be_visible()
    street.close()
    page.get_by_label("Votre réponse").fill("Trop tard")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("n’est pas partie")
    expect(page.get_by_role("textbox")).to_have_value("Trop tard")


def test_the_keyboard_alone_reaches_the_content(page: Page) -> None:
    page.goto("/staff/requests")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("main input[name=number]").first).to_be_focused()
