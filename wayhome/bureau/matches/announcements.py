"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

match_confirmed = Signal()  # match
match_doubted = Signal()  # match: the first of two asks to withdraw it
match_withdrawn = Signal()  # match, by
link_made = Signal()  # pair: two enquiries were said to seek one man
link_taken_back = Signal()  # pair: two enquiries were said to seek one man, and do not
