"""Charts for docs/ as SVG: lines over two logarithmic axes, readable without colour.

Every line has a mark and a dash of its own, and its name beside its end; `<desc>` has the numbers
in words for whoever does not see them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from xml.sax.saxutils import escape, quoteattr

INK, GRID, PAPER = "#1b2733", "#d5dbe1", "#ffffff"
FONT = "PT Sans, Helvetica, Arial, sans-serif"
WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 96, 180, 44, 52  # margins
LETTER_HEIGHT = 15
FEW_DECADES = 2  # below, 2 and 5 have ticks too
DASHES = ("", "7 4", "2 3", "9 3 2 3", "12 4", "4 2")
MARKS = (
    "M{x} {y}m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
    "M{x} {y}m-4 -4h8v8h-8z",
    "M{x} {y}m0 -5l5 9h-10z",
    "M{x} {y}m0 -5l5 5l-5 5l-5 -5z",
    "M{x} {y}m-4 -4l8 8m0 -8l-8 8",
    "M{x} {y}m-5 0h10m-5 -5v10",
)


@dataclass(frozen=True)
class Line:
    """What was measured, as (x, y), both above zero."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis between two numbers, along so many pixels from `start`."""

    low: float
    high: float
    start: float
    length: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, length: float) -> "Axis":
        """Whole decades, or less where the values are close together."""
        low, high = min(values), max(values)
        if log10(high / low) >= FEW_DECADES:
            return cls(10 ** floor(log10(low)), 10 ** ceil(log10(high)), start, length)
        below = max(x for x in _steps(low) if x <= low * 1.001)
        above = min(x for x in _steps(high) if x >= high * 0.999 and x > below)
        return cls(below, above, start, length)

    def at(self, value: float) -> float:
        """Where a value stands, in pixels."""
        return self.start + self.length * log10(value / self.low) / log10(self.high / self.low)

    def ticks(self) -> list[float]:
        """Powers of ten, and 2 and 5 of each on a short axis."""
        every = sorted({x for y in (self.low, self.high) for x in _steps(y)} | _between(self))
        inside = [x for x in every if self.low * 0.999 <= x <= self.high * 1.001]
        if log10(self.high / self.low) < FEW_DECADES:
            return inside
        return [x for x in inside if round(log10(x), 6).is_integer()]


def _steps(value: float) -> list[float]:
    power = floor(log10(value))
    return [m * 10.0**p for p in (power - 1, power, power + 1) for m in (1, 2, 5)]


def _between(axis: Axis) -> set[float]:
    powers = range(floor(log10(axis.low)), ceil(log10(axis.high)) + 1)
    return {10.0**x for x in powers}


def chart(title: str, x_label: str, y_label: str, lines: Sequence[Line]) -> str:
    """A picture of these lines; the labels name the units."""
    points = [x for line in lines for x in line.points]
    across = Axis.over([x for x, _ in points], LEFT, WIDTH - LEFT - RIGHT)
    up = Axis.over([y for _, y in points], HEIGHT - BOTTOM, TOP + BOTTOM - HEIGHT)
    middle, half = LEFT + across.length / 2, (TOP + HEIGHT - BOTTOM) / 2
    parts = [
        _text(LEFT, 24, title, size=15, how='font-weight="bold"'),
        *_grid(across, up),
        _text(middle, HEIGHT - 12, x_label, how='text-anchor="middle"'),
        _text(0, 0, y_label, how=f'text-anchor="middle" transform="translate(16 {half:g}) '
              'rotate(-90)"'),
        *_drawn(lines, across, up),
    ]  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-label={quoteattr(title)} font-family="{FONT}" '
        f'fill="none" stroke="{INK}" stroke-width="1.6">\n'
        f"<title>{escape(title)}</title>\n<desc>{escape(described(x_label, y_label, lines))}"
        f'</desc>\n<rect width="{WIDTH}" height="{HEIGHT}" rx="6" fill="{PAPER}" '
        'stroke="none"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def described(x_label: str, y_label: str, lines: Sequence[Line]) -> str:
    """The numbers in words."""
    told = [
        f"{line.name}: " + ", ".join(f"{shown(y)} at {shown(x)}" for x, y in line.points)
        for line in lines
    ]
    return f"{y_label} against {x_label}. " + "; ".join(told) + "."


def shown(value: float) -> str:
    """A number in three digits, as people write it."""
    for unit, word in ((1e9, " billion"), (1e6, " million")):
        if value >= unit:
            return f"{value / unit:.3g}{word}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _grid(across: Axis, up: Axis) -> Iterator[str]:
    bottom, right = HEIGHT - BOTTOM, LEFT + across.length
    for value in across.ticks():
        x = round(across.at(value), 1)
        yield f'<path d="M{x:g} {TOP}V{bottom}" stroke="{GRID}" stroke-width="1"/>'
        yield _text(x, bottom + 18, shown(value), how='text-anchor="middle"')
    for value in up.ticks():
        y = round(up.at(value), 1)
        yield f'<path d="M{LEFT} {y:g}H{right:g}" stroke="{GRID}" stroke-width="1"/>'
        yield _text(LEFT - 8, y + 4, shown(value), how='text-anchor="end"')
    yield f'<path d="M{LEFT} {TOP}V{bottom}H{right:g}"/>'


def _drawn(lines: Sequence[Line], across: Axis, up: Axis) -> Iterator[str]:
    """The lines; their names stand to the right in the order of their ends, none on another."""
    ends = sorted(range(len(lines)), key=lambda n: up.at(lines[n].points[-1][1]))
    free = float(TOP)
    name_at = {}
    for n in ends:
        name_at[n] = max(up.at(lines[n].points[-1][1]), free)
        free = name_at[n] + LETTER_HEIGHT
    for n, line in enumerate(lines):
        at = [(round(across.at(x), 1), round(up.at(y), 1)) for x, y in line.points]
        dash = f' stroke-dasharray="{DASHES[n % len(DASHES)]}"' if n % len(DASHES) else ""
        mark = MARKS[n % len(MARKS)]
        label = (LEFT + across.length + 22, name_at[n])
        yield f'<path d="M{"L".join(f"{x:g} {y:g}" for x, y in at)}"{dash}/>'
        yield from (f'<path d="{mark.format(x=x, y=y)}" fill="{PAPER}"/>' for x, y in (*at, label))
        yield _text(label[0] + 12, label[1] + 4, line.name)


def _text(x: float, y: float, text: str, size: float = 12, how: str = "") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{INK}" stroke="none" {how}>'
        f"{escape(text)}</text>"
    )
