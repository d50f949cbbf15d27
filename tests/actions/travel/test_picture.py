"""The drawn map of a way, looked at pixel by pixel."""

import io
from pathlib import Path

import pytest
from PIL import Image

from actions.geography import City
from actions.travel.itinerary import End, Itinerary, find_way
from actions.travel.network import Network
from actions.travel.picture import LEAST_HEIGHT, WIDTH, draw
from nlu.understanding import Language

CITY = Path(__file__).parents[3] / "data" / "city"
city = City.load(CITY)
network = Network.load(CITY, city)


def way(start: str, goal: str) -> Itinerary:
    return find_way(network, End(stop=start), End(stop=goal))


def colours(content: bytes) -> set[tuple[int, ...]]:
    with Image.open(io.BytesIO(content)) as image:
        found = image.convert("RGB").getcolors(WIDTH * WIDTH)
    return {colour for _, colour in found or () if isinstance(colour, tuple)}


def close_to(hexadecimal: str, found: set[tuple[int, ...]]) -> bool:
    wanted = tuple(int(hexadecimal[n : n + 2], 16) for n in (1, 3, 5))
    return any(all(abs(a - b) <= 8 for a, b in zip(wanted, colour, strict=True)) for colour in found)


@pytest.mark.parametrize(
    ("start", "goal"),
    [
        ("stop-sidi-moumen", "stop-place-des-nations-unies"),
        ("stop-ain-diab-plage", "stop-casa-port"),
        ("stop-salmia-2", "stop-casa-voyageurs"),
        ("stop-al-qods", "stop-aeropostale"),
    ],
)
def test_lines_of_the_way_are_drawn_in_their_colours_on_a_small_file(start: str, goal: str) -> None:
    taken = way(start, goal)
    content = draw(network, taken, Language.FRENCH)
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.width) == ("PNG", WIDTH)
        assert LEAST_HEIGHT <= image.height <= WIDTH
    found = colours(content)
    assert all(close_to(network.of.colours[ride.line.id], found) for ride in taken.rides)
    assert len(content) < 30_000


def test_walk_of_a_few_metres_is_drawn_too() -> None:
    content = draw(network, way("stop-habous", "stop-garage-allal"), Language.ENGLISH)
    with Image.open(io.BytesIO(content)) as image:
        assert image.width == WIDTH


def test_names_are_in_arabic_letters_for_arabic_letters_only() -> None:
    taken = way("stop-derb-ghalef", "stop-technopark")
    latin, arabizi, arabic = (
        draw(network, taken, language) for language in (Language.FRENCH, Language.DARIJA_LATIN, Language.DARIJA)
    )
    assert latin == arabizi
    assert latin != arabic
