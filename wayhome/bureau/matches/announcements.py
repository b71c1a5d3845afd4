"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

match_confirmed = Signal()  # match
match_withdrawn = Signal()  # match, by
