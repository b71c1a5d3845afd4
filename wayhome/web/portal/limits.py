"""How often one session and one address may try: counted in the cache, under keyed digests."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from wayhome.bureau.persons.vault import blind_index


@dataclass(frozen=True)
class Limit:
    """So many times in a while, for one session and for one network address."""

    name: str
    a_session: int
    an_address: int
    seconds: int


# A society's office may type for many families from one address.
NEW_ENQUIRIES = Limit("new", a_session=20, an_address=200, seconds=3600)
WRONG_PINS = Limit("pin", a_session=10, an_address=60, seconds=900)


def is_reached(request: HttpRequest, limit: Limit) -> bool:
    """Whether this session or address has tried too often."""
    counts = cache.get_many(_keys(request, limit))
    return any(counts.get(key, 0) >= most for key, most in _keys(request, limit).items())


def count(request: HttpRequest, limit: Limit) -> None:
    """Count one try."""
    for key in _keys(request, limit):
        # Not incr(): it would put the cache's own time in place of ours.
        cache.set(key, cache.get(key, 0) + 1, limit.seconds)


def _keys(request: HttpRequest, limit: Limit) -> dict[str, int]:
    whose = {
        f"session {request.session.session_key or ''}": limit.a_session,
        f"address {request.META.get('REMOTE_ADDR', '')}": limit.an_address,
    }
    if not request.session.session_key:
        whose.pop("session ")
    return {
        f"{limit.name}:{blind_index('limit', each).hex()}": most for each, most in whose.items()
    }
