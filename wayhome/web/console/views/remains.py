"""The dead: their list, their page, how they were found, parts of one body, labels."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains import actions
from wayhome.bureau.remains.actions import FirstHands
from wayhome.bureau.remains.models import Change, EffectsList, PartLink, Remains, RemainsQuerySet
from wayhome.bureau.remains.printing import bag_labels, custody_sheet, seal_labels
from wayhome.bureau.remains.queries import numbered
from wayhome.bureau.remains.rules.custody import why_not_hold
from wayhome.bureau.remains.rules.register import (
    KIND_NAMES,
    STATE_NAMES,
    RemainsKind,
    State,
)
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refusal, Refused
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import consignment_page, identification_page, remains_page
from wayhome.web.console.forms.remains import (
    KindForm,
    PartsForm,
    ReasonForm,
    RecoveryForm,
    RegisterForm,
)
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.remains_found_page import found_on
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, see_other
from wayhome.web.papers import to_read

SEE, RECORD, EXAMINE = (
    Permission.SEE_REMAINS, Permission.RECORD_REMAINS, Permission.EXAMINE_REMAINS,
)  # fmt: skip
COLUMNS = {
    "number": "bureau_number",
    "bag": "bag_key",
    "found": "found_on",
    "state": "state",
    "registered": "registered_at",
}
WHOSE = {
    "mine": _("in my hands"),
    "gap": _("chain broken"),
    "waits": _("waits for a signature"),
    "effects": _("effects signed by one alone"),
}
NO_SUCH = Refusal("remains.no_number", _("No remains have this number."), field="number")


def one(request: StaffRequest, remains_number: str) -> Remains:
    rows = Remains.objects.visible_to(request.user).select_related("key", "site")
    return get_object_or_404(rows, bureau_number=remains_number)


def look(request: StaffRequest, remains: Remains, purpose: str = "remains") -> None:
    number = remains.bureau_number
    journal.looked(subject=remains, by=request.user, person=number, purpose=purpose)


def answer(
    request: StaffRequest, name: str, remains: Remains, form: Any, **more: Any
) -> HttpResponse:
    """A page with one form about them; a refused form stands there with what is wrong."""
    context = {"form": form, **remains_page.head(remains, request.LANGUAGE_CODE), **more}
    status = 422 if request.method == "POST" else 200
    return render(request, f"console/remains/{name}.html", context, status=status)


def enter(
    request: StaffRequest,
    name: str,
    remains: Remains,
    form: Any,
    act: Callable[[], object],
    **more: Any,
) -> HttpResponse:
    """Do what a form about them says, once it is sent and right; else the page with the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
            return see_other("console:remains", remains.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, remains)
    return answer(request, name, remains, form, **more)


@allowed(SEE, methods=("GET",))
def remains_list(request: StaffRequest) -> HttpResponse:
    """Remains that this person may see; searched by number, bag or seal."""
    rows = _filtered(request, Remains.objects.visible_to(request.user).select_related("site"))
    columns = sorted_by(request, rows, COLUMNS, "-registered")
    page = page_of(request, columns.prefetch_related("changes__receiver", "changes__key"))
    language = request.LANGUAGE_CODE
    context = {
        "page": page,
        "rows": [remains_page.row(each, language) for each in page.object_list],
        "kinds": [(kind.value, words) for kind, words in KIND_NAMES.items()],
        "states": [(state.value, words) for state, words in STATE_NAMES.items()],
        "whose": list(WHOSE.items()),
        "may_record": request.user.may(RECORD),
        "filtered": any(asked(request, name) for name in ("q", "kind", "state", "only")),
    }
    return render(request, "console/remains/list.html", context)


def _filtered(request: StaffRequest, rows: RemainsQuerySet) -> RemainsQuerySet:
    if kind := asked(request, "kind"):
        rows = rows.filter(kind=kind)
    if state := asked(request, "state"):
        rows = rows.filter(state=state)
    only = asked(request, "only")
    if only == "gap":
        rows = rows.filter(has_gap=True)
    elif only == "mine":
        held = Change.objects.filter(is_last=True, receiver=request.user)
        rows = rows.filter(pk__in=held.values("remains"))
    elif only == "effects":
        alone = EffectsList.objects.filter(second_at=None)
        rows = rows.filter(pk__in=alone.values("remains"))
    elif only == "waits":
        rows = rows.filter(pk__in=Change.objects.waiting().values("remains"))
    return numbered(rows, asked(request, "q"))


