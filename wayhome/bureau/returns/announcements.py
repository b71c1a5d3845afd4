"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

application_changed = Signal()  # application
finding_kept = Signal()  # finding
