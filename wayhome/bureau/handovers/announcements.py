"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

act_sealed = Signal()  # act
