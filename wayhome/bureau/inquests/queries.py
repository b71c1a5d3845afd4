"""What others must know of an enquiry: whether it still needs the body."""

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.inquests.models import Inquest


def body_is_needed(captive: Captive) -> bool:
    """Whether an enquiry into his death waits for a physician: until then nobody buries him."""
    return Inquest.objects.needing_the_body().filter(captive__in=captive.all_records()).exists()
