"""Drawings of figures as plain SVG: each stands beside a table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor

from wayhome.bureau.matches.checking import Bin

LEFT, TOP, SIZE, WIDE = 40.0, 10.0, 240.0, 480.0  # of the drawing's field, in its own units
LARGEST, SMALLEST = 9.0, 3.5  # of a point, by how many pairs it stands for


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    low: float = 0.0
    high: float = 0.0
    size: float = SMALLEST
    is_off: bool = False


def _height(share: float) -> float:
    return round(TOP + SIZE * (1.0 - share), 1)


def calibration_points(bins: Sequence[Bin]) -> list[Point]:
    """What was said to the right, what people found upwards; a larger point is more pairs."""
    most = max((each.pairs for each in bins), default=1)
    return [
        Point(
            x=round(LEFT + SIZE * each.said, 1),
            y=_height(each.same),
            low=_height(each.low),
            high=_height(each.high),
            size=round(SMALLEST + (LARGEST - SMALLEST) * (each.pairs / most) ** 0.5, 1),
            is_off=each.is_off,
        )
        for each in bins
    ]


def line_points(shares: Sequence[float]) -> list[Point]:
    """One share a week, from left to right."""
    step = WIDE / max(len(shares) - 1, 1)
    return [Point(round(LEFT + step * at, 1), _height(share)) for at, share in enumerate(shares)]


def as_line(points: Sequence[Point]) -> str:
    """The points of a polyline."""
    return " ".join(f"{point.x},{point.y}" for point in points)


@dataclass(frozen=True)
class WeightChart:
    """Weights in the order of time: the line, and the kilograms at its lower and upper edge."""

    line: str
    points: list[Point]
    least: int
    most: int


STEP_KG = 5


def weight_chart(series: Sequence[tuple[datetime, float]]) -> WeightChart | None:
    """None of fewer than two weights: a point is no line. `series` holds (when, kilograms)."""
    if len(series) < 2:
        return None
    weights = [kg for _at, kg in series]
    least = floor(min(weights) / STEP_KG) * STEP_KG
    most = max(ceil(max(weights) / STEP_KG) * STEP_KG, least + STEP_KG)
    begin, end = series[0][0], series[-1][0]
    whole = max((end - begin).total_seconds(), 1.0)
    points = [
        Point(
            x=round(LEFT + WIDE * ((at - begin).total_seconds() / whole), 1),
            y=_height((kg - least) / (most - least)),
        )
        for at, kg in series
    ]
    return WeightChart(as_line(points), points, least, most)
