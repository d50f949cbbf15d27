"""Loading what the assistant knows, once, at start."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from actions.desk import Desk
from actions.desk_hours import DeskHours
from actions.expo.expo import Expo
from actions.geography import City
from actions.knowledge import Knowledge
from actions.phrases import PlainWords, read_phrases
from actions.programme.loading import load_edition
from actions.requests.categories import read_categories
from actions.requests.words import ReportWords
from actions.texts import Texts
from actions.travel.network import Network
from actions.turn import House
from bot.attachments import open_attachments
from bot.receipt_key import receipt_key
from bot.settings import Settings
from nlu.runtime import Parser
from nlu.training import model_path, train_project

DEMO = "demo"


def ensure_model(root: Path, tell: Callable[[str], None]) -> Path:
    """The model for the present data; trains it when there is none, and says so."""
    path = model_path(root)
    if not path.is_file():
        tell("Training the language model for the present data (a few seconds) …")
        train_project(root)
    return path


def load_house(settings: Settings, model: Path) -> House:
    """Model, answers, city and programme; raises with file and remedy where the data is broken."""
    data = settings.root / "data"
    desk = load_desk(settings)
    editions = {path.stem: load_edition(path) for path in sorted((data / "expo").glob("*.yml"))}
    present = present_edition(settings)
    past = [edition for name, edition in editions.items() if name != DEMO]
    return House(
        parser=Parser.load(model),
        knowledge=desk.knowledge,
        city=desk.city,
        network=Network.load(data / "city", desk.city),
        categories=desk.categories,
        report_words=read_phrases(data / "city" / "report_words.yml", ReportWords),
        plain_words=read_phrases(data / "city" / "plain_words.yml", PlainWords),
        expo=Expo(editions[present] if present else None, past),
        demo_expo=Expo(editions.get(DEMO), past),
        demo_edition=editions.get(DEMO),
        desk_hours=DeskHours.parse(settings.staff_hours),
        files=open_attachments(settings),
        receipt_key=cache(lambda: receipt_key(settings)),
    )


def load_desk(settings: Settings) -> Desk:
    """What commands, console and Open311 need to handle service requests; no language model is loaded."""
    city = settings.root / "data" / "city"
    return Desk(Knowledge.load(settings.root), City.load(city), read_categories(city / "categories.yml"))


def load_texts(settings: Settings) -> Texts:
    return Texts.load(settings.root / "data" / "texts")


def present_edition(settings: Settings) -> str | None:
    """The name of the edition that is under way; raises `ValueError` where there is no such file."""
    name = settings.expo_edition
    known = sorted(path.stem for path in (settings.root / "data" / "expo").glob("*.yml"))
    if name and name not in known:
        raise ValueError(f"EXPO_EDITION={name}: no file data/expo/{name}.yml; there are {', '.join(known)}")
    return name or None
