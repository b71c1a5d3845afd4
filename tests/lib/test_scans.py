"""Codes are read from poor pictures; of a file nothing is left but what can be seen."""

import base64
import io

import pytest
import segno
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter

from tests.paper import as_file, photographed, written_on
from wayhome.lib.media import MediaRefused
from wayhome.lib.scans import drawn_sides, read_codes, sides_of
from wayhome.lib.sheet_codes import OnSheet, for_picture, new_sheet_code

pytestmark = pytest.mark.slow
CODE = new_sheet_code()


@pytest.fixture(scope="module")
def page() -> Image.Image:
    """A page of 105 by 148 mm with its code in a corner, written on."""
    drawn, out = Image.new("RGB", (840, 1184), "white"), io.BytesIO()
    segno.make_qr(for_picture(CODE, 1), error="h").save(out, kind="png", scale=6, border=2)
    drawn.paste(Image.open(out).convert("RGB"), (640, 20))
    return written_on(drawn)


def _dark(page: Image.Image) -> Image.Image:
    return ImageEnhance.Brightness(page).enhance(0.15)


def _grainy(page: Image.Image) -> Image.Image:
    noise = Image.effect_noise(page.size, 110).convert("RGB")
    return Image.blend(page, noise, 0.35)


def _compressed(page: Image.Image) -> Image.Image:
    return Image.open(io.BytesIO(as_file(page, quality=8)))


def _leaning(page: Image.Image) -> Image.Image:
    width, height = page.size
    corners = (-60, -30, 40, height - 20, width + 70, height + 50, width + 10, -60)
    return page.transform(page.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


@pytest.mark.parametrize(
    "worse",
    [
        lambda page: page,
        *[lambda page, by=by: photographed(page, turned=by) for by in (3, 45, 90, 200, 269)],
        lambda page: photographed(page, turned=11, scale=0.6),
        lambda page: page.filter(ImageFilter.GaussianBlur(3)),
        _dark,
        _grainy,
        _compressed,
        _leaning,
    ],
)
def test_a_code_is_read_turned_leaning_dark_small_grainy_or_blurred(page, worse):
    codes, _ = read_codes(worse(page))

    assert codes == (OnSheet(CODE, 1),)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_side_is_turned_upright_by_its_code(page, quarters):
    turned = page.rotate(90 * quarters, expand=True)

    (side,) = drawn_sides(as_file(turned))["sides"]

    upright = Image.open(io.BytesIO(base64.b64decode(side["picture"])))
    assert upright.size == page.size
    small = [each.convert("L").resize((40, 40)).tobytes() for each in (upright, page)]
    difference = [abs(a - b) for a, b in zip(*small, strict=True)]
    assert sum(difference) / len(difference) < 8


def test_every_page_of_a_scanners_file_is_a_side(page):
    turned = page.rotate(180)
    for kind in ("TIFF", "PDF"):
        sides = sides_of(as_file(page, Image.new("RGB", page.size, "white"), turned, kind=kind))
        assert [side.codes for side in sides] == [(OnSheet(CODE, 1),), (), (OnSheet(CODE, 1),)]


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"%PDF-1.7 broken", b"\xff\xd8\xff broken", b"II*\x00broken"]
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(MediaRefused):
        sides_of(content)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200), st.sampled_from([b"%PDF-", b"\x89PNG\r\n", b"II*\x00", b"GIF8"]))
def test_any_octets_give_sides_or_a_refusal(octets, start):
    said = drawn_sides(start + octets)
    assert set(said) <= {"sides", "refused"}
