"""The reliability diagram as a picture, drawn with the image library the assistant has anyway."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from nlu.evaluation.measures import Bin

_SIDE = 480
_MARGIN = 70
_SCALE = 2
"""Pixels of the picture to a unit of the layout, for sharp lines on dense screens."""
_COLOURS = ("#0b6e4f", "#c1440e", "#2a52be", "#8e44ad", "#b8860b")
_INK, _GRID = "#333333", "#dddddd"


def draw_reliability(curves: Mapping[str, Sequence[Bin]], target: Path) -> None:
    """Accuracy against confidence, a curve a set of messages; a dot's area shows how many messages it stands for."""
    size = (_SIDE + 2 * _MARGIN) * _SCALE
    picture = Image.new("RGB", (size, size), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(13 * _SCALE)

    def place(x: float, y: float) -> tuple[float, float]:
        return (_MARGIN + x * _SIDE) * _SCALE, (_MARGIN + (1 - y) * _SIDE) * _SCALE

    for step in range(0, 11, 2):
        draw.line([place(step / 10, 0), place(step / 10, 1)], fill=_GRID, width=_SCALE)
        draw.line([place(0, step / 10), place(1, step / 10)], fill=_GRID, width=_SCALE)
        draw.text(place(step / 10, -0.02), f"{step * 10} %", fill=_INK, font=font, anchor="ma")
        draw.text(place(-0.02, step / 10), f"{step * 10} %", fill=_INK, font=font, anchor="rm")
    draw.line([place(0, 0), place(1, 1)], fill=_INK, width=_SCALE)
    draw.text(place(0.5, -0.08), "confidence", fill=_INK, font=font, anchor="ma")
    draw.text(place(0, 1.03), "right", fill=_INK, font=font, anchor="md")
    for number, (name, bins) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        filled = [one for one in bins if one.messages]
        total = sum(one.messages for one in filled)
        draw.line([place(one.confidence, one.accuracy) for one in filled], fill=colour, width=2 * _SCALE)
        for one in filled:
            x, y = place(one.confidence, one.accuracy)
            radius = (3 + 14 * (one.messages / total) ** 0.5) * _SCALE
            draw.ellipse([x - radius, y - radius, x + radius, y + radius], outline=colour, width=2 * _SCALE)
        draw.text(place(0.03, 0.97 - 0.05 * number), f"{name} ({total} messages)", fill=colour, font=font, anchor="lm")
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.save(target, optimize=True)
