"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

identified = Signal()  # identification
identification_reopened = Signal()  # identification
