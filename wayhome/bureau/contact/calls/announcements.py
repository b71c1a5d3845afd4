"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

call_changed = Signal()  # call: anything that those who take part see
call_stopped = Signal()  # call: over, from this moment nothing of it may flow
party_stopped = Signal()  # party: left or put out; the others go on
party_muted = Signal()  # party, muted
minutes_owed = Signal()  # call: its line was lost; what is left is given back
wish_kept = Signal()  # enquiry: she asked for a call
