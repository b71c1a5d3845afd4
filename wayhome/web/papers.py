"""A file that a browser shows instead of keeping it."""

from django.http import HttpResponse


def to_read(content: bytes, name: str, media_type: str = "application/pdf") -> HttpResponse:
    """The file, under a name that should say nothing of anybody."""
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
