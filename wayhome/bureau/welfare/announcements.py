"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

weekly_noted = Signal()  # captive, note
certificate_issued = Signal()  # captive, certificate
seriously_ill = Signal()  # captive, illness: he is from now on
