"""Sheets that come back as pictures: drawn anew side by side, and the codes on them read.

`sides_of` is what the bureau calls; `drawn_sides` runs inside the sandbox. A scanner gives a PDF
or a TIFF of many pages, a telephone a photograph: both are taken. A side whose code was read is
turned upright; nothing else of a picture is read by the machine.
"""

import base64
import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, ImageFilter, ImageOps, ImageSequence

from wayhome.lib.media import (
    MOST_PIXELS,
    PICTURES,
    Limits,
    MediaRefused,
    Refused,
    clean_jpeg,
    drawn_in_sandbox,
    starts_as,
)
from wayhome.lib.sheet_codes import OnSheet, read_picture

LARGEST_FILE = 40 * 1024 * 1024  # a feeder full of sheets, scanned in one go
MOST_SIDES = 60
SECONDS = 300
MEMORY_BYTES = 1536 * 1024 * 1024
_LONGEST_SIDE = 3000  # pixels, in which a code is looked for
_RIGHT_ANGLE = 90


@dataclass(frozen=True)
class Side:
    """One side of a sheet, drawn anew as JPEG, with the codes that were read on it."""

    picture: bytes
    width: int
    height: int
    codes: tuple[OnSheet, ...]


def sides_of(file: Path | bytes) -> list[Side]:
    """The sides in a file, in order, drawn anew in the sandbox. Raises MediaRefused."""
    limits = Limits(LARGEST_FILE, SECONDS, MEMORY_BYTES)
    said = drawn_in_sandbox("wayhome.lib.scans.drawn_sides", file, limits)
    return [_side(one) for one in said["sides"]]


def _side(said: dict[str, Any]) -> Side:
    codes = tuple(OnSheet(code, side) for code, side in said["codes"])
    return Side(base64.b64decode(said["picture"]), said["width"], said["height"], codes)


def drawn_sides(content: bytes) -> dict[str, Any]:
    """As `sides_of`, in this process: a value that JSON can hold."""
    try:
        return {"sides": [_drawn(picture) for picture in _pictures(content)]}
    except MediaRefused as refused:
        return {"refused": str(refused.kind)}


def _drawn(picture: Image.Image) -> dict[str, Any]:
    codes, turned = read_codes(picture)
    made = clean_jpeg(picture.rotate(turned, expand=True) if turned else picture)
    width, height = Image.open(io.BytesIO(made)).size
    return {
        "picture": base64.b64encode(made).decode(),
        "width": width,
        "height": height,
        "codes": [[code.code, code.side] for code in codes],
    }


def _pictures(content: bytes) -> Iterator[Image.Image]:
    if starts_as(content) == "picture":
        return _frames(content)
    if starts_as(content) == "pdf":
        return _pages(content)
    raise MediaRefused(Refused.NOT_A_PICTURE_OR_PDF)


def _frames(content: bytes) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(content), formats=PICTURES)
            frames = getattr(opened, "n_frames", 1) if opened.format == "TIFF" else 1
            if frames > MOST_SIDES:
                raise MediaRefused(Refused.TOO_MANY_PAGES)
            for frame in ImageSequence.Iterator(opened):
                if frame.width * frame.height > MOST_PIXELS:
                    raise MediaRefused(Refused.TOO_LARGE)
                yield ImageOps.exif_transpose(frame)
                if frames == 1:
                    return
    except (MediaRefused, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise MediaRefused(Refused.TOO_LARGE) from None
    except Exception:  # Pillow's readers raise nearly anything on broken input
        raise MediaRefused(Refused.UNREADABLE) from None


def _pages(content: bytes) -> Iterator[Image.Image]:
    try:
        source = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise MediaRefused(Refused.ENCRYPTED_PDF if locked else Refused.UNREADABLE) from None
    try:
        if len(source) > MOST_SIDES:
            raise MediaRefused(Refused.TOO_MANY_PAGES)
        if not len(source):
            raise MediaRefused(Refused.UNREADABLE)
        for number in range(len(source)):
            page = source[number]
            scale = _LONGEST_SIDE / max(*page.get_size(), 1.0)
            yield page.render(scale=scale, may_draw_forms=False).to_pil()
            page.close()
    except pdfium.PdfiumError:
        raise MediaRefused(Refused.UNREADABLE) from None
    finally:
        source.close()


# From the plain look to the patient ones: a picture may be dark, grainy, small or out of focus.
_LOOKS: tuple[Callable[[Image.Image], Image.Image], ...] = (
    lambda grey: grey,
    lambda grey: ImageOps.autocontrast(grey, cutoff=2),
    lambda grey: grey.filter(ImageFilter.MedianFilter(3)),
    lambda grey: grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.BICUBIC),
    lambda grey: ImageOps.autocontrast(grey.filter(ImageFilter.UnsharpMask(6, 250, 0)), cutoff=2),
    lambda grey: grey.resize((grey.width // 2, grey.height // 2), Image.Resampling.BOX),
)
_QR: Any = zxingcpp.BarcodeFormat.QRCode
_BINARIZERS = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)


def read_codes(picture: Image.Image) -> tuple[tuple[OnSheet, ...], int]:
    """Our codes on a picture, and by how many degrees it is turned to stand upright."""
    grey = picture.convert("L")
    grey.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    for look in _LOOKS:
        seen = look(grey)
        for binarizer in _BINARIZERS:
            if found := _found(seen, binarizer):
                return tuple(dict.fromkeys(code for code, _ in found)), found[0][1]
    return (), 0


def _found(grey: Image.Image, binarizer: Any) -> list[tuple[OnSheet, int]]:
    read = zxingcpp.read_barcodes(grey, formats=_QR, binarizer=binarizer)
    codes = [(read_picture(each.text), each.orientation) for each in read]
    return [(code, _upright(turned)) for code, turned in codes if code is not None]


def _upright(turned: int) -> int:
    """Pillow turns against the clock, as many quarters as bring the code upright."""
    return round(turned / _RIGHT_ANGLE) * _RIGHT_ANGLE % 360
