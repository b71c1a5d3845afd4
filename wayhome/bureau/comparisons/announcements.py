"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

profiles_changed = Signal()  # nothing: profiles, pedigrees or the number of the missing
hit_found = Signal()  # hit: DNA of remains fits a family, or fits otherwise than before
hit_fell = Signal()  # hit: another stands, or none
hits_changed = Signal()  # remains: its list is another one
reference_withdrawn = Signal()  # sample
