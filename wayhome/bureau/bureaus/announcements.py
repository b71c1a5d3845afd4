"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

fit_told = Signal()  # asked: remains of one bureau fit a family of the other
fit_forgotten = Signal()  # asked: a sample on which it rested was taken back
