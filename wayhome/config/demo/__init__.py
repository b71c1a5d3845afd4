"""What a demo holds: invented people of every role, cards, enquiries, and a few stories begun.

Everything comes in as it would in earnest: through the importers, the matching and the bureau's own
actions (preparing.py). Each step is noted when it is done, so that a demo that was broken off is
continued.
"""
