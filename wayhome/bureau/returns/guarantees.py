"""Guarantees for a journey: printed for a named authority, signed on paper, recorded, ended."""

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.returns.announcements import guarantee_ended
from wayhome.bureau.returns.boards import locked, person_of
from wayhome.bureau.returns.facts import she_comes
from wayhome.bureau.returns.genuine import What, new_code
from wayhome.bureau.returns.models import Application, Guarantee
from wayhome.bureau.returns.rules import ApplicationState
from wayhome.bureau.returns.rules.guarantees import (
    PROMISES,
    why_not_end,
    why_not_make,
    why_not_sign,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.jurisdiction import profile
from wayhome.lib.printing import printed
from wayhome.lib.refusal import refuse_if

HERE = Path(__file__).parent
OF_THE_STATE = "uk"  # the authority signs what it can read


def guarantee_of(application: Application) -> Guarantee | None:
    """The one that is being signed, or stands."""
    rows = application.guarantees.filter(ended_at=None)
    return rows.select_related("key", "made_by", "recorded_by").first()


@transaction.atomic
def make_guarantee(*, application: Application, authority: str, by: Staff) -> Guarantee:
    """Make the paper ready that this authority is to sign; it has a code of its own."""
    by.must(Permission.SET_APPOINTMENT)
    application = locked(application)
    refuse_if(
        why_not_make(
            state=ApplicationState(application.state),
            she_comes=she_comes(application),
            one_stands=guarantee_of(application) is not None,
            authority_known=profile().authority(authority) is not None,
        )
    )
    new = Guarantee(
        application=application,
        key=application.key,
        authority=authority,
        made_by=by,
        made_at=timezone.now(),
    )
    new.code = new_code(What.GUARANTEE, new)
    new.save(force_insert=True)
    journal.record("guarantee printed", subject=new, by=by, person=person_of(application))
    return new


@transaction.atomic
def record_signature(
    *, guarantee: Guarantee, signed_by: str, signed_on: date, by: Staff
) -> Guarantee:
    """The paper came back signed: from now on somebody may travel on it."""
    by.must(Permission.SET_APPOINTMENT)
    application = locked(guarantee.application)
    guarantee = _again(guarantee)
    refuse_if(
        why_not_sign(
            signed=guarantee.signed_on is not None,
            ended=guarantee.ended_at is not None,
            signed_by=signed_by,
            signed_on=signed_on,
            made_on=timezone.localdate(guarantee.made_at),
            today=timezone.localdate(),
        )
    )
    guarantee.signed_by, guarantee.signed_on = signed_by.strip(), signed_on
    guarantee.recorded_by, guarantee.recorded_at = by, timezone.now()
    guarantee.save()
    journal.record("guarantee recorded", subject=guarantee, by=by, person=person_of(application))
    return guarantee


@transaction.atomic
def end_guarantee(*, guarantee: Guarantee, by: Staff) -> Guarantee:
    """It is not to be signed, or stands no longer: nobody sets out on it."""
    by.must(Permission.SET_APPOINTMENT)
    application = locked(guarantee.application)
    guarantee = _again(guarantee)
    refuse_if(why_not_end(ended=guarantee.ended_at is not None))
    guarantee.ended_by, guarantee.ended_at = by, timezone.now()
    guarantee.save(update_fields=["ended_by", "ended_at"])
    journal.record("guarantee ended", subject=guarantee, by=by, person=person_of(application))
    guarantee_ended.send(Guarantee, guarantee=guarantee)
    return guarantee


def _again(guarantee: Guarantee) -> Guarantee:
    return Guarantee.objects.select_related("key", "application").get(pk=guarantee.pk)


# The paper.


def document_of(guarantee: Guarantee) -> bytes:
    """The guarantee as PDF/A-2b, in the language of whoever travels and in the authority's."""
    return printed(HERE / "guarantee.typ", told_in_guarantee(guarantee), guarantee.made_at)


def told_in_guarantee(guarantee: Guarantee) -> dict[str, Any]:
    """Everything that stands on the paper. Of him there is nothing in it."""
    enquiry = guarantee.application.enquiry
    assert enquiry is not None, "a guarantee is for somebody who comes"
    name, hers = enquiry.enquirer.name or "", enquiry.enquirer.language
    languages = list(dict.fromkeys([hers, OF_THE_STATE]))
    return {
        "language": hers,
        "name": name,
        "code": guarantee.code or "",
        "parts": [_part(guarantee, language) for language in languages],
    }


def _part(guarantee: Guarantee, language: str) -> dict[str, Any]:
    country = profile()
    authority = country.authority(guarantee.authority)
    with translation.override(language):
        return {
            "language": language,
            "demo": _("Demonstration: every person is invented") if settings.DEMO else "",
            "title": _("Guarantee for a journey"),
            "for": _("For"),
            "given_by": _("Authority"),
            "authority": str(authority or ""),
            "lead": _("This authority gives its word for the whole way, there and back:"),
            "promises": [str(each) for each in PROMISES],
            "law": _("Fourth Geneva Convention, Articles 27 and 35"),
            "if_broken": _("If something of this is not kept, stop and tell one of these:"),
            "neutrals": [str(each) for each in country.neutrals],
            "sign": [
                _("Name and office"),
                _("Signature and seal"),
                _("Date"),
            ],
            "code": _("Code of this paper"),
            "second_way": country.second_way[language],
        }
