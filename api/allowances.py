"""How much a request may send, and how long it may take: more where it brings a file."""

from dataclasses import dataclass

from starlette.types import Scope

from api.portal.addresses import ATTACHMENTS, at
from domain.attachments import MOST_BYTES
from domain.languages import SPOKEN

UPLOADS = "/v1/my-case/attachments"
UPLOADS_BY_PAGE = frozenset(at(ATTACHMENTS, language) for language in SPOKEN)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one request may use.

    Attributes:
        body: bytes of its body.
        patience: seconds in which it has to begin its answer.
    """

    body: int
    patience: float


ORDINARY = Allowance(body=256 * 1024, patience=10)
"""Many times the longest complaint."""

UPLOAD = Allowance(body=MOST_BYTES + 64 * 1024, patience=180)
"""The largest file and what goes around it, over a slow connection (half a megabit each second)."""


def allowance_of(scope: Scope) -> Allowance:
    """Return what a request may use."""
    brings_a_file = scope["method"] == "POST" and scope["path"] in {UPLOADS, *UPLOADS_BY_PAGE}
    return UPLOAD if brings_a_file else ORDINARY
