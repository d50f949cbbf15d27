"""The city as a small drawing: outlines of the arrondissements and points on them, without tiles and without a script."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

WIDTH = 1_000
_TOLERANCE = 0.0006
"""Degrees by which an outline may be simplified: about 60 m, less than a line's width."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One arrondissement: its id, the path of its border, and where its number stands."""

    id: str
    path: str
    x: float
    y: float


class CityMap:
    """Projects the city into a drawing of `WIDTH` units and the `height` that keeps its shape."""

    def __init__(self, polygons: Mapping[str, BaseGeometry]) -> None:
        bounds = [polygon.bounds for polygon in polygons.values()]
        self._west, self._north = min(b[0] for b in bounds), max(b[3] for b in bounds)
        east, south = max(b[2] for b in bounds), min(b[1] for b in bounds)
        self._per_degree = WIDTH / (east - self._west)
        self._stretch = 1 / math.cos(math.radians((south + self._north) / 2))
        self.height = round((self._north - south) * self._per_degree * self._stretch)
        self.outlines = [self._outline(id_, polygon) for id_, polygon in polygons.items()]

    def point(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a place lies in the drawing."""
        x = (lon - self._west) * self._per_degree
        y = (self._north - lat) * self._per_degree * self._stretch
        return round(x, 1), round(y, 1)

    def _outline(self, id_: str, polygon: BaseGeometry) -> Outline:
        simple = polygon.simplify(_TOLERANCE)
        shapes = list(simple.geoms) if isinstance(simple, MultiPolygon) else [simple]
        path = "".join(self._ring(shape) for shape in shapes if isinstance(shape, Polygon))
        inside = polygon.representative_point()
        x, y = self.point(inside.y, inside.x)
        return Outline(id_, path, x, y)

    def _ring(self, shape: Polygon) -> str:
        points = (self.point(lat, lon) for lon, lat in shape.exterior.coords)
        return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"
