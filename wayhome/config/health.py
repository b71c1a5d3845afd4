"""Is everything here that a request needs? 200 or 503, in plain JSON."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from wayhome.web.access import public


@public()
def healthz(request: HttpRequest) -> HttpResponse:
    """200 only when database, journal and queue are ready (and, in a demo, its data prepared)."""
    parts = {
        "database": _answers("SELECT 1"),
        "journal": _answers("SELECT count(*) FROM journal_checkpoint"),
        "queue": _answers("SELECT 1 FROM procrastinate_jobs LIMIT 1"),
    }
    if settings.DEMO:
        parts["demo"] = settings.FOLDER.is_prepared
    ready = all(parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def _answers(question: str) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
    except DatabaseError:
        return False
    return True
