"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

inquest_opened = Signal()  # inquest
inquest_reported = Signal()  # inquest, report
