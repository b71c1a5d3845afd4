"""Drawings of figures as plain SVG: each stands beside a table that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

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
