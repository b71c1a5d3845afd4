"""The words for statements about comrades."""

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.statements.rules import Tie

OTHER_LANGUAGE = _("another language")
TIES = {Tie.CAPTURE: _("Taken on the same day at the same place"), Tie.UNIT: _("Of the same unit")}
