"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

remains_registered = Signal()  # remains
