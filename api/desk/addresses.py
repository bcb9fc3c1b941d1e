"""Where the pages of the staff are."""

from mail.letter import STAFF_PAGES

DESK = f"/{STAFF_PAGES}"
SIGN_IN = f"{DESK}/sign-in"
SIGNED_IN = f"{DESK}/signed-in"
"""Where the identity provider sends back to."""
SIGN_OUT = f"{DESK}/sign-out"
SIGNED_OUT = f"{DESK}/signed-out"
DECIDE = f"{DESK}/cases/{{number}}/decide/{{decision}}"
"""The form of one decision."""
BREAK_GLASS = f"{DESK}/cases/{{number}}/break-glass"
"""The requests to read a case, and asking for it; below it each request by its id."""
