"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

consent_changed = Signal()  # captive, enquiry
danger_changed = Signal()  # captive
