"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

card_changed = Signal()  # captive
custody_changed = Signal()  # captive, event
harm_flag_changed = Signal()  # captive, flag
men_linked = Signal()  # captive
cards_imported = Signal()  # captives (list), cards (list): many at once, instead of card_changed
file_import_begun = Signal()  # file
