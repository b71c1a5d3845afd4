"""Letters written by hand: sheets to print, what the scanner brought, what waits to be filed."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.contact import paper
from wayhome.bureau.contact.models import Scan, Sheet
from wayhome.bureau.contact.queries import without_news
from wayhome.bureau.contact.rules import (
    KIND_NAMES,
    MOST_SHEETS_AT_ONCE,
    SCAN_MAY_FOLLOW,
    SCAN_STATE_NAMES,
    SIDES,
    WHY_NOT_FILED,
    LetterKind,
    NotFiled,
    ScanState,
)
from wayhome.bureau.contact.sheets import blank
from wayhome.bureau.contact.store import CAME
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.persons.vault import CannotOpen
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.languages import LANGUAGES
from wayhome.lib.media import MediaRefused
from wayhome.lib.media import Refused as NotTaken
from wayhome.lib.numbers import parse
from wayhome.lib.refusal import Refused
from wayhome.lib.scans import sides_of
from wayhome.lib.sheet_codes import in_groups, read_typed
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm, Radios
from wayhome.web.once import once, see_other
from wayhome.web.papers import to_read

SHOWN_PIXELS = 640  # the width of a picture on a page
FILE, ASIDE = "file", "aside"
WAITING = "waiting"


class PrintForm(IdempotentForm):
    number = forms.CharField(
        label=_("Number of the captive"),
        widget=forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "off"}),
        max_length=40,
        error_messages={"required": _("Write the captive's number.")},
    )
    kind = forms.ChoiceField(
        label=_("What"),
        choices=[(kind.value, KIND_NAMES[kind]) for kind in SIDES],
        widget=Radios(inline=True),
        error_messages={"required": _("Please choose the kind of sheet.")},
    )
    copies = forms.IntegerField(
        label=_("How many sheets"),
        initial=1,
        min_value=1,
        max_value=MOST_SHEETS_AT_ONCE,
        widget=forms.NumberInput({"class": "govuk-input--width-4"}),
        error_messages={
            "required": _("Print between 1 and 20 sheets at once."),
            "invalid": _("Print between 1 and 20 sheets at once."),
            "min_value": _("Print between 1 and 20 sheets at once."),
            "max_value": _("Print between 1 and 20 sheets at once."),
        },
    )
    language = forms.ChoiceField(label=_("Language he writes in"), choices=list(LANGUAGES.items()))


class ScanForm(IdempotentForm):
    file = forms.FileField(
        label=_("Picture or PDF from the scanner"),
        help_text=_("Many sheets may come in one file. Each side is filed by its square code."),
        max_length=200,
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Choose another."),
            "max_length": _("The name of the file is too long."),
        },
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.LARGEST_UPLOAD_BYTES:
            raise ValidationError(paper.NOT_TAKEN[NotTaken.TOO_LARGE])
        return file


class FilingForm(IdempotentForm):
    """Whose side this is, by the code that a person reads on it; or that it is put aside."""

    what = forms.ChoiceField(
        choices=[(FILE, FILE), (ASIDE, ASIDE)],
        widget=forms.HiddenInput,
        error_messages={"required": _("File it, or put it aside.")},
    )
    code = forms.CharField(
        label=_("Code under the square"),
        help_text=_("Twelve letters and digits, such as 7D89-27P1-957E."),
        widget=forms.TextInput({"class": "govuk-input--width-20", "autocomplete": "off"}),
        max_length=40,
        required=False,
    )
    side = forms.TypedChoiceField(
        label=_("Side"), choices=[("1", "1"), ("2", "2")], coerce=int, widget=Radios(inline=True),
        required=False,
    )  # fmt: skip
    of_its_own = forms.BooleanField(
        label=_("It is another letter: the sheet was copied, or used again"), required=False
    )


@allowed(Permission.SEND_LETTER)
@once
def sheets(request: StaffRequest) -> HttpResponse:
    """Print sheets for a man to write on; below, those printed and whether they came back."""
    sent = request.POST if request.method == "POST" else None
    form = PrintForm(sent, initial={"number": asked(request, "captive"), "language": "ru"})
    if request.method == "POST" and form.is_valid():
        try:
            return see_other("console:sheets_print", _printed(request, form.cleaned_data).pk)
        except Refused as refused:
            show_on(form, refused)
        except Captive.DoesNotExist:
            form.add_error("number", _("There is nobody of this number at your site."))
    status = 422 if request.method == "POST" else 200
    return render(
        request, "console/letters/sheets.html", {**_sheets(request), "form": form}, status=status
    )


def _printed(request: StaffRequest, given: dict[str, Any]) -> Sheet:
    number = parse(given["number"])
    if number is None:
        raise Captive.DoesNotExist
    return paper.print_for_him(
        captive=Captive.objects.visible_to(request.user).get(bureau_number=str(number)),
        kind=LetterKind(given["kind"]),
        copies=given["copies"],
        language=given["language"],
        by=request.user,
    )[0]


def _sheets(request: StaffRequest) -> dict[str, Any]:
    # Not those that go on with a message typed by him: nobody printed them to be written on.
    rows = Sheet.objects.visible_to(request.user).filter(printed_by__isnull=False)
    rows = rows.select_related("captive", "printed_by")
    if text := asked(request, "q"):
        by_code = read_typed(text)
        found = (
            {"code": by_code} if by_code else {"captive__in": captives_named(text, by=request.user)}
        )
        rows = rows.filter(**found)
    page = page_of(request, sorted_by(request, rows, {"printed": "printed_at"}, "-printed"))
    return {
        "page": page,
        "rows": [
            {
                "sheet": shown(one, "send"),
                "code": in_groups(one.code),
                "kind": KIND_NAMES[LetterKind(one.kind)],
                "captive": shown(one.captive, "file") if one.captive else None,
                "came": one.letters.exists(),
            }
            for one in page.object_list
        ],
    }


@allowed(Permission.SEND_LETTER, methods=("GET",))
def sheets_print(request: StaffRequest, sheet_id: Any) -> HttpResponse:
    """The sheets that were made with this one, to print at their real size."""
    rows = Sheet.objects.visible_to(request.user).select_related("captive")
    one = get_object_or_404(rows, pk=sheet_id)
    assert one.captive is not None, "a captive's, by visible_to"
    together = rows.filter(
        captive=one.captive, printed_at=one.printed_at, printed_by=one.printed_by
    )
    journal.looked(
        subject=one, by=request.user, person=one.captive.bureau_number, purpose="letter printed"
    )
    return to_read(blank(list(together.order_by("pk"))), "sheet.pdf")


@allowed(Permission.SEND_LETTER, methods=("GET",))
def no_news(request: StaffRequest) -> HttpResponse:
    """Men of this site to whom nothing came for four weeks: each is reminded that he may write."""
    men = without_news(Captive.objects.visible_to(request.user), timezone.now())
    if text := asked(request, "q"):
        men = men.filter(pk__in=captives_named(text, by=request.user))
    page = page_of(request, sorted_by(request, men, {"since": "news_since"}, "since"))
    rows = [{"captive": shown(man, "file"), "since": man.news_since} for man in page.object_list]
    return render(request, "console/letters/no_news.html", {"page": page, "rows": rows})


@allowed(Permission.BRING_SCAN)
@once
def scans(request: StaffRequest) -> HttpResponse:
    """Give a file from the scanner; below, what a person must file."""
    form = ScanForm()
    if request.method == "POST":
        form = ScanForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                _take(request, form)
                return see_other("console:scans")
            except Refused as refused:
                show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    context = {**_scans(request), "form": form}
    return render(request, "console/letters/scans.html", context, status=status)


def _take(request: StaffRequest, form: ScanForm) -> None:
    content = form.cleaned_data["file"].read()
    digest = paper.digest_of(content)
    if paper.came_before(digest):
        raise Refused(paper.CAME_ALREADY)
    try:
        sides = sides_of(content)
    except MediaRefused as fault:
        raise Refused(paper.not_taken(fault)) from None
    paper.take_in(digest=digest, sides=sides, by=request.user)


def _scans(request: StaffRequest) -> dict[str, Any]:
    rows = Scan.objects.visible_to(request.user).select_related("brought_by")
    state = asked(request, "state")
    rows = rows.filter(state=state) if state in set(ScanState) else rows.waiting()
    page = page_of(request, sorted_by(request, rows, {"came": "came_at"}, "came"))
    return {
        "page": page,
        "rows": [_row(one) for one in page.object_list],
        "states": [(each.value, SCAN_STATE_NAMES[each]) for each in ScanState],
    }


def _row(scan: Scan) -> dict[str, Any]:
    return {
        "scan": shown(scan, "review"),
        "code": in_groups(scan.code),
        "state": SCAN_STATE_NAMES[ScanState(scan.state)],
        "why": WHY_NOT_FILED[NotFiled(scan.why)] if scan.why else "",
    }


def _visible(request: StaffRequest) -> "QuerySet[Scan]":
    return Scan.objects.visible_to(request.user).select_related(
        "key", "letter__captive", "letter__enquiry", "brought_by"
    )


@allowed(Permission.BRING_SCAN)
@once
def scan(request: StaffRequest, scan_id: Any) -> HttpResponse:
    """One side that nobody could file yet: see it, say whose it is, or put it aside."""
    one = get_object_or_404(_visible(request), pk=scan_id)
    form = FilingForm(
        request.POST if request.method == "POST" else None,
        initial={"code": in_groups(one.code), "side": one.side or 1},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, one, form.cleaned_data)
            return see_other("console:scans")
        except Refused as refused:
            show_on(form, refused)
    may_follow = SCAN_MAY_FOLLOW[ScanState(one.state)]
    context = {
        **_row(one),
        **picture_facts(one),
        "form": form,
        "may_file": ScanState.FILED in may_follow,
        "may_put_aside": ScanState.PUT_ASIDE in may_follow,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/letters/scan.html", context, status=status)


def _decide(request: StaffRequest, one: Scan, given: dict[str, Any]) -> None:
    if given["what"] == ASIDE:
        paper.put_aside(scan=one, by=request.user)
        return
    paper.file_scan(
        scan=one,
        code=given["code"],
        side=given["side"] or 1,
        of_its_own=given["of_its_own"],
        by=request.user,
    )


def picture_facts(one: Scan) -> dict[str, Any]:
    """How large a side is shown, so that the page does not jump while it comes."""
    if one.picture is None or not one.width:
        return {"width": 0, "height": 0}
    width = min(one.width, SHOWN_PIXELS)
    return {"width": width, "height": round(one.height * width / one.width)}


@allowed(Permission.REVIEW_LETTER, Permission.BRING_SCAN, methods=("GET",))
def scan_picture(request: StaffRequest, scan_id: Any) -> HttpResponse:
    """The picture itself, as it was drawn anew. Its name in a browser says nothing."""
    one = get_object_or_404(_visible(request), pk=scan_id)
    if one.picture is None:
        raise Http404
    letter = one.letter
    whose = (letter.enquiry or letter.captive) if letter else None
    person = whose.bureau_number if whose else ""
    journal.looked(subject=one, by=request.user, person=person, purpose="letter read")
    try:
        content = CAME.read(one.picture, one.key)
    except (CannotOpen, FileNotFoundError):
        raise Http404 from None
    return to_read(content, "side.jpg", "image/jpeg")


urlpatterns = [
    path("letters/sheets/", sheets, name="sheets"),
    path("letters/sheets/<uuid:sheet_id>/", sheets_print, name="sheets_print"),
    path("letters/no-news/", no_news, name="no_news"),
    path("letters/scans/", scans, name="scans"),
    path("letters/scans/<uuid:scan_id>/", scan, name="scan"),
    path("letters/scans/<uuid:scan_id>/picture/", scan_picture, name="scan_picture"),
]
