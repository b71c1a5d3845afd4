"""Pictures of letters written by hand, on disk: as they came, and as they go on."""

from wayhome.bureau.persons.store import Store

CAME = Store("letters", "contact_scan")
GOES_ON = Store("letters-on", "contact_copypicture")
