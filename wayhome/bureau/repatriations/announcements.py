"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

offer_sent = Signal()  # offer
consignment_received = Signal()  # consignment
