"""Where the pages for institutions are: below the language in which they are written."""

from api.portal.addresses import HOME
from mail.letter import REPLY_PAGES

LINK = f"{HOME}/{REPLY_PAGES}/{{token}}"
"""To which a letter leads. No other address has a token in it."""
CASE = f"{HOME}/institution"
OPEN = f"{CASE}/open"
STOP = f"{CASE}/stop"
ENTRIES = f"{CASE}/entries"
ENTRY = f"{ENTRIES}/{{number}}"
LETTERS = f"{CASE}/letters"
LETTER = f"{LETTERS}/{{letter_id}}"
LETTER_PDF = f"{LETTER}/pdf"
