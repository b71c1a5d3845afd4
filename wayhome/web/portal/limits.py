"""How often a family's browser may try."""

from wayhome.web.limits import Limit, count, is_reached

__all__ = ["NEW_ENQUIRIES", "WRONG_PINS", "count", "is_reached"]

# A society's office may type for many families from one address.
NEW_ENQUIRIES = Limit("new", a_session=20, an_address=200, seconds=3600)
BEGUN = Limit("begun", a_session=60, an_address=600, seconds=3600)
# A code is twelve signs: nobody comes upon one by trying.
CODES = Limit("code", a_session=20, an_address=200, seconds=900)
WRONG_PINS = Limit("pin", a_session=10, an_address=60, seconds=900)
