"""A way drawn as a small map, from the project's own data alone: lines, stops, walks, names."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from itertools import pairwise

from arabic_reshaper import reshape
from bidi.algorithm import get_display
from PIL import Image, ImageDraw, ImageFont

from actions.places import name_of
from actions.travel.itinerary import Itinerary, Point, Walk
from actions.travel.network import Network
from nlu.understanding import Language

WIDTH, LEAST_HEIGHT = 720, 440
"""Pixels: twice the 360 that a narrow phone shows, so that letters stay sharp. A way from east to west needs less height."""
_MARGIN = 90
_FOOT = 34
_SMALLEST_METRES = 900
"""A short walk is not blown up beyond this width of ground."""
_METRES_A_DEGREE = 111_195
_PAPER, _INK, _FAINT = "#fbfaf7", "#1d2733", 0.25
_ATTRIBUTION = "© OpenStreetMap contributors"

_Pixel = tuple[float, float]
_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Frame:
    """From degrees to pixels: equirectangular around the middle of the way, north up."""

    lat: float
    lon: float
    pixels_a_degree: float
    height: int

    def at(self, point: Point) -> _Pixel:
        east = (point[1] - self.lon) * math.cos(math.radians(self.lat)) * self.pixels_a_degree
        north = (point[0] - self.lat) * self.pixels_a_degree
        return WIDTH / 2 + east, (self.height - _FOOT) / 2 - north


def draw(network: Network, way: Itinerary, language: Language) -> bytes:
    """The way as a PNG, `WIDTH` pixels wide; names are in Arabic letters for Arabic-letter Darija, else in Latin ones."""
    frame = _frame([point for leg in way.legs for point in leg.track])
    image = Image.new("RGB", (WIDTH, frame.height), _PAPER)
    pen = ImageDraw.Draw(image)
    _all_lines(pen, network, frame)
    for leg in way.legs:
        if isinstance(leg, Walk):
            _dots(pen, frame.at(leg.track[0]), frame.at(leg.track[1]))
        else:
            _line(pen, [frame.at(point) for point in leg.track], network.of.colours[leg.line.id])
    first, last = frame.at(way.legs[0].track[0]), frame.at(way.legs[-1].track[-1])
    ends = [_around(first, 24), _around(last, 24)]
    _names(pen, way, frame, language, taken=[*ends, *_badges(pen, network, way, frame), *_covered(way, frame)])
    _end(pen, first, "A", "#1d7a46")
    _end(pen, last, "B", "#b3261e")
    _foot(pen, frame)
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _frame(points: Sequence[Point]) -> _Frame:
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    wide = (max(lons) - min(lons)) * math.cos(math.radians(lat))
    high, least = max(lats) - min(lats), _SMALLEST_METRES / _METRES_A_DEGREE
    scale = (WIDTH - _FOOT - 2 * _MARGIN) / max(wide, high, least)
    return _Frame(lat, lon, scale, max(LEAST_HEIGHT, min(WIDTH, round(high * scale + _FOOT + 2 * _MARGIN))))


def _covered(way: Itinerary, frame: _Frame) -> list[_Box]:
    """Little boxes along the rides, so that no name is written over them."""
    boxes = []
    for ride in way.rides:
        pixels = [frame.at(point) for point in ride.track]
        for start, end in pairwise(pixels):
            steps = max(1, round(math.dist(start, end) / 12))
            boxes += [_around(_between(start, end, step / steps), 6) for step in range(steps + 1)]
    return boxes


def _all_lines(pen: ImageDraw.ImageDraw, network: Network, frame: _Frame) -> None:
    """The whole network, pale, so that the way can be told from its surroundings."""
    for before, here in pairwise(network.platforms):
        if before.line == here.line:
            colour = _pale(network.of.colours[here.line.id])
            pen.line([frame.at((before.lat, before.lon)), frame.at((here.lat, here.lon))], colour, 5)


def _line(pen: ImageDraw.ImageDraw, track: list[_Pixel], colour: str) -> None:
    pen.line(track, colour, 12, joint="curve")
    for number, (x, y) in enumerate(track):
        size = 10 if number in (0, len(track) - 1) else 5
        pen.ellipse((x - size, y - size, x + size, y + size), "white", colour, 4 if size == 10 else 2)


def _dots(pen: ImageDraw.ImageDraw, start: _Pixel, end: _Pixel) -> None:
    """A walk as the crow flies: the streets are not known."""
    steps = max(1, round(math.dist(start, end) / 16))
    for step in range(steps + 1):
        x, y = _between(start, end, step / steps)
        pen.ellipse((x - 4, y - 4, x + 4, y + 4), _INK)


def _badges(pen: ImageDraw.ImageDraw, network: Network, way: Itinerary, frame: _Frame) -> list[_Box]:
    """The name of each line in the middle of its ride."""
    boxes = []
    for ride in way.rides:
        middle = len(ride.track) // 2
        (x1, y1), (x2, y2) = frame.at(ride.track[middle - 1]), frame.at(ride.track[middle])
        box = _around(((x1 + x2) / 2, (y1 + y2) / 2), 21 + 11 * (len(ride.line.id) - 2), 20)
        pen.rounded_rectangle(box, 8, network.of.colours[ride.line.id], "white", 3)
        _centred(pen, ((x1 + x2) / 2, (y1 + y2) / 2), ride.line.id, 26, "white")
        boxes.append(box)
    return boxes


def _names(pen: ImageDraw.ImageDraw, way: Itinerary, frame: _Frame, language: Language, taken: list[_Box]) -> None:
    """Where one boards and alights, each beside its stop where it covers nothing else."""
    for ride in way.rides:
        for stop, point in ((ride.stops[0], ride.track[0]), (ride.stops[-1], ride.track[-1])):
            x, y = frame.at(point)
            text, font = _shaped(name_of(stop, language)), _font(27, bold=True)
            left, top, right, bottom = pen.textbbox((0, 0), text, font=font, stroke_width=4)
            width, height = right - left, bottom - top
            box = _free_box((x, y), width, height, taken, floor=frame.height - _FOOT)
            pen.text((box[0] - left, box[1] - top), text, _INK, font, stroke_width=4, stroke_fill=_PAPER)
            taken.append(box)


def _free_box(at: _Pixel, width: float, height: float, taken: Sequence[_Box], *, floor: int) -> _Box:
    """The first place around a point, near ones first, that lies in the picture and on nothing else; else the least bad."""
    x, y = at
    boxes = []
    for away in (16, 34, 56, 84, 116):
        for left, top in (
            (x + away, y - height / 2),
            (x - away - width, y - height / 2),
            (x - width / 2, y + away),
            (x - width / 2, y - away - height),
            (x + away / 2, y + away),
            (x - away / 2 - width, y + away),
            (x + away / 2, y - away - height),
            (x - away / 2 - width, y - away - height),
        ):
            kept = min(max(left, 4), WIDTH - 4 - width), min(max(top, 4), floor - 4 - height)
            boxes.append((kept[0], kept[1], kept[0] + width, kept[1] + height))
    point = _around(at, 10)
    return min(boxes, key=lambda box: sum(_overlap(box, other) for other in (*taken, point)))


def _overlap(one: _Box, other: _Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)


def _end(pen: ImageDraw.ImageDraw, at: _Pixel, letter: str, colour: str) -> None:
    pen.ellipse(_around(at, 20), colour, "white", 3)
    _centred(pen, at, letter, 26, "white")


def _foot(pen: ImageDraw.ImageDraw, frame: _Frame) -> None:
    """Who surveyed the positions, as their licence asks, and how long a stretch of ground is."""
    top, middle = frame.height - _FOOT, frame.height - _FOOT / 2
    pen.rectangle((0, top, WIDTH, frame.height), "white")
    pen.text((10, middle), _ATTRIBUTION, _INK, _font(22), anchor="lm")
    metres = next(m for m in (5000, 2000, 1000, 500, 200, 100) if m / _METRES_A_DEGREE * frame.pixels_a_degree < 200)
    length = metres / _METRES_A_DEGREE * frame.pixels_a_degree
    right = WIDTH - 12
    pen.line([(right - length, middle + 8), (right, middle + 8)], _INK, 3)
    name = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    pen.text((right - length - 8, middle), name, _INK, _font(22), anchor="rm")


def _between(start: _Pixel, end: _Pixel, share: float) -> _Pixel:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _centred(pen: ImageDraw.ImageDraw, at: _Pixel, text: str, size: int, colour: str) -> None:
    pen.text(at, text, colour, _font(size, bold=True), anchor="mm")


def _around(at: _Pixel, wide: float, high: float | None = None) -> _Box:
    high = wide if high is None else high
    return at[0] - wide, at[1] - high, at[0] + wide, at[1] + high


def _pale(colour: str) -> tuple[int, ...]:
    """A colour a quarter strong on the paper."""
    paper, ink = _channels(_PAPER), _channels(colour)
    return tuple(round(p + (i - p) * _FAINT) for p, i in zip(paper, ink, strict=True))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[n : n + 2], 16) for n in (1, 3, 5))


def _shaped(text: str) -> str:
    """Arabic letters joined and in the order of the eye; done here because not every machine has Pillow's shaping."""
    return str(get_display(reshape(text)))


@lru_cache
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Noto Sans Arabic, which has Latin letters too, out of its package."""
    packed = files("fontpkg_noto_sans_arabic") / "files" / "NotoSansArabic[wdth,wght].ttf"
    with as_file(packed) as path:  # Read in, each size would keep the whole file in memory, twice.
        font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_name("SemiBold" if bold else "Regular")
    return font
