"""What this subject announces, within the change's transaction."""

from django.dispatch import Signal

enquiry_changed = Signal()  # enquiry
enquiries_imported = Signal()  # enquiries (list): many at once, instead of enquiry_changed
questions_asked = Signal()  # round: its question went out to all who left the answer empty
enquiry_forgotten = Signal()  # enquiry, held: whether a named duty keeps what was told
# Asked before an enquiry is forgotten: whoever has a lawful duty to keep it answers its name.
what_holds = Signal()  # enquiry
# Asked before a machine writes: whoever must be spoken with by a person first, or mourns, is
# answered with the ids of their enquiries; of this one, or of all where it is None.
who_is_left_in_peace = Signal()  # enquiry
