"""The geneticist's bench: what the blind search found, files of laboratories, pedigrees."""

from typing import Any

from django.db.models import Count, F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.comparisons import actions, bridge
from wayhome.bureau.comparisons.bridge import KinshipError
from wayhome.bureau.comparisons.models import (
    Elimination,
    FamilyPedigree,
    Hit,
    MissingCount,
    ProfileFile,
    ReferenceSample,
    Run,
)
from wayhome.bureau.comparisons.rules.samples import State
from wayhome.bureau.comparisons.searching import family_of, missing_said_or_counted
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refused
from wayhome.lib.sheet_codes import in_groups
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import bench_page
from wayhome.web.console.forms.comparisons import (
    EliminationForm,
    MissingForm,
    PedigreeForm,
    ProfilesForm,
)
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.once import once, see_other
from wayhome.web.papers import to_read

SEE = Permission.SEE_GENETICS
HITS = {"lr": "log10_lr", "remains": "remains__bureau_number", "family": "enquiry__bureau_number",
        "found": "found_at"}  # fmt: skip
FAMILIES = ("number", "given", "typed")


def _answer(request: StaffRequest, name: str, form: Any, **more: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, f"console/bench/{name}.html", {"form": form, **more}, status=status)


def _sent(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


@allowed(SEE, methods=("GET",))
def bench(request: StaffRequest) -> HttpResponse:
    """The ranked list, what the machine suspects, and the last search."""
    rows = Hit.objects.visible_to(request.user).standing()
    rows = rows.select_related("remains", "enquiry", "key")
    if number := parse(asked(request, "q")):
        of = Q(remains__bureau_number=str(number)) | Q(enquiry__bureau_number=str(number))
        rows = rows.filter(of)
    if asked(request, "only") == "best":
        rows = rows.filter(rank=1)
    page = page_of(request, sorted_by(request, rows, HITS, "-lr"))
    run = Run.objects.select_related("key").first()
    context = {
        "page": page,
        "rows": [bench_page.hit_row(each) for each in page.object_list],
        "only": [("best", _("the best of each"))],
        "run": shown(run, "bench") if run else None,
        "suspicions": bench_page.suspicions_of(run),
        "filtered": bool(asked(request, "q") or asked(request, "only")),
    }
    return render(request, "console/bench/bench.html", context)


@allowed(SEE, methods=("GET",))
def hit(request: StaffRequest, hit_id: Any) -> HttpResponse:
    """One pair: what its numbers mean, what speaks against it, who was left out and why."""
    rows = Hit.objects.visible_to(request.user).select_related("remains", "enquiry", "key")
    one = get_object_or_404(rows, pk=hit_id)
    journal.looked(
        subject=one, by=request.user, person=one.remains.bureau_number, purpose="genetics"
    )
    context = {
        **bench_page.hit_row(one),
        "against_rows": bench_page.against_rows(one),
        "with_coancestry": bool((shown(one, "genetics").found or {}).get("theta", 0.0)),
    }
    return render(request, "console/bench/hit.html", context)


@allowed(SEE, methods=("GET",))
def files(request: StaffRequest) -> HttpResponse:
    """The files of laboratories, the last first."""
    rows = ProfileFile.objects.visible_to(request.user).select_related("key", "by")
    page = page_of(request, rows)
    context = {"page": page, "rows": [_file(each) for each in page.object_list]}
    return render(request, "console/bench/files.html", context)


def _file(one: ProfileFile) -> dict[str, Any]:
    record = shown(one, "bench")
    return {
        "file": record,
        "laboratory": record.laboratory or "",
        "faults": record.faults or [],
        "unknown": record.unknown or [],
        "notes": record.notes or [],
    }


@allowed(SEE)
@once
def file_new(request: StaffRequest) -> HttpResponse:
    """Take a laboratory's file; its page says what was wrong."""
    form = ProfilesForm(_sent(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.import_profiles(
                content=form.cleaned_data["file"].read(),
                laboratory=clean_line(form.cleaned_data["laboratory"]),
                by=request.user,
            )
            return see_other("console:bench_file", made.pk)
        except Refused as refused:
            show_on(form, refused)
    return _answer(request, "file_new", form)


@allowed(SEE, methods=("GET",))
def file(request: StaffRequest, profile_file_id: Any) -> HttpResponse:
    """What a file held: how it was understood, every fault by line, codes that are none of ours."""
    rows = ProfileFile.objects.visible_to(request.user).select_related("key", "by")
    one = get_object_or_404(rows, pk=profile_file_id)
    return render(request, "console/bench/file.html", _file(one))


@allowed(SEE, methods=("GET",))
def families(request: StaffRequest) -> HttpResponse:
    """Families that gave samples, by number alone."""
    samples = ReferenceSample.objects.visible_to(request.user)
    if number := parse(asked(request, "q")):
        samples = samples.filter(enquiry__bureau_number=str(number))
    rows = samples.order_by().values(number=F("enquiry__bureau_number")).annotate(
        given=Count("pk", filter=~Q(state=State.WITHDRAWN)),
        typed=Count("pk", filter=Q(state=State.TYPED)),
    )  # fmt: skip
    wanted = request.GET.get("sort", "-typed")
    order = wanted if wanted.lstrip("-") in FAMILIES else "-typed"
    page = page_of(request, rows.order_by(order, "number"))
    listed = list(page.object_list)
    filtered = bool(asked(request, "q"))
    context = {"page": page, "rows": listed, "filtered": filtered}
    return render(request, "console/bench/families.html", context)


def _enquiry(request: StaffRequest, enquiry_number: str) -> Enquiry:
    """The enquiry of a family that gave a sample; by its number, and nothing else is shown."""
    samples = ReferenceSample.objects.visible_to(request.user)
    gave = samples.filter(enquiry__bureau_number=enquiry_number).select_related("enquiry")
    one = gave.first()
    if one is None:
        raise Http404
    return one.enquiry


def _family(request: StaffRequest, enquiry: Enquiry) -> dict[str, Any]:
    family = family_of(enquiry)
    samples = ReferenceSample.objects.visible_to(request.user).filter(enquiry=enquiry)
    last = FamilyPedigree.objects.filter(enquiry=enquiry).select_related("key", "by").last()
    hits = Hit.objects.visible_to(request.user).standing().filter(enquiry=enquiry)
    return {
        "number": enquiry.bureau_number,
        "samples": bench_page.sample_rows(samples, family),
        "told": bench_page.told(family),
        "by_hand": shown(last, "genetics") if last and last.members else None,
        "hits": [
            bench_page.hit_row(each) for each in hits.select_related("remains", "enquiry", "key")
        ],
        "is_typed": bool(family.typed),
    }


@allowed(SEE)
@once
def family(request: StaffRequest, enquiry_number: str) -> HttpResponse:
    """A family by code: its pedigree drawn, and as a form."""
    enquiry = _enquiry(request, enquiry_number)
    form = PedigreeForm(_sent(request), members=list(family_of(enquiry).members))
    if request.method == "POST" and form.is_valid():
        try:
            actions.draw_pedigree(
                enquiry=enquiry,
                members=form.members(),
                reason=clean_line(form.cleaned_data["reason"]),
                by=request.user,
            )
            return see_other("console:bench_family", enquiry.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        number = enquiry.bureau_number
        journal.looked(subject=enquiry, by=request.user, person=number, purpose="genetics")
    return _answer(request, "family", form, **_family(request, enquiry))


@allowed(SEE, methods=("GET",))
def family_picture(request: StaffRequest, enquiry_number: str) -> HttpResponse:
    """The pedigree as a picture."""
    one = family_of(_enquiry(request, enquiry_number))
    try:
        drawn = bridge.picture(one.members, one.typed, one.number, bench_page.sentences())
    except KinshipError:
        raise Http404 from None
    return to_read(drawn.encode(), "family.svg", "image/svg+xml")


@allowed(SEE, methods=("GET",))
def family_next(request: StaffRequest, enquiry_number: str) -> HttpResponse:
    """Which relative's sample would help most, before anybody knows what it shows."""
    enquiry = _enquiry(request, enquiry_number)
    one = family_of(enquiry)
    run = Run.objects.first()
    context: dict[str, Any] = {"number": enquiry.bureau_number, "fault": "", "rows": []}
    try:
        mean, ranked = bridge.whom_to_ask(one, run.remains if run else 0)
        context |= {
            "now": bench_page.in_decades(mean),
            "rows": [
                {
                    "person": bench_page.coded(each.person),
                    "gain": bench_page.in_decades(each.gain),
                    "mean": bench_page.in_decades(each.mean_log10_lr),
                    "reaches": bench_page.in_percent(each.reaches),
                }
                for each in ranked
            ],
        }
    except KinshipError as fault:
        context["fault"] = str(fault)
    return render(request, "console/bench/next.html", context)


@allowed(SEE)
@once
def missing(request: StaffRequest) -> HttpResponse:
    """How many missing people the dead may be: on what the prior rests."""
    form = MissingForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.count_missing(
                number=form.cleaned_data["number"],
                grounds=clean_text(form.cleaned_data["grounds"]),
                by=request.user,
            )
            return see_other("console:bench")
        except Refused as refused:
            show_on(form, refused)
    said = MissingCount.objects.select_related("by").order_by("-at")
    listed = [shown(each, "bench") for each in said[:20]]
    context = {"now": missing_said_or_counted(), "said": listed}
    return _answer(request, "missing", form, **context)


@allowed(SEE)
@once
def elimination(request: StaffRequest) -> HttpResponse:
    """Codes under which people of the staff were typed at their own wish."""
    form = EliminationForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        number = clean_line(form.cleaned_data["staff_number"]).upper()
        person = Staff.objects.get_queryset().filter(number=number).first()
        if person is None:
            form.add_error("staff_number", str(_("Nobody of the staff has this number.")))
        else:
            actions.register_elimination(staff=person, by=request.user)
            return see_other("console:bench_elimination")
    rows = Elimination.objects.select_related("staff", "by").order_by("-at")
    listed = [{"row": shown(each, "bench"), "code": in_groups(each.code)} for each in rows]
    return _answer(request, "elimination", form, rows=listed)


urlpatterns = [
    path("bench/", bench, name="bench"),
    path("bench/hits/<uuid:hit_id>/", hit, name="bench_hit"),
    path("bench/files/", files, name="bench_files"),
    path("bench/files/new/", file_new, name="bench_file_new"),
    path("bench/files/<uuid:profile_file_id>/", file, name="bench_file"),
    path("bench/families/", families, name="bench_families"),
    path("bench/families/<str:enquiry_number>/", family, name="bench_family"),
    path("bench/families/<str:enquiry_number>/picture/", family_picture, name="bench_picture"),
    path("bench/families/<str:enquiry_number>/next/", family_next, name="bench_next"),
    path("bench/missing/", missing, name="bench_missing"),
    path("bench/elimination/", elimination, name="bench_elimination"),
]
