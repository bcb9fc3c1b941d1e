"""Why a complaint cannot be handled here, and which way is open instead."""

from enum import StrEnum


class Ground(StrEnum):
    """A ground for closing a case as inadmissible. Only a mediator decides on it.

    The closing letter tells the ground and the route that fits it, from the catalogue
    (``ground.…`` and ``ground.….route``).
    """

    DECISION = "decision"
    """It is about a decision: object to it, or appeal (Awb 9:8, first paragraph, d and e)."""
    TOO_OLD = "too_old"
    """It happened more than a year ago (Awb 9:8, first paragraph, b)."""
    HANDLED_BEFORE = "handled_before"
    """The institution has handled the same complaint (Awb 9:8, first paragraph, a)."""
    OTHER_PROCEDURE = "other_procedure"
    """A court or another body is dealing with it (Awb 9:8, first paragraph, e and f)."""
    SLIGHT = "slight"
    """The interest or the conduct is plainly too slight (Awb 9:8, second paragraph)."""
    NO_INSTITUTION = "no_institution"
    """It is not about the conduct of an institution: a landlord, an operator, a private person."""