@allowed(RECORD)
@once
def register(request: StaffRequest) -> HttpResponse:
    """Remains that a team brings itself; their first custodian is who registers them."""
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        taken_at = form.moment("taken_on", "taken_time")
        try:
            remains = actions.register_remains(
                kind=RemainsKind(said["kind"]),
                bag=clean_line(said["bag"]),
                found=form.found(),
                hands=FirstHands(taken_at, taken_at),
                by=request.user,
            )
            return see_other("console:remains", remains.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/remains/register.html", {"form": form}, status=status)


@allowed(SEE, methods=("GET",))
def remains(request: StaffRequest, remains_number: str) -> HttpResponse:
    """One page: what is known of them, whose hands they are in, what may follow."""
    this = one(request, remains_number)
    look(request, this)
    return render(request, "console/remains/remains.html", page_about(request, this))


def page_about(request: StaffRequest, this: Remains) -> dict[str, Any]:
    person, language = request.user, request.LANGUAGE_CODE
    offer = this.waiting()
    return {
        **remains_page.head(this, language),
        "recoveries": remains_page.recoveries(this, language),
        "seals": [
            shown(seal, "file")
            for seal in this.seals.select_related("key", "by").order_by("-number")
        ],
        "parts": remains_page.parts(this, person),
        "waiting": remains_page.waiting([offer] if offer else []),
        "for_me": offer is not None and offer.receiver_id == person.pk,
        "from_me": offer is not None and offer.giver_id == person.pk,
        **found_on(this, person),
        "closed": _why_closed(this, request),
        "deeds": list(_deeds(this, request)),
        "may_examine": person.may(EXAMINE),
        "going_home": consignment_page.of_remains(this, person),
        "named": identification_page.of_remains(this, person),
        "press": IdempotentForm(auto_id=False),
    }


def _why_closed(this: Remains, request: StaffRequest) -> Refusal | None:
    """Why this person cannot give, seal, store or bury them now."""
    return why_not_hold(
        holds=_holds(this, request),
        waits=this.waiting() is not None,
        buried=this.state == State.BURIED,
    )


def _holds(this: Remains, request: StaffRequest) -> bool:
    last = this.last_change()
    return last is not None and last.receiver_id == request.user.pk


def _deeds(this: Remains, request: StaffRequest) -> Iterator[dict[str, Any]]:
    """What this person can do next."""
    closed, moves = _why_closed(this, request), this.state == State.KEPT and not this.waiting()
    takes = moves and not _holds(this, request)
    for needed, name, words, is_open in (
        (RECORD, "remains_give", _("Give them into other hands"), not closed),
        (RECORD, "remains_take_over", _("Take them over"), takes),
        (RECORD, "remains_seal", _("Put a seal on"), not closed),
        (RECORD, "remains_put", _("Put them into a store"), not closed),
        (RECORD, "remains_bury", _("Bury them"), not closed),
        (RECORD, "remains_open", _("Open the grave"), this.state == State.BURIED),
        (RECORD, "remains_recovery", _("How they were found"), True),
        (RECORD, "remains_kind", _("Say what they are"), True),
        (RECORD, "remains_photograph_new", _("Bring a picture"), True),
        (RECORD, "remains_effects", _("List their effects"), True),
        (EXAMINE, "remains_examination", _("Write the examination"), True),
        (EXAMINE, "remains_prints", _("Fingerprints"), True),
        (EXAMINE, "remains_sample", _("Note a sample"), True),
        (EXAMINE, "remains_no_sample", _("No sample can be taken"), True),
        (EXAMINE, "remains_parts", _("Link parts of one body"), True),
    ):
        if is_open and request.user.may(needed):
            url = reverse(f"console:{name}", args=[this.bureau_number])
            yield {"words": words, "url": url}


@allowed(RECORD)
@once
def recovery(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Write how they were found, or correct it."""
    this = one(request, remains_number)
    last = this.recoveries.select_related("key").order_by("-version").first()
    form = RecoveryForm(
        request.POST if request.method == "POST" else None,
        corrects=last is not None,
        initial=(last.found or {}) if last else {},
    )

    def act() -> None:
        reason = clean_line(form.cleaned_data.get("reason", ""))
        actions.note_recovery(remains=this, found=form.found(), reason=reason, by=request.user)

    return enter(request, "recovery", this, form, act)


@allowed(RECORD)
@once
def kind(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Say what is in the bag."""
    this = one(request, remains_number)
    form = KindForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = RemainsKind(form.cleaned_data["kind"])
        try:
            actions.say_kind(remains=this, kind=said, by=request.user)
            return see_other("console:remains", this.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    return answer(request, "kind", this, form)


@allowed(EXAMINE)
@once
def parts(request: StaffRequest, remains_number: str) -> HttpResponse:
    """Say that these and others are parts of one body."""
    this = one(request, remains_number)
    form = PartsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _link(request, this, form)
            return see_other("console:remains", this.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    return answer(request, "parts", this, form)


def _link(request: StaffRequest, this: Remains, form: PartsForm) -> None:
    number = parse(form.cleaned_data["number"])
    rows = Remains.objects.visible_to(request.user)
    other = rows.filter(bureau_number=str(number)).first() if number else None
    if other is None:
        raise Refused(NO_SUCH)
    grounds = clean_text(form.cleaned_data["grounds"])
    actions.link_parts(one=this, other=other, grounds=grounds, by=request.user)


@allowed(EXAMINE)
@once
def part_back(request: StaffRequest, part_link_id: Any) -> HttpResponse:
    """Take the link of two parts back, with the reason."""
    rows = PartLink.objects.visible_to(request.user).select_related("key", "one__key", "other")
    link = get_object_or_404(rows, pk=part_link_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            reason = clean_text(form.cleaned_data["reason"])
            actions.unlink_parts(link=link, reason=reason, by=request.user)
            return see_other("console:remains", link.one.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    more = {"link": shown(link, "file"), "other": shown(link.other, "file")}
    return answer(request, "part_back", link.one, form, **more)


@allowed(RECORD, methods=("GET",))
def labels(request: StaffRequest, remains_number: str) -> HttpResponse:
    """The label of the bag, or with ?of=seal of the seal, in the page's language."""
    this = one(request, remains_number)
    look(request, this, "labels printed")
    make = seal_labels if asked(request, "of") == "seal" else bag_labels
    return to_read(make([this], request.LANGUAGE_CODE), "labels.pdf")


@allowed(SEE, methods=("GET",))
def sheet(request: StaffRequest, remains_number: str) -> HttpResponse:
    """The chain of custody to print, with whatever breaks it."""
    this = one(request, remains_number)
    look(request, this, "custody sheet printed")
    return to_read(custody_sheet(this, request.LANGUAGE_CODE), "custody.pdf")


def waiting_for(request: StaffRequest) -> Any:
    """Changes of hands that wait for this person's signature, or that they offered."""
    mine = Q(receiver=request.user) | Q(giver=request.user)
    rows = Change.objects.visible_to(request.user).waiting().filter(mine)
    return rows.select_related("key", "remains", "giver", "receiver").order_by("given_at")


urlpatterns = [
    path("remains/", remains_list, name="remains_list"),
    path("remains/new/", register, name="remains_new"),
    path("remains/parts/<uuid:part_link_id>/", part_back, name="part_back"),
    path("remains/<str:remains_number>/", remains, name="remains"),
    path("remains/<str:remains_number>/recovery/", recovery, name="remains_recovery"),
    path("remains/<str:remains_number>/kind/", kind, name="remains_kind"),
    path("remains/<str:remains_number>/parts/", parts, name="remains_parts"),
    path("remains/<str:remains_number>/labels/", labels, name="remains_labels"),
    path("remains/<str:remains_number>/custody/", sheet, name="remains_sheet"),
]
