"""Where the pages of the staff are."""

DESK = "/desk"
SIGN_IN = f"{DESK}/sign-in"
SIGNED_IN = f"{DESK}/signed-in"
"""Where the identity provider sends back to."""
SIGN_OUT = f"{DESK}/sign-out"
SIGNED_OUT = f"{DESK}/signed-out"
