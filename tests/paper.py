"""A sheet as it comes back: written on by hand, then scanned or photographed, well or poorly."""

import io
import random
from collections.abc import Callable

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFilter

Worse = Callable[[Image.Image], Image.Image]
DOTS_PER_MM = 8  # 203 to an inch


def pages_of(pdf: bytes) -> list[Image.Image]:
    """The pages of a printed PDF, as a scanner sees them."""
    source = pdfium.PdfDocument(pdf)
    drawn = [page.render(scale=DOTS_PER_MM * 25.4 / 72).to_pil() for page in source]
    source.close()
    return drawn


def written_on(page: Image.Image, seed: int = 7) -> Image.Image:
    """The page with lines of nobody's hand on its lower two thirds."""
    by_hand, page = random.Random(seed), page.copy()
    pen = ImageDraw.Draw(page)
    for y in range(page.height // 2, page.height - 90, 64):
        line = [(x, y + by_hand.randint(-14, 14)) for x in range(90, page.width - 90, 11)]
        pen.line(line, fill=(30, 30, 110), width=4)
    return page


def as_file(*pictures: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    """One file of these pictures: JPEG or PNG of one, TIFF or PDF of several."""
    out = io.BytesIO()
    first, *others = (picture.convert("RGB") for picture in pictures)
    several = {"save_all": True, "append_images": others} if kind in ("TIFF", "PDF") else {}
    first.save(out, kind, **several, **more)
    return out.getvalue()


def photographed(page: Image.Image, turned: float = 0, scale: float = 1.0) -> Image.Image:
    """The page on a dark table, turned, in uneven light, a little out of focus."""
    width, height = page.size
    table = Image.new("RGB", (width * 13 // 10, height * 12 // 10), (70, 60, 55))
    table.paste(page, (width * 15 // 100, height // 10))
    table = table.rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor=(70, 60, 55))
    table = table.resize((int(table.width * scale), int(table.height * scale)))
    light = Image.linear_gradient("L").resize(table.size).point(lambda shade: 90 + shade * 0.6)
    shaded = Image.composite(table, Image.new("RGB", table.size), light)
    return shaded.filter(ImageFilter.GaussianBlur(1.5))
