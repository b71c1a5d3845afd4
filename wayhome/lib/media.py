"""Papers people send, drawn anew: nothing of the file they sent is left but what can be seen.

What a file is follows from its content, never from its name. `redrawn` and `signature` run inside
the sandbox; `redraw` and `redraw_signature` are what the bureau calls.
"""

import base64
import io
import warnings
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageOps

from wayhome.lib.sandbox import FailureKind, SandboxFailure, run_sandboxed

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_SIDE = 2400
MOST_PAGES = 20
MOST_PIXELS = 60_000_000
SIGNATURE_PIXELS = (700, 240)
QUALITY = 85
SECONDS = 60
MEMORY_BYTES = 1024 * 1024 * 1024
PICTURES = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "MPO")
_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_PDF_WITHIN = 1024  # where readers look for "%PDF-"
_DOTS_PER_POINT = 2.0


class Refused(StrEnum):
    """Why a paper was not taken."""

    TOO_LARGE = "too_large"
    NOT_A_PICTURE_OR_PDF = "not_a_picture_or_pdf"
    ENCRYPTED_PDF = "encrypted_pdf"
    TOO_MANY_PAGES = "too_many_pages"
    UNREADABLE = "unreadable"


class MediaRefused(Exception):
    """A paper that cannot be taken; `kind` says why. Holds no word of the file."""

    def __init__(self, kind: Refused) -> None:
        self.kind = kind
        super().__init__(str(kind))


@dataclass(frozen=True)
class Redrawn:
    """A paper drawn anew: its bytes, its media type, how many pages."""

    content: bytes
    media_type: str
    pages: int


@dataclass(frozen=True)
class Limits:
    """How large a file may be, and what drawing it anew may take."""

    largest_bytes: int
    seconds: int
    memory_bytes: int


def drawn_in_sandbox(function: str, file: Path | bytes, limits: Limits) -> dict[str, Any]:
    """What a function of ours says of a file, called in the sandbox. Raises MediaRefused."""
    size = file.stat().st_size if isinstance(file, Path) else len(file)
    if size > limits.largest_bytes:
        raise MediaRefused(Refused.TOO_LARGE)
    try:
        said: dict[str, Any] = run_sandboxed(
            function, file, seconds=limits.seconds, memory_bytes=limits.memory_bytes
        )
    except SandboxFailure as failure:
        large = failure.kind in (FailureKind.TOO_LARGE, FailureKind.TOO_SLOW)
        raise MediaRefused(Refused.TOO_LARGE if large else Refused.UNREADABLE) from None
    if "refused" in said:
        raise MediaRefused(Refused(said["refused"]))
    return said


def redraw(file: Path | bytes) -> Redrawn:
    """Draw a picture or PDF anew in the sandbox. Raises MediaRefused."""
    limits = Limits(LARGEST_FILE, SECONDS, MEMORY_BYTES)
    said = drawn_in_sandbox("wayhome.lib.media.redrawn", file, limits)
    return Redrawn(base64.b64decode(said["content"]), said["media_type"], said["pages"])


def redrawn(content: bytes) -> dict[str, Any]:
    """As `redraw`, in this process: a value that JSON can hold."""
    try:
        made, media_type, pages = _drawn(content)
    except MediaRefused as refused:
        return {"refused": str(refused.kind)}
    told = base64.b64encode(made).decode()
    return {"content": told, "media_type": media_type, "pages": pages}


def redraw_signature(file: bytes) -> bytes | None:
    """A signature, drawn or scanned, as a small grey PNG. None if none can be seen in the file."""
    if len(file) > LARGEST_FILE:
        return None
    try:
        said = run_sandboxed(
            "wayhome.lib.media.signature", file, seconds=SECONDS, memory_bytes=MEMORY_BYTES
        )
    except SandboxFailure:
        return None
    return base64.b64decode(said["content"]) or None


def signature(content: bytes) -> dict[str, Any]:
    """As `redraw_signature`, in this process; empty if all of the picture is one shade."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        opened = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
        if opened.width * opened.height > MOST_PIXELS:
            return {"content": ""}
        grey = _on_white(ImageOps.exif_transpose(opened)).convert("L")
    darkest, lightest = grey.getextrema()
    if darkest == lightest:
        return {"content": ""}
    clean = Image.new("L", grey.size)
    clean.paste(grey)
    clean.thumbnail(SIGNATURE_PIXELS)
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return {"content": base64.b64encode(out.getvalue()).decode()}


def starts_as(content: bytes) -> str:
    """What a file is by its first octets: "picture", "pdf", or "" for anything else."""
    if content.startswith(_STARTS):
        return "picture"
    return "pdf" if b"%PDF-" in content[:_PDF_WITHIN] else ""


def _drawn(content: bytes) -> tuple[bytes, str, int]:
    if len(content) > LARGEST_FILE:
        raise MediaRefused(Refused.TOO_LARGE)
    if starts_as(content) == "picture":
        return _picture(content), "image/jpeg", 1
    if starts_as(content) == "pdf":
        made, pages = _pdf(content)
        return made, "application/pdf", pages
    raise MediaRefused(Refused.NOT_A_PICTURE_OR_PDF)


def _picture(content: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(content), formats=PICTURES)
            if opened.width * opened.height > MOST_PIXELS:
                raise MediaRefused(Refused.TOO_LARGE)
            return clean_jpeg(ImageOps.exif_transpose(opened))
    except (MediaRefused, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise MediaRefused(Refused.TOO_LARGE) from None
    except Exception:  # Pillow's readers raise nearly anything on broken input
        raise MediaRefused(Refused.UNREADABLE) from None


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode not in ("RGBA", "LA", "P", "PA"):
        return picture
    picture = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)


def clean_jpeg(picture: Image.Image) -> bytes:
    """A picture's pixels, and nothing else of it, as JPEG."""
    picture = _on_white(picture)
    # A new image holds pixels alone: no EXIF, profile or comment can travel with it.
    clean = Image.new("RGB", picture.size)
    clean.paste(picture.convert("RGB"))
    clean.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _pdf(content: bytes) -> tuple[bytes, int]:
    try:
        source = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower() or "security" in str(error).lower()
        raise MediaRefused(Refused.ENCRYPTED_PDF if locked else Refused.UNREADABLE) from None
    try:
        if len(source) > MOST_PAGES:
            raise MediaRefused(Refused.TOO_MANY_PAGES)
        if not len(source):
            raise MediaRefused(Refused.UNREADABLE)
        return _pages_drawn(source), len(source)
    except pdfium.PdfiumError:
        raise MediaRefused(Refused.UNREADABLE) from None
    finally:
        source.close()


def _pages_drawn(source: Any) -> bytes:
    made = pdfium.PdfDocument.new()
    for number in range(len(source)):
        _draw_page(source[number], made)
    out = io.BytesIO()
    made.save(out)
    made.close()
    return out.getvalue()


def _draw_page(page: Any, made: Any) -> None:
    width, height = page.get_size()
    longest = max(width, height, 1.0)
    scale = min(_DOTS_PER_POINT, LARGEST_SIDE / longest)
    drawn = page.render(scale=scale, may_draw_forms=False).to_pil()
    image = pdfium.PdfImage.new(made)
    image.load_jpeg(io.BytesIO(clean_jpeg(drawn)), inline=True)
    image.set_matrix(pdfium.PdfMatrix().scale(width, height))
    new = made.new_page(width, height)
    new.insert_obj(image)
    new.gen_content()
