"""Questions about enquiries that several pages ask."""

from django.db.models import Q

from wayhome.bureau.enquiries.models import EnquiryQuerySet
from wayhome.lib.numbers import parse

SEARCHED = ("surname", "given", "patronymic", "full_name", "service_no", "bureau_number")


def named(rows: EnquiryQuerySet, text: str) -> EnquiryQuerySet:
    """Those of whom each word of the text stands somewhere in the name or the numbers."""
    if number := parse(text):
        return rows.filter(bureau_number=str(number))
    for word in text.split():
        anywhere = Q(list_number__iexact=word)
        for column in SEARCHED:
            anywhere |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(anywhere)
    return rows
