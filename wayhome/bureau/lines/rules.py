"""How long a credential opens a line, and how often a browser may speak."""

from datetime import timedelta

# A line that is open stays open when its credential ends, so minutes are enough to open one.
CREDENTIAL = timedelta(seconds=60)
# A cut is repeated as long as a credential given before it could open the line again.
LINGERING = CREDENTIAL + timedelta(seconds=5)
# A mesh of four: each opens three lines with some twenty messages each, and mends them.
MOST_MESSAGES = 300
IN_SECONDS = 10
LARGEST_MESSAGE_BYTES = 24_000
# Longer than any call, so that a row left by a killed process does not stay.
KEPT_AT_MOST = timedelta(hours=3)
