"""What happens to a case after its closure, and when."""

from datetime import timedelta
from enum import StrEnum


class ErasureReason(StrEnum):
    """Why a case is erased."""

    RETENTION = "retention"
    REQUEST = "request"
    """The complainant asked for it (AVG art. 17)."""


REOPENING_WINDOW = timedelta(weeks=6)
"""How long after its closure a case can be reopened: Wederhoor's own service level."""

FEEDBACK_AFTER = timedelta(days=30)
"""How long after its closure we ask how it was: Wederhoor's own service level."""

RETENTION = timedelta(days=396)
"""How long a dossier is kept after closure: 13 months, the Ombudsman's window of one year
(Awb 9:24) and a month to use it."""

ERASURE_WAIT = timedelta(days=7)
"""How long a request to be erased can be taken back: Wederhoor's own choice. Long enough to notice
one that somebody else made, or that was made in haste; well within the month of AVG art. 12(3)."""
