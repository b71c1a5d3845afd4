"""Files of cards and enquiries: given, looked at, imported by the worker, stopped, mended."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from wayhome.bureau.captives.actions import drop_file, start_import, stop_import
from wayhome.bureau.captives.actions.files import facts_of, lines_of
from wayhome.bureau.captives.importing import CARDS, FileImport
from wayhome.bureau.captives.models import IMPORTED_WITH, CardFile
from wayhome.bureau.captives.reading.mending import FAULT_TEXTS, mend_file
from wayhome.bureau.captives.rules import FileKind, FileState, why_not_import
from wayhome.bureau.enquiries.importing import ENQUIRIES
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import file_page
from wayhome.web.console.forms.imports import FileForm, UploadForm
from wayhome.web.console.listing import ROWS_A_PAGE, asked, page_of, sorted_by
from wayhome.web.once import once, see_other

CARDS_TOO, ENQUIRIES_TOO = Permission.IMPORT_CARDS, Permission.IMPORT_ENQUIRIES
IMPORTS: dict[FileKind, FileImport] = {FileKind.CARDS: CARDS, FileKind.ENQUIRIES: ENQUIRIES}
COLUMNS = {"at": "at", "lines": "lines", "added": "added", "aside": "set_aside"}
WARNINGS_SHOWN = 200


def _kind(request: StaffRequest) -> FileKind:
    """What this person imports."""
    return next(kind for kind, needed in IMPORTED_WITH.items() if request.user.may(needed))


@allowed(CARDS_TOO, ENQUIRIES_TOO)
@once
def imports(request: StaffRequest) -> HttpResponse:
    """Give a file; below it the files of this site."""
    form = UploadForm(request.POST or None, request.FILES or None)
    refused: dict[str, Any] = {}
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file, refused = _take(request, form)
            if file:
                return see_other("console:import_file", file.pk)
    context = {**_list(request), "form": form, "kind": file_page.KINDS[_kind(request)], **refused}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/imports/imports.html", context, status=status)


def _take(request: StaffRequest, form: UploadForm) -> tuple[CardFile | None, dict[str, Any]]:
    kind, given = _kind(request), form.cleaned_data["file"]
    content = given.read()
    read = IMPORTS[kind].check(content, given.name)
    if read.problem:
        form.add_error("file", FAULT_TEXTS[read.problem])
        return None, {"expected": file_page.expected_fields(kind, read.expected)}
    return IMPORTS[kind].keep(read, content, site=request.user.site, by=request.user), {}


def _list(request: StaffRequest) -> dict[str, Any]:
    rows = CardFile.objects.visible_to(request.user).defer("content", "found")
    state = asked(request, "state")
    if state in file_page.STATES:
        rows = rows.filter(state=state)
    page = page_of(request, sorted_by(request, rows.select_related("key", "by"), COLUMNS, "-at"))
    return {
        "page": page,
        "files": [_row(file) for file in page.object_list],
        "states": list(file_page.STATES.items()),
        "state": state,
    }


def _row(file: CardFile) -> dict[str, Any]:
    return {
        "file": shown(file, "file", "preview"),
        "state": file_page.STATES[file.state],
        "tag": file_page.TAGS[FileState(file.state)],
    }


def _one(request: StaffRequest, file_id: Any) -> CardFile:
    rows = CardFile.objects.visible_to(request.user).defer("content")
    return get_object_or_404(rows.select_related("key", "site", "by"), pk=file_id)


@allowed(CARDS_TOO, ENQUIRIES_TOO)
@once
def import_file(request: StaffRequest, file_id: Any) -> HttpResponse:
    """One file: what is in it, how far it is, what came of it."""
    file = _one(request, file_id)
    form = FileForm(request.POST if request.method == "POST" else None)
    refusals: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _do(request, file, form.cleaned_data["do"])
        except Refused as refused:
            refusals = list(refused.refusals)
    status = 422 if request.method == "POST" else 200
    context = {**_page(request, file), "form": form, "refusals": refusals}
    return render(request, "console/imports/file.html", context, status=status)


def _do(request: StaffRequest, file: CardFile, what: str) -> HttpResponse:
    if what == FileForm.DROP:
        drop_file(file=file, by=request.user)
        return see_other("console:imports")
    if what == FileForm.STOP:
        stop_import(file=file, by=request.user)
    else:
        start_import(file=file, set_aside=what == FileForm.ASIDE, by=request.user)
    return see_other("console:import_file", file.pk)


def _page(request: StaffRequest, file: CardFile) -> dict[str, Any]:
    found = file.found or {}
    faults, warnings = file_page.faults_of(file), file_page.warnings_of(file)
    return {
        **_row(file),
        "kind": file_page.KINDS[file.kind],
        "is_cards": file.kind == FileKind.CARDS,
        "found": found,
        "columns": file_page.columns_of(file),
        "page": Paginator(faults, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "warnings": warnings[:WARNINGS_SHOWN],
        "warned": len(warnings),
        "whole": [FAULT_TEXTS[one] for one in found.get("warnings", [])],
        "progress": file_page.progress_of(file),
        "pairs": file_page.waiting_pairs(file, request.user),
        "refusal": why_not_import(facts_of(file), set_aside=True),
    }


@allowed(CARDS_TOO, ENQUIRIES_TOO, methods=("GET",))
def import_mend(request: StaffRequest, file_id: Any) -> HttpResponse:
    """The lines that cannot be imported as they stand, as a file to mend and give again."""
    file = _one(request, file_id)
    faulty = [line for line in lines_of(file) if line.faults]
    if not faulty:
        raise Http404
    columns = [(heading, name) for heading, name in file.found["columns"]]
    journal.record("lines to mend taken", subject=file, by=request.user, purpose=file.kind)
    answer = HttpResponse(mend_file(faulty, columns), content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    answer["Content-Disposition"] = f'attachment; filename="lines-{day}.csv"'
    return answer


urlpatterns = [
    path("imports/", imports, name="imports"),
    path("imports/<uuid:file_id>/", import_file, name="import_file"),
    path("imports/<uuid:file_id>/mend/", import_mend, name="import_mend"),
]
