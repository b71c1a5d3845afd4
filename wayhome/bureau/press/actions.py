"""Refuse what the press asks, and keep that it asked."""

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.press import rules
from wayhome.bureau.press.models import PressRequest
from wayhome.bureau.press.rules import Asked
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if


@transaction.atomic
def refuse_request(*, asked: Asked, who: str, outlet: str, words: str, by: Staff) -> PressRequest:
    """Keep the request with the article that forbids it. Nothing is looked up for it."""
    by.must(Permission.REFUSE_PRESS)
    refuse_if(rules.why_not_keep(who))
    new = PressRequest.objects.create(
        key=PersonKey.make(),
        asked=asked,
        content={"who": who.strip(), "outlet": outlet.strip(), "words": words.strip()},
        provision=rules.why_not_publish(asked).provision,
        by=by,
        at=timezone.now(),
    )
    journal.record("press request refused", subject=new, by=by, purpose=new.provision)
    return new
