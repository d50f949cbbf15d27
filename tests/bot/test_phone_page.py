"""The phone page in a real browser, against the running application."""

import io
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Route,
    WebError,
    expect,
    sync_playwright,
)

from bot.settings import Settings
from bot.web import create_app
from tests.conftest import skip_or_fail
from tests.listening import listener

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SMALL = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
GREETINGS = {
    "fr": ("Bonjour, comment avoir un extrait de naissance ?", "fr", "ltr"),
    "ary": ("فين أقرب محطة ديال الطرام؟", "ar", "rtl"),
    "ary-Latn": ("bghit nbelegh 3la chi 7ofra", "ary-Latn", "ltr"),
    "en": ("Where is the nearest tram stop?", "en", "ltr"),
}
OPEN_QUESTION = "je veux signaler un problème"
"""Answered with a question and buttons."""
NEAREST_STOP = "فين أقرب محطة ديال الطرام؟"
"""Answered by asking for the location."""


@pytest.fixture(scope="module")
def phone_server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the whole application on a fresh database."""
    folder = tmp_path_factory.mktemp("phone")
    settings = Settings(_env_file=None, database_url=f"sqlite+aiosqlite:///{folder}/casa.sqlite3", data_dir=folder)
    app = create_app(settings, model=model)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1))
    with listener() as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = time.monotonic() + 60
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.started
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=30)
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; its sandbox does not run as root, and it must not talk to anybody by itself."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        skip_or_fail("no Chromium found; install it with: apt-get install -y chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


class Visit:
    """A person's browser on the page; keeps what it sent, asked for and complained about."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        context.set_default_timeout(10_000)
        self.context = context
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        context.on("request", self._note_request)
        context.on("console", self._note_console)
        context.on("weberror", self._note_error)
        self.page: Page = context.new_page()
        self.page.goto(base)
        expect(self.page.locator(".phone").first).to_be_visible()

    def _note_request(self, request: Request) -> None:
        self.requests.append(request)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _note_error(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

    def phone(self, number: int = 0) -> "Screen":
        return Screen(self, self.page.locator(".phone").nth(number))

    def posted(self) -> list[dict[str, Any]]:
        """The JSON messages handed to the server, in order."""
        bodies = [request.post_data for request in self.requests if request.method == "POST" and not _is_form(request)]
        return [json.loads(body) for body in bodies if body]


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("multipart/")


class Screen:
    """One phone on the page."""

    def __init__(self, visit: Visit, root: Locator) -> None:
        self.visit = visit
        self.root = root
        self.locator = root.locator
        self.replies = root.locator(".from-assistant")
        self.own = root.locator(".from-person")
        self.welcome = root.locator(".welcome")
        self.field = root.locator("textarea")

    def says(self, text: str) -> Locator:
        """Sends a text with Enter; the reply, once it is there."""
        return self.replied(lambda: self._type(text))

    def replied(self, act: Callable[[], object]) -> Locator:
        """The reply that an action brings."""
        before = self.replies.count()
        act()
        expect(self.replies).to_have_count(before + 1)
        return self.replies.nth(before)

    def opens_menu(self) -> Locator:
        self.locator(".menu-button").click()
        return self.locator(".menu")

    def _type(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")


@pytest.fixture
def visit(browser: Browser, phone_server: str) -> Iterator[Callable[..., Visit]]:
    """Opens the page; a small phone unless the options of the browser's context say otherwise."""
    contexts: list[BrowserContext] = []

    def opened(**options: Any) -> Visit:
        contexts.append(browser.new_context(**{"viewport": SMALL, **options}))
        return Visit(contexts[-1], phone_server)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "trou.jpg"
    Image.new("RGB", (320, 240), "#806030").save(path)
    return path


def answer_with(*parts: dict[str, Any]) -> Callable[[Route], None]:
    """A server that has said these parts, whatever it is asked."""
    message = {"cursor": 1, "from": "assistant", "id": "1", "at": "2026-11-23T10:00:00+01:00", "parts": list(parts)}

    def fulfil(route: Route) -> None:
        news = "after=0" in route.request.url
        if not news:
            time.sleep(0.05)
        route.fulfill(json={"messages": [message] if news else [], "cursor": 1, "typing": False})

    return fulfil


# A conversation


def test_message_shows_at_once_and_gets_a_reply(visit: Callable[..., Visit]) -> None:
    phone = visit().phone()
    expect(phone.welcome).to_be_visible()
    reply = phone.says("Comment avoir un extrait de naissance ?")
    expect(phone.own.locator(".text")).to_have_text(["Comment avoir un extrait de naissance ?"])
    expect(phone.own.locator(".state")).to_have_text("Envoyé")
    expect(reply.locator(".text")).to_contain_text("commune")
    expect(reply.locator("time")).to_have_text(phone.own.locator("time").inner_text())
    expect(phone.welcome).to_be_hidden()
    expect(phone.field).to_have_value("")


def test_example_of_the_welcome_is_sent_when_tapped(visit: Callable[..., Visit]) -> None:
    phone = visit().phone()
    examples = phone.locator(".chips button")
    expect(examples).to_have_text(
        [
            "Comment avoir un extrait de naissance ?",
            "bghit nbelegh 3la chi 7ofra",
            "فين أقرب محطة ديال الطرام؟",
            "What's on at the expo?",
        ]
    )
    reply = phone.replied(examples.nth(1).click)
    expect(phone.own.locator(".text")).to_have_text(["bghit nbelegh 3la chi 7ofra"])
    expect(reply.locator(".text").first).to_have_attribute("lang", "ary-Latn")


def test_list_of_a_reply_is_a_list_in_every_direction(visit: Callable[..., Visit]) -> None:
    here = visit()
    here.page.route(
        "**/phone/messages?*",
        answer_with(
            {"type": "text", "text": "\u200fجيب معاك:\n\n\u200f• لاكارط\n\u200f• 2 درهم", "language": "ary"},
            {"type": "text", "text": "\u200f• الكناش", "language": "ary"},
            {"type": "text", "text": "\u200fمرحبا.", "language": "ary"},
        ),
    )
    here.page.reload()
    text = here.phone().replies.locator(".text")
    expect(text).to_have_count(1)
    expect(text.locator("ul")).to_have_count(1)
    expect(text.locator("li")).to_have_text(["لاكارط", "2 درهم", "الكناش"])
    expect(text.locator("p")).to_have_text(["\u200fجيب معاك:", "\u200fمرحبا."])


def test_typing_shows_from_sending_until_the_reply(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    here.page.route("**/phone/messages", hold)
    expect(phone.welcome).to_be_visible()
    phone.field.fill("bonjour")
    phone.field.press("Enter")
    expect(phone.locator(".typing")).to_be_visible()
    expect(phone.locator(".typing [role=status]")).to_have_text("Salam Casa écrit…")
    expect(phone.own.locator(".state")).to_have_text("Envoi en cours")
    phone.replied(held[0].continue_)
    expect(phone.locator(".typing")).to_be_hidden()


@pytest.mark.parametrize("language", GREETINGS)
def test_each_variety_has_its_language_and_direction(visit: Callable[..., Visit], language: str) -> None:
    text, lang, direction = GREETINGS[language]
    phone = visit().phone()
    reply = phone.says(text)
    for part in reply.locator(".text").all():
        expect(part).to_have_attribute("lang", lang)
        expect(part).to_have_attribute("dir", direction)
    expect(phone.root).to_have_attribute("lang", lang)
    expect(phone.root).to_have_attribute("dir", direction)


def test_arabic_conversation_is_mirrored(visit: Callable[..., Visit]) -> None:
    phone = visit().phone()
    reply = phone.says(NEAREST_STOP)
    own = phone.own.locator(".bubble")
    expect(own).to_have_attribute("lang", "ar")
    expect(own).to_have_attribute("dir", "rtl")
    expect(phone.field).to_have_attribute("aria-label", "الميساج ديالك")
    assert own.bounding_box()["x"] < 20  # type: ignore[index]
    box = reply.locator(".bubble").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] > SMALL["width"] - 20
    assert reply.locator(".text p").first.evaluate("node => getComputedStyle(node).textAlign") == "start"


def test_interface_follows_the_language_of_the_last_reply(visit: Callable[..., Visit]) -> None:
    phone = visit().phone()
    send = phone.locator(".send-button")
    expect(send).to_have_attribute("aria-label", "Envoyer")
    phone.says(NEAREST_STOP)
    expect(send).to_have_attribute("aria-label", "صيفط")
    phone.says("Comment avoir un extrait de naissance ?")
    expect(send).to_have_attribute("aria-label", "Envoyer")
    expect(phone.root).to_have_attribute("dir", "ltr")


def test_choice_is_sent_and_older_choices_are_inert(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    question = phone.says(OPEN_QUESTION)
    buttons = question.locator(".choices button")
    label = buttons.first.inner_text()
    assert buttons.count() > 1
    phone.replied(buttons.first.click)
    sent = here.posted()[-1]
    assert (sent["label"], set(sent)) == (label, {"phone", "id", "choice", "label"})
    expect(phone.own.last.locator(".text")).to_have_text(label)
    for button in buttons.all():
        expect(button).to_be_disabled()
    expect(question.locator(".chosen")).to_have_count(1)
    here.page.reload()
    expect(phone.replies).to_have_count(2)
    expect(question.locator(".choices button:enabled")).to_have_count(0)
    expect(question.locator(".chosen")).to_contain_text(label)


def test_history_is_the_same_after_a_reload(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    phone.says("Comment avoir un extrait de naissance ?")
    phone.says(NEAREST_STOP)
    shown = phone.locator(".message .bubble").all_text_contents()
    here.page.reload()
    expect(phone.locator(".message .bubble")).to_have_text(shown)
    expect(phone.root).to_have_attribute("dir", "rtl")
    expect(phone.locator(".day")).to_have_count(1)
    expect(phone.welcome).to_be_hidden()


def test_new_conversation_has_a_new_identity_once_confirmed(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    phone.says("bonjour")
    phone.opens_menu().locator(".menu-new").click()
    here.page.keyboard.press("Escape")
    expect(phone.replies).to_have_count(1)
    phone.opens_menu().locator(".menu-new").click()
    phone.locator(".confirm-yes").click()
    expect(phone.welcome).to_be_visible()
    expect(phone.own).to_have_count(0)
    phone.says("bonjour")
    first, second = here.posted()
    assert first["phone"] != second["phone"]
    here.page.reload()
    expect(phone.own).to_have_count(1)


def test_two_phones_are_two_people(visit: Callable[..., Visit]) -> None:
    here = visit(viewport=DESKTOP)
    first = here.phone()
    expect(first.locator(".close-button")).to_be_hidden()
    here.page.get_by_role("button", name="Ajouter un téléphone").click()
    second = here.phone(1)
    second.says(NEAREST_STOP)
    expect(first.own).to_have_count(0)
    expect(first.root).to_have_attribute("dir", "ltr")
    first.says("Comment avoir un extrait de naissance ?")
    expect(second.own).to_have_count(1)
    in_second, in_first = here.posted()
    assert in_second["phone"] != in_first["phone"]
    assert all(len(bytes.fromhex(message["phone"])) == 16 for message in (in_second, in_first))
    here.page.reload()
    expect(first.own.locator(".text")).to_have_text(["Comment avoir un extrait de naissance ?"])
    expect(second.own.locator(".text")).to_have_text([NEAREST_STOP])
    second.locator(".close-button").click()
    second.locator(".confirm-yes").click()
    expect(here.page.locator(".phone")).to_have_count(1)
    here.page.reload()
    expect(here.page.locator(".phone")).to_have_count(1)
    expect(first.own).to_have_count(1)


# Location


def test_location_is_shared_when_the_browser_allows_it(visit: Callable[..., Visit]) -> None:
    here = visit(geolocation={"latitude": 33.5951, "longitude": -7.6188}, permissions=["geolocation"])
    phone = here.phone()
    question = phone.says(NEAREST_STOP)
    reply = phone.replied(question.locator(".ask .share").click)
    assert here.posted()[-1]["location"] == [33.5951, -7.6188]
    expect(phone.own.last.locator(".place-title")).to_have_text("البلاصة ديالي")
    assert phone.own.last.locator(".place").evaluate("node => getComputedStyle(node).direction") == "rtl"
    expect(reply.locator(".text").first).to_have_attribute("lang", "ar")
    expect(question.locator(".ask")).to_be_hidden()


def test_refused_location_offers_places_to_try(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    phone.locator(".place-button").click()
    dialog = phone.locator("dialog.places")
    expect(dialog).to_be_visible()
    expect(dialog.locator("h3")).to_have_text("Votre position reste privée")
    expect(dialog.locator(".place-list button").first).to_be_visible()
    place = here.page.evaluate("fetch('/phone/config').then(answer => answer.json()).then(it => it.sample_places[1])")
    phone.replied(dialog.get_by_role("button", name=place["name"]).click)
    expect(dialog).to_be_hidden()
    assert here.posted()[-1]["location"] == [place["lat"], place["lon"]]
    expect(phone.own.locator(".place-title")).to_have_text(place["name"])
    here.page.reload()
    expect(phone.own.locator(".place-title")).to_have_text(place["name"])


def test_places_to_try_appear_when_the_server_is_slow_to_name_them(visit: Callable[..., Visit]) -> None:
    here = visit()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    here.page.route("**/phone/config", hold)
    here.page.reload()
    dialog = here.phone().locator("dialog.places")
    here.phone().locator(".place-button").click()
    expect(dialog).to_be_visible()
    expect(dialog.locator(".sheet-text")).to_contain_text("Écrivez plutôt l'adresse")
    held[0].continue_()
    expect(dialog.locator(".place-list button").first).to_be_visible()
    expect(dialog.locator(".sheet-text")).to_contain_text("choisissez l'un de ces lieux")


def test_place_is_a_card_with_ways_to_open_it(visit: Callable[..., Visit]) -> None:
    here = visit(has_touch=True, is_mobile=True)
    place = {
        "type": "location",
        "lat": 33.594996,
        "lon": -7.618664,
        "title": "Place des Nations Unies",
        "address": "T1, T2",
    }
    here.page.route("**/phone/messages?*", answer_with(place))
    here.page.reload()
    card = here.phone().locator(".place")
    expect(card.locator(".place-title")).to_have_text("Place des Nations Unies")
    expect(card.locator(".place-address")).to_have_text("T1, T2")
    page, app = card.get_by_role("link").all()
    expect(page).to_have_attribute(
        "href", "https://www.openstreetmap.org/?mlat=33.594996&mlon=-7.618664#map=17/33.59500/-7.61866"
    )
    expect(page).to_have_attribute("rel", "noopener noreferrer")
    expect(app).to_have_attribute("href", "geo:33.594996,-7.618664?q=33.594996,-7.618664")


# Photos


def test_photo_is_previewed_sent_and_kept(visit: Callable[..., Visit], photo: Path) -> None:
    here = visit()
    phone = here.phone()
    preview = phone.locator(".preview")
    phone.locator(".file").set_input_files(photo)
    expect(preview).to_contain_text("trou.jpg")
    phone.locator(".preview-remove").click()
    expect(preview).to_be_hidden()
    phone.locator(".file").set_input_files(photo)
    phone.replied(phone.locator(".send-button").click)
    expect(preview).to_be_hidden()
    assert _width_of(phone.own.locator("img")) == 320
    here.page.reload()
    expect(phone.own.locator("a img")).to_have_count(1)
    assert _width_of(phone.own.locator("a img")) == 320
    expect(phone.own.locator("a")).to_have_attribute("aria-label", "Agrandir la photo")


def _width_of(image: Locator) -> int:
    width: int = image.evaluate("async image => (await image.decode(), image.naturalWidth)")
    return width


def test_words_written_with_a_photo_follow_it(visit: Callable[..., Visit], photo: Path) -> None:
    phone = visit().phone()
    phone.locator(".file").set_input_files(photo)
    phone.field.fill("bonjour")
    phone.field.press("Enter")
    expect(phone.replies).to_have_count(2)
    expect(phone.own.nth(0).locator("img")).to_have_count(1)
    expect(phone.own.nth(1).locator(".text")).to_have_text("bonjour")


def test_photo_over_the_limit_is_refused_kindly(visit: Callable[..., Visit], tmp_path: Path) -> None:
    here = visit()
    phone = here.phone()
    heavy = tmp_path / "lourde.jpg"
    heavy.write_bytes(b"\xff" * (11 * 1024 * 1024))
    phone.locator(".file").set_input_files(heavy)
    trouble = phone.locator("[role=alert]")
    expect(trouble).to_contain_text("11\u00a0Mo")
    expect(trouble).to_contain_text("10\u00a0Mo")
    expect(phone.locator(".preview")).to_be_hidden()
    phone.locator(".send-button").click()
    expect(phone.own).to_have_count(0)
    expect(trouble).to_be_empty()


def test_file_that_is_no_photo_is_refused_kindly(visit: Callable[..., Visit], tmp_path: Path) -> None:
    phone = visit().phone()
    note = tmp_path / "note.txt"
    note.write_text("bonjour")
    phone.locator(".file").set_input_files(note)
    expect(phone.locator("[role=alert]")).to_contain_text("n'est pas une photo")
    expect(phone.locator(".preview")).to_be_hidden()


# When something goes wrong


def test_unsent_message_and_photo_survive_a_reload_and_are_sent_once(visit: Callable[..., Visit], photo: Path) -> None:
    here = visit()
    phone = here.phone()
    expect(phone.welcome).to_be_visible()
    here.page.route("**/phone/messages", lambda route: route.abort())
    phone.locator(".file").set_input_files(photo)
    phone.field.fill("bonjour")
    phone.field.press("Enter")
    expect(phone.own).to_have_count(2)
    _eventually(lambda: len(_unsent(here.page)) == 2)
    here.page.reload()
    expect(phone.own).to_have_count(2)
    expect(phone.own.nth(1).locator(".text")).to_have_text("bonjour")
    assert _width_of(phone.own.nth(0).locator("img")) == 320
    here.page.unroute("**/phone/messages")
    expect(phone.replies).to_have_count(2, timeout=20_000)
    here.page.reload()
    expect(phone.own).to_have_count(2)
    expect(phone.replies).to_have_count(2)
    assert _unsent(here.page) == []


def _unsent(page: Page) -> list[str]:
    keys: list[str] = page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('casa.unsent.'))")
    return keys


def _eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_message_that_keeps_failing_says_so_and_a_tap_sends_it(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    expect(phone.welcome).to_be_visible()
    here.page.clock.install()
    here.page.route("**/phone/messages", lambda route: route.fulfill(status=503))
    phone.field.fill("bonjour")
    phone.field.press("Enter")
    retry = phone.own.get_by_role("button", name="Pas envoyé. Touchez pour réessayer")
    for _ in range(40):
        here.page.clock.run_for(1000)
        if retry.is_visible():
            break
    expect(retry).to_be_visible()
    expect(phone.locator(".typing")).to_be_hidden()
    here.page.unroute("**/phone/messages")
    phone.replied(retry.click)
    expect(phone.own.locator(".state")).to_have_text("Envoyé")
    identities = {message["id"] for message in here.posted()}
    assert (len(identities), len(here.posted()) > 4) == (1, True)


def test_refusal_is_told_in_the_language_of_the_conversation(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    phone.says(NEAREST_STOP)
    reasons = {"fr": "Trop long.", "ary": "طويل بزاف.", "ary-Latn": "Twil bezzaf.", "en": "Too long."}
    refusal = {"error": {"code": "too_large", "message": reasons}}
    here.page.route("**/phone/messages", lambda route: route.fulfill(status=413, json=refusal))
    phone.field.fill("واخا")
    phone.field.press("Enter")
    failure = phone.own.last.locator(".failure")
    expect(failure.locator("p")).to_have_text("طويل بزاف.")
    expect(failure.get_by_role("button")).to_have_text(["حيد"])
    failure.get_by_role("button").click()
    expect(phone.own).to_have_count(1)
    here.page.reload()
    expect(phone.replies).to_have_count(1)
    expect(phone.own).to_have_count(1)


def test_lost_network_is_told_and_what_waited_leaves_when_it_is_back(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    expect(phone.welcome).to_be_visible()
    here.context.set_offline(True)
    expect(phone.locator(".offline")).to_have_text("Pas de connexion. Vos messages partiront dès qu'elle revient.")
    phone.field.fill("bonjour")
    phone.field.press("Enter")
    expect(phone.own.locator(".state")).to_have_text("Envoi en cours")
    here.context.set_offline(False)
    expect(phone.locator(".offline")).to_be_empty()
    expect(phone.replies).to_have_count(1)


# Safety


MARKUP = '<img src=x onerror="window.ran=1"><script>window.ran=1</script><b>gras</b>'


def test_markup_from_a_person_is_text(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    phone.says(MARKUP)
    here.page.reload()
    expect(phone.own.locator(".text")).to_have_text(MARKUP)
    assert phone.own.locator("img, script, b").count() == 0
    assert here.page.evaluate("window.ran") is None
    assert here.complaints == []


def test_picture_and_file_of_a_reply_can_be_seen_and_kept(visit: Callable[..., Visit]) -> None:
    here = visit()
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), "#806030").save(picture, "PNG")
    here.page.route(
        "**/phone/files/*.png", lambda route: route.fulfill(body=picture.getvalue(), content_type="image/png")
    )
    here.page.route(
        "**/phone/files/*.ics", lambda route: route.fulfill(body="BEGIN:VCALENDAR", content_type="text/calendar")
    )
    here.page.route(
        "**/phone/messages?*",
        answer_with(
            {"type": "picture", "reference": "0a1b.png", "alt": "Plan du trajet"},
            {"type": "file", "reference": "0a1b.ics", "name": "mon agenda.ics", "media_type": "text/calendar"},
            {"type": "file", "reference": "../../x", "name": MARKUP, "media_type": "text/html"},
        ),
    )
    here.page.reload()
    reply = here.phone().replies
    expect(reply.get_by_alt_text("Plan du trajet")).to_be_visible()
    expect(reply.locator("img")).to_have_js_property("naturalWidth", 300)
    with here.page.expect_download() as download:
        reply.get_by_role("link", name="mon agenda.ics").click()
    assert download.value.suggested_filename == "mon agenda.ics"
    assert reply.locator("a").count() == 2
    assert here.complaints == []


def test_markup_from_the_server_is_text(visit: Callable[..., Visit]) -> None:
    here = visit()
    here.page.route(
        "**/phone/messages?*",
        answer_with(
            {"type": "text", "text": f"{MARKUP}\njavascript:alert(1) http://chikaya.ma", "language": "fr"},
            {"type": "photo", "url": "javascript:window.ran=1"},
            {"type": "location", "lat": "x", "lon": -7.6, "title": MARKUP, "address": MARKUP},
            {"type": "choices", "choices": [{"label": MARKUP, "payload": MARKUP}]},
        ),
    )
    here.page.reload()
    reply = here.phone().replies
    expect(reply.locator(".text p")).to_have_text([MARKUP, "javascript:alert(1) http://chikaya.ma"])
    expect(reply.locator(".choices button")).to_have_text(MARKUP)
    expect(reply.locator(".place-title")).to_have_text(MARKUP)
    assert reply.locator("img, script, b").count() == 0
    assert reply.locator(".text a").count() == 0
    assert here.page.evaluate("window.ran") is None


def test_no_request_leaves_the_origin(visit: Callable[..., Visit], phone_server: str, photo: Path) -> None:
    here = visit(geolocation={"latitude": 33.5951, "longitude": -7.6188}, permissions=["geolocation"])
    phone = here.phone()
    for text, _, _ in GREETINGS.values():
        phone.says(text)
    phone.locator(".file").set_input_files(photo)
    phone.replied(phone.locator(".send-button").click)
    phone.replied(phone.locator(".place-button").click)
    here.page.reload()
    expect(phone.own).to_have_count(6)
    elsewhere = [request.url for request in here.requests if not request.url.startswith((f"{phone_server}/", "blob:"))]
    assert len(here.requests) > 20
    assert elsewhere == []
    assert here.complaints == []


LINKS = [
    ("Voyez chikaya.ma.", [("chikaya.ma", "https://chikaya.ma/")]),
    ("Le portail (www.chikaya.ma/suivi), ou", [("www.chikaya.ma/suivi", "https://www.chikaya.ma/suivi")]),
    ("شوف \u2066chikaya.ma\u2069.", [("chikaya.ma", "https://chikaya.ma/")]),
    (
        "https://www.watiqa.ma/?page=a&b=2, puis",
        [("https://www.watiqa.ma/?page=a&b=2", "https://www.watiqa.ma/?page=a&b=2")],
    ),
    ("http://chikaya.ma", []),
    ("javascript:alert(1) data:text/html,x ftp://chikaya.ma", []),
    ("contact@chikaya.ma", []),
    ("Version 3.11, fichier photo.jpg, etc.", []),
    ("Standard : 05 22 22 41 76.", [("05 22 22 41 76", "tel:+212522224176")]),
    ("+212 522-22-41-76", [("+212 522-22-41-76", "tel:+212522224176")]),
    ("0801004747", [("0801004747", "tel:+212801004747")]),
    ("Dossier 7K3-42R du 23 11 2026", []),
    ("Appelez le 15 (pompiers, ambulance) ou le 19 (police) maintenant.", [("15", "tel:15"), ("19", "tel:19")]),
    ("عيط دابا ل 15 (لبومبية، لومبيلونس) ولا 19 (البوليس).", [("15", "tel:15"), ("19", "tel:19")]),
    ("عيط دابا ل \u206615\u2069 ولا \u206619\u2069.", [("15", "tel:15"), ("19", "tel:19")]),
    ("3eyyet daba l 15 (pompiers) wla 19 (lboulis).", [("15", "tel:15"), ("19", "tel:19")]),
    ("Call 15 (fire brigade) or 19 (police) now.", [("15", "tel:15"), ("19", "tel:19")]),
    ("Appelez le 37 37 du lundi au vendredi.", [("37 37", "tel:3737")]),
    ("Le 37 37 peut vous répondre.", []),
    ("Appelez avant 18 h, bureau 15.", []),
    ("Appelez le 15 mai, de 10 h à 12 h.", []),
    ("Appelez le 19 : c'est 20 DH, 15 jours.", [("19", "tel:19")]),
    ("20 DH, 14 h 30, 15 %, 2027", []),
]


@pytest.fixture(scope="module")
def links_page(browser: Browser, phone_server: str) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(phone_server)
    yield page
    page.close()


@pytest.mark.parametrize(("text", "links"), LINKS)
def test_only_clear_addresses_and_numbers_become_links(
    links_page: Page, text: str, links: list[tuple[str, str]]
) -> None:
    found = links_page.evaluate(
        "async text => (await import('/phone/static/links.js')).segments(text)",
        text,
    )
    assert "".join(segment["text"] for segment in found) == text
    assert [(segment["text"], segment["href"]) for segment in found if "href" in segment] == links


# Reach: keyboard, names, size, contrast, motion


def _tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"{selector} is not reached with {key}")


def test_conversation_by_keyboard_alone(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    keyboard = here.page.keyboard
    expect(phone.welcome).to_be_visible()
    _tab_to(here.page, ".chips li:nth-child(2) button", "Shift+Tab")
    question = phone.replied(lambda: keyboard.press("Enter"))
    expect(phone.field).to_be_focused()
    _tab_to(here.page, ".choices button:first-child", "Shift+Tab")
    phone.replied(lambda: keyboard.press("Space"))
    expect(question.locator(".choices button:enabled")).to_have_count(0)
    expect(phone.field).to_be_focused()
    keyboard.type("bonjour")
    keyboard.press("Shift+Enter")
    keyboard.type("salam")
    phone.replied(lambda: keyboard.press("Enter"))
    expect(phone.own.last.locator(".text p")).to_have_text("bonjour salam")
    assert phone.own.last.locator(".text p").inner_text() == "bonjour\nsalam"
    _tab_to(here.page, ".place-button", "Shift+Tab")
    keyboard.press("Enter")
    expect(phone.locator("dialog.places")).to_be_visible()
    keyboard.press("Escape")
    expect(phone.locator("dialog.places")).to_be_hidden()
    expect(phone.locator(".place-button")).to_be_focused()
    _tab_to(here.page, ".menu-button", "Shift+Tab")
    keyboard.press("Enter")
    expect(phone.locator(".menu-new")).to_be_focused()
    keyboard.press("Escape")
    expect(phone.locator(".menu")).to_be_hidden()
    expect(phone.locator(".menu-button")).to_be_focused()


def test_focus_is_visible_on_every_stop(visit: Callable[..., Visit]) -> None:
    here = visit()
    expect(here.phone().welcome).to_be_visible()
    stops = set()
    for _ in range(14):
        here.page.keyboard.press("Tab")
        stops.add(
            here.page.evaluate(
                """() => { const style = getComputedStyle(document.activeElement);
                   return [document.activeElement.className || document.activeElement.tagName, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2].join() }"""
            )
        )
    assert len(stops) >= 6
    assert {stop for stop in stops if stop.endswith("false") and not stop.startswith("BODY")} == set()


NAMED_ROLES = {"button", "link", "textbox", "combobox", "switch", "image", "dialog", "log", "region", "group", "option"}
SMALL_TARGETS = """() => [...document.querySelectorAll('button:enabled, select, textarea, .place-links a')]
  .filter(node => node.checkVisibility() && !node.closest('.vh, .top'))
  .map(node => [node.className + ' ' + (node.getAttribute('aria-label') || node.textContent), node.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.height < 43.9 || box.width < 43.9)).map(([name]) => name)"""
FAINT_TEXTS = """() => {
  const channels = colour => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([red, green, blue]) => {
    const part = value => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const ground = node => {
    for (; node; node = node.parentElement) {
      const colour = channels(getComputedStyle(node).backgroundColor);
      if (colour[3] > 200) return colour;
    }
    return [255, 255, 255, 255];
  };
  const faint = [];
  for (const node of document.querySelectorAll('body *')) {
    const words = [...node.childNodes].filter(child => child.nodeType === 3 && child.data.trim());
    if (!words.length || !node.checkVisibility() || node.closest('.vh, :disabled, noscript, option, [popover]')) continue;
    const [one, other] = [light(channels(getComputedStyle(node).color)), light(ground(node))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) faint.push(`${node.className || node.tagName} ${words[0].data.trim()} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""


def _assert_within_reach(page: Page) -> None:
    """Every control is named and large, every text stands out, nothing is wider than the screen."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    shown = [node for node in nodes if not node["ignored"] and node["role"]["value"] in NAMED_ROLES]
    assert len(shown) >= 3
    assert [node for node in shown if not node.get("name", {}).get("value", "").strip()] == []
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate(FAINT_TEXTS) == []
    _assert_no_overflow(page)


def _assert_no_overflow(page: Page) -> None:
    width = page.viewport_size["width"]  # type: ignore[index]
    too_wide = page.evaluate(
        """width => [...document.querySelectorAll('body *')]
          .filter(node => node.checkVisibility() && !node.closest('.vh, svg, option'))
          .filter(node => { const box = node.getBoundingClientRect(); return box.left < -0.5 || box.right > width + 0.5 })
          .map(node => node.className || node.tagName)""",
        width,
    )
    assert too_wide == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every(box => box.scrollWidth <= box.clientWidth)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", GREETINGS)
def test_everything_is_named_large_and_legible(
    visit: Callable[..., Visit], photo: Path, tmp_path: Path, language: str, scheme: str
) -> None:
    here = visit(color_scheme=scheme, reduced_motion="reduce")
    phone = here.phone()
    page = here.page
    expect(phone.welcome).to_be_visible()
    _assert_within_reach(page)
    phone.says(GREETINGS[language][0])
    menu = phone.opens_menu()
    expect(menu.get_by_role("switch")).to_be_visible()
    _assert_within_reach(page)
    menu.get_by_role("switch").click()
    phone.locator(".file").set_input_files(photo)
    _assert_within_reach(page)
    phone.replied(phone.locator(".send-button").click)
    note = tmp_path / "note.txt"
    note.write_text("x")
    phone.locator(".file").set_input_files(note)
    _assert_within_reach(page)
    phone.locator(".place-button").click()
    expect(phone.locator("dialog.places")).to_be_visible()
    _assert_within_reach(page)
    phone.replied(phone.locator("dialog.places .place-list button").first.click)
    page.route("**/phone/messages", lambda route: route.fulfill(status=400, json={}))
    phone.field.fill("?")
    phone.field.press("Enter")
    expect(phone.own.last.locator(".failure p")).to_be_visible()
    here.context.set_offline(True)
    expect(phone.locator(".offline")).not_to_be_empty()
    _assert_within_reach(page)
    phone.opens_menu().locator(".menu-new").click()
    expect(phone.locator("dialog.confirm")).to_be_visible()
    _assert_within_reach(page)


def test_long_words_do_not_widen_the_page(visit: Callable[..., Visit]) -> None:
    here = visit(viewport={"width": 360, "height": 640})
    phone = here.phone()
    phone.says("a" * 500)
    phone.says("ق" * 500)
    long_words = "https://chikaya.ma/" + "b" * 400
    here.page.route(
        "**/phone/messages?*",
        answer_with(
            {"type": "text", "text": f"{'é' * 300}\n- {long_words}", "language": "fr"},
            {"type": "location", "lat": 33.5, "lon": -7.6, "title": "t" * 200, "address": "d" * 200},
            {"type": "choices", "choices": [{"label": "c" * 120, "payload": "x"}, {"label": "ok", "payload": "y"}]},
        ),
    )
    _assert_no_overflow(here.page)
    here.page.reload()
    expect(here.phone().replies).to_have_count(1)
    _assert_no_overflow(here.page)


def test_log_is_announced_politely_but_history_is_not(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    phone.says("bonjour")
    log = phone.root.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    here.page.add_init_script(
        """new MutationObserver(changes => {
             const added = changes.some(change => [...change.addedNodes].some(node => node.className?.startsWith?.('message')));
             if (added) window.liveWhenHistoryCame ??= document.querySelector('.log').getAttribute('aria-live');
           }).observe(document, {childList: true, subtree: true})"""
    )
    here.page.reload()
    expect(phone.replies).to_have_count(1)
    assert here.page.evaluate("window.liveWhenHistoryCame") == "off"
    expect(log).to_have_attribute("aria-live", "polite")


def test_nothing_moves_for_those_who_ask_for_calm(visit: Callable[..., Visit]) -> None:
    here = visit(reduced_motion="reduce")
    phone = here.phone()
    here.page.route("**/phone/messages", lambda route: None)
    phone.field.fill("bonjour")
    phone.field.press("Enter")
    expect(phone.locator(".typing")).to_be_visible()
    assert here.page.evaluate("document.getAnimations().length") == 0
    moving = visit()
    moving.page.route("**/phone/messages", lambda route: None)
    moving.phone().field.fill("bonjour")
    moving.phone().field.press("Enter")
    expect(moving.phone().locator(".typing")).to_be_visible()
    assert moving.page.evaluate("document.getAnimations().length") > 0


# The demonstration of the expo


def test_the_code_of_a_door_opens_the_chat_there_once(visit: Callable[..., Visit]) -> None:
    here = visit()
    here.page.goto(f"{here.page.url}?start=room-B&demo=1")
    phone = here.phone()
    expect(phone.own.locator(".text")).to_have_text(["Porte B"])
    expect(phone.replies.first).to_contain_text("Salle B")
    expect(phone.locator(".demo")).to_be_visible()
    assert here.posted()[-1]["choice"] == "start:room-B"
    here.page.reload()
    expect(phone.replies).to_have_count(1)
    assert len(here.posted()) == 1
    here.page.goto(f"{here.page.url}?start=<b>")
    expect(phone.replies).to_have_count(1)
    assert len(here.posted()) == 1
    assert here.complaints == []


def test_demonstration_is_plainly_fictional_and_tells_its_time(visit: Callable[..., Visit]) -> None:
    here = visit()
    phone = here.phone()
    banner = phone.locator(".demo")
    expect(banner).to_be_hidden()
    phone.opens_menu().get_by_role("switch", name="Démonstration de l'exposition").click()
    expect(banner).to_contain_text("Programme fictif.")
    moments = here.page.evaluate("fetch('/phone/config').then(answer => answer.json()).then(it => it.demo.moments)")
    select = banner.get_by_label("Heure simulée")
    assert select.locator("option").all_inner_texts() == [moment["label"]["fr"] for moment in moments]
    select.select_option(moments[1]["label"]["fr"])
    phone.says("C'est quoi le programme de l'expo ?")
    assert here.posted()[-1]["demo_at"] == moments[1]["at"]
    here.page.reload()
    expect(banner).to_be_visible()
    expect(select).to_have_value(moments[1]["at"])
    banner.get_by_role("button", name="Arrêter").click()
    expect(banner).to_be_hidden()
    phone.says("bonjour")
    assert "demo_at" not in here.posted()[-1]
