"""How often one session and one address may try: counted in the cache, under keyed digests."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest

from wayhome.bureau.persons.vault import blind_index


@dataclass(frozen=True)
class Limit:
    """So many times in a while, for one session, one network address, and one thing tried at."""

    name: str
    a_session: int
    an_address: int
    seconds: int
    a_target: int = 0


def is_reached(request: HttpRequest, limit: Limit, target: str = "") -> bool:
    """Whether this session or address has tried too often, or anybody at this target."""
    keys = _keys(request, limit, target)
    counts = cache.get_many(keys)
    return any(counts.get(key, 0) >= most for key, most in keys.items())


def count(request: HttpRequest, limit: Limit, target: str = "") -> None:
    """Count one try."""
    for key in _keys(request, limit, target):
        # Not incr(): it would put the cache's own time in place of ours.
        cache.set(key, cache.get(key, 0) + 1, limit.seconds)


def _keys(request: HttpRequest, limit: Limit, target: str) -> dict[str, int]:
    whose = {
        f"session {request.session.session_key or ''}": limit.a_session,
        f"address {request.META.get('REMOTE_ADDR', '')}": limit.an_address,
        f"target {target}": limit.a_target,
    }
    if not request.session.session_key:
        whose.pop("session ")
    if not target:
        whose.pop("target ")
    return {
        f"{limit.name}:{blind_index('limit', each).hex()}": most for each, most in whose.items()
    }
