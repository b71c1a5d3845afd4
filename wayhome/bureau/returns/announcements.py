"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

application_changed = Signal()  # application
finding_kept = Signal()  # finding
appointment_cancelled = Signal()  # appointment: its application is locked
guarantee_ended = Signal()  # guarantee
# An act of law or a programme begins or ends: what rests on it is looked at by the worker.
law_changed = Signal()
# Asked before a day is set by hand: whoever has planned one for this application answers True.
is_planned = Signal()  # application
# Asked of a yes that he said: whoever has asked him again since, at the door, answers True.
was_asked_since = Signal()  # captive, at
