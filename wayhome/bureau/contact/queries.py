"""Questions about letters that several pages ask."""

from datetime import datetime

from django.db.models import Max, Q
from django.db.models.functions import Coalesce

from wayhome.bureau.captives.models import Captive, CaptiveQuerySet
from wayhome.bureau.consents.models import Sitting, of_same_man
from wayhome.bureau.contact.models import Letter
from wayhome.bureau.contact.rules import NO_NEWS_FOR, WENT_ON, Direction, is_long_since

CAME_TO_HIM = Q(letters__direction=Direction.TO_HIM, letters__state__in=WENT_ON)


def without_news(men: CaptiveQuerySet, now: datetime) -> CaptiveQuerySet:
    """Those in custody to whom nothing came for four weeks; `news_since` says since when (71)."""
    last = Coalesce(Max("letters__reviewed_at", filter=CAME_TO_HIM), "registered_at")
    rows = men.in_custody().filter(same_as=None).annotate(news_since=last)
    return rows.filter(news_since__lte=now - NO_NEWS_FOR)


def is_without_news(sitting: Sitting, now: datetime) -> bool:
    """Whether four weeks passed since anything came to him, or since he was registered."""
    captive: Captive = sitting.captive.principal
    came = Letter.objects.filter(of_same_man(captive), direction=Direction.TO_HIM)
    last = came.filter(state__in=WENT_ON).aggregate(last=Max("reviewed_at"))["last"]
    return is_long_since(last or captive.registered_at, now)
