import io
import struct
import time
import zlib

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from wayhome.lib.media import LARGEST_FILE, MediaRefused, redraw, redraw_signature, redrawn

pytestmark = pytest.mark.slow
PLACE = "Вигадана Балка"
LATITUDE, PLACE_TAG, ORIENTATION = 2, 0x010E, 0x0112


def picture(size=(600, 300), form="JPEG", **saved) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, form, **saved)
    return out.getvalue()


def telling_photo() -> bytes:
    exif = Image.Exif()
    exif[PLACE_TAG], exif[ORIENTATION] = PLACE, 6
    exif.get_ifd(0x8825)[LATITUDE] = (50.0, 27.0, 0.0)
    return picture(exif=exif.tobytes(), comment=PLACE.encode())


def pdf(pages=1, password="") -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(picture((200, 300), "PDF")))
    for _ in range(pages - 1):
        writer.add_blank_page(200, 300)
    writer.add_metadata({"/Title": PLACE, "/Author": "Vyhadana Balka"})
    writer.add_attachment("place.txt", PLACE.encode())
    script = NameObject("/S"), NameObject("/JavaScript")
    said = NameObject("/JS"), TextStringObject("app.alert('Vyhadana Balka')")
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject([script, said])
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1_000_000)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", body), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_a_photo_no_longer_says_where_it_was_taken():
    sent = telling_photo()
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)

    made = redraw(sent)

    kept = Image.open(io.BytesIO(made.content))
    assert made.media_type == "image/jpeg"
    assert not kept.getexif()
    assert "comment" not in kept.info
    assert PLACE.encode() not in made.content
    assert kept.size == (300, 600)  # it stands as it was held


def test_a_large_photo_is_made_smaller():
    kept = Image.open(io.BytesIO(redraw(picture((5000, 2500), "PNG")).content))

    assert (kept.format, kept.size) == ("JPEG", (2400, 1200))


def test_a_pdf_keeps_nothing_but_what_can_be_seen():
    sent = pdf(2)
    made = redraw(sent)

    kept = pypdf.PdfReader(io.BytesIO(made.content))
    assert (made.media_type, made.pages, len(kept.pages)) == ("application/pdf", 2, 2)
    assert pypdf.PdfReader(io.BytesIO(sent)).metadata.title == PLACE
    assert not kept.metadata or PLACE not in str(kept.metadata)
    assert not kept.attachments
    for planted in (PLACE.encode(), PLACE.encode("utf-16-be"), b"Balka", b"JavaScript"):
        assert planted not in made.content


def test_a_pdf_still_shows_what_it_showed():
    drawn = io.BytesIO()
    Image.new("RGB", (200, 300), (200, 30, 30)).save(drawn, "PDF")

    kept = pypdf.PdfReader(io.BytesIO(redraw(drawn.getvalue()).content))

    seen = kept.pages[0].images[0].image.convert("RGB").getpixel((50, 50))
    assert all(abs(a - b) < 12 for a, b in zip(seen, (200, 30, 30), strict=True))


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (b"x" * (LARGEST_FILE + 1), "too_large"),
        (b"", "not_a_picture_or_pdf"),
        (b"PK\x03\x04 a zip", "not_a_picture_or_pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_a_picture_or_pdf"),
        (picture()[:300], "unreadable"),
        (b"%PDF-1.7 nothing", "unreadable"),
        (bomb(60_000, 60_000), "too_large"),
        (pdf(21), "too_many_pages"),
        (pdf(1, "secret"), "encrypted_pdf"),
    ],
)
def test_a_paper_that_cannot_be_taken_is_refused_by_its_kind_and_quickly(sent, kind):
    began = time.monotonic()
    with pytest.raises(MediaRefused) as refused:
        redraw(sent)
    assert refused.value.kind == kind
    assert time.monotonic() - began < 10


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-1.4\n", b"GIF89a", b"BM", b""]),
    st.binary(max_size=300),
)
def test_any_bytes_are_a_paper_or_refused(start, rest):
    assert redrawn(start + rest).keys() in ({"refused"}, {"content", "media_type", "pages"})


def test_a_signature_is_small_and_grey_and_says_nothing_of_its_paper():
    scan = Image.open(io.BytesIO(telling_photo()))
    scan.paste("black", (50, 50, 200, 60))
    out = io.BytesIO()
    scan.save(out, "JPEG", exif=scan.getexif().tobytes(), comment=PLACE.encode())

    made = redraw_signature(out.getvalue())

    assert made is not None
    kept = Image.open(io.BytesIO(made))
    assert (kept.format, kept.mode, kept.info) == ("PNG", "L", {})
    assert kept.width <= 700
    assert PLACE.encode() not in made


@pytest.mark.parametrize(
    "what",
    [b"", b"no picture", picture(), bomb(30_000, 30_000), b"\xff\xd8\xff" + b"0" * LARGEST_FILE],
    ids=["nothing", "text", "one shade", "bomb", "too large"],
)
def test_where_no_signature_can_be_seen_none_is_kept(what):
    assert redraw_signature(what) is None
