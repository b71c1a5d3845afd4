"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

enquiry_changed = Signal()  # enquiry
enquiry_forgotten = Signal()  # enquiry
