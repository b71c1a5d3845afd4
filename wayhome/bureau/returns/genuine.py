"""Is this paper really from us? A code printed on leaflets and acts answers genuine, or not.

The bureau keeps a keyed digest of each code; whether a code is genuine is all that it tells.
"""

from django.db import models
from django.utils import timezone

from wayhome.bureau.persons.vault import blind_index
from wayhome.bureau.returns.models import PrintedCode, What
from wayhome.lib.sheet_codes import in_groups, new_sheet_code, read_typed

__all__ = ["What", "is_genuine", "new_code"]
PURPOSE = "printed code"


def new_code(what: What, subject: models.Model) -> str:
    """A code for one paper, in groups as it is printed. Kept as a digest alone."""
    code = new_sheet_code()
    PrintedCode.objects.create(
        digest=blind_index(PURPOSE, code), what=what, subject_id=str(subject.pk), at=timezone.now()
    )
    return in_groups(code)


def is_genuine(typed: str) -> bool:
    """Whether we printed this code. Asks the database the same whatever was typed."""
    digest = blind_index(PURPOSE, read_typed(typed) or "")
    return PrintedCode.objects.filter(digest=digest).exists()
