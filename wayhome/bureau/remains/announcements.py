"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

remains_registered = Signal()  # remains
kind_said = Signal()  # remains: what is in the bag, once it was opened
grave_opens_for_home = Signal()  # remains, before it is opened; who forbids it raises Refused
parts_linked = Signal()  # link: two remains were said to be parts of one body
remains_came_back = Signal()  # remains: they had gone home and are in keeping again
