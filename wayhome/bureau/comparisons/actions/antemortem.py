"""What families tell of the person they seek, in parts."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from wayhome.bureau.comparisons.models import Talk
from wayhome.bureau.comparisons.rules.antemortem import group_of, why_not_keep_talk
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains.rules.teeth import Tooth
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.dates import read_date
from wayhome.lib.refusal import Refusal, Refused, refuse_if


@dataclass(frozen=True)
class Part:
    """One group of questions in one talk, and what was answered."""

    group: str
    who: str
    said: Mapping[str, str]
    teeth: Mapping[int, Tooth]
    chart_on: str = ""


@transaction.atomic
def keep_talk(*, enquiry: Enquiry, part: Part, by: Staff) -> Talk:
    """Keep what was told; earlier talks stay as they were."""
    by.must(Permission.TAKE_ANTEMORTEM)
    group = group_of(part.group)
    if group is None:
        raise Refused(Refusal("talk.group", _("There is no such part.")))
    said = {name: text.strip() for name, text in part.said.items() if name in group.fields}
    said = {name: text for name, text in said.items() if text}
    refuse_if(why_not_keep_talk(said, part.teeth, who=part.who, chart_on=part.chart_on))
    day = read_date(part.chart_on) if part.teeth else None
    talk = Talk.objects.create(
        enquiry=enquiry,
        key=enquiry.key,
        group=part.group,
        who=part.who.strip(),
        said=said,
        teeth={str(number): tooth.value for number, tooth in part.teeth.items()},
        chart_on=day.text if day else "",
        by=by,
    )
    number = enquiry.bureau_number
    journal.record("ante-mortem data taken", subject=talk, by=by, person=number)
    return talk
