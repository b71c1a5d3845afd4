"""No form takes a file that is kept as it came: each is known here, by what becomes of it."""

import importlib
import pkgutil
from collections.abc import Iterator

from django import forms

import wayhome.web
from wayhome.lib import media, scans
from wayhome.web.console.forms.bureaus import MessageForm
from wayhome.web.console.forms.comparisons import ProfilesForm
from wayhome.web.console.forms.handovers import SignatureForm
from wayhome.web.console.forms.imports import UploadForm
from wayhome.web.console.forms.prints import PrintForm
from wayhome.web.console.forms.remains import LorryForm
from wayhome.web.console.forms.remains_found import PhotographForm
from wayhome.web.console.forms.repatriations import ReceiptForm
from wayhome.web.console.views.paper import ScanForm
from wayhome.web.portal.views.papers import PaperForm

# What they draw anew, and that nothing else is left: tests/lib/test_media.py, test_paper.py.
DRAWN_ANEW = {
    (PaperForm, "paper"): media.redraw,
    (ScanForm, "file"): scans.sides_of,
    (SignatureForm, "scan"): media.redraw_signature,
    (ReceiptForm, "scan"): media.redraw_signature,
    (PhotographForm, "file"): media.redraw,
    (PrintForm, "file"): media.redraw,
}
# A table of cards, enquiries, bags or profiles is read line by line: nothing of it is shown as a
# file again.
READ_AS_A_TABLE = {(UploadForm, "file"), (LorryForm, "file"), (ProfilesForm, "file")}


# A sealed message of another bureau: opened, verified, answered, and not kept.
READ_AS_A_MESSAGE = {(MessageForm, "file")}


def every_form() -> Iterator[type[forms.BaseForm]]:
    for found in pkgutil.walk_packages(wayhome.web.__path__, "wayhome.web."):
        importlib.import_module(found.name)
    todo = [forms.BaseForm]
    while todo:
        todo += (subclasses := todo.pop().__subclasses__())
        yield from (one for one in subclasses if one.__module__.startswith("wayhome."))


def test_every_file_that_is_taken_is_drawn_anew_or_read_as_a_table():
    taking = {
        (form, name)
        for form in every_form()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.FileField)
    }

    assert taking == {*DRAWN_ANEW, *READ_AS_A_TABLE, *READ_AS_A_MESSAGE}
