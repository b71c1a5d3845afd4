"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

kinship_confirmed = Signal()  # verdict
