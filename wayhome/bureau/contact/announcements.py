"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

letter_to_him_written = Signal()  # enquiry
