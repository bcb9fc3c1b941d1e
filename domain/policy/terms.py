"""Terms as data, each with its source. A case keeps the terms with which it began.

Extensions, windows, business days and the rolling of dates (Algemene termijnenwet) join these
rows later; the places are named in ``docs/architecture.md``.
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from domain.institutions import InstitutionKind
from domain.waits import SERVICE_LEVEL, Term, Wait

TERMS_VERSION = "2026-11-23"
"""Raised with every change of a row below."""

PORTAL_TERMS: Mapping[Wait, Term] = MappingProxyType(
    {
        Wait.MEDIATOR_AVAILABLE: Term(timedelta(0), timedelta(days=1), SERVICE_LEVEL, True),
        Wait.MEDIATOR_ACCEPTS: Term(timedelta(days=1), timedelta(days=2), SERVICE_LEVEL, True),
        Wait.COMPLAINANT_CONSENTS: Term(timedelta(days=7), timedelta(days=14), SERVICE_LEVEL, True),
        Wait.MEDIATOR_PROPOSES: Term(timedelta(days=14), timedelta(days=28), SERVICE_LEVEL, True),
        Wait.COMPLAINANT_RESPONDS: Term(timedelta(days=7), timedelta(days=14), SERVICE_LEVEL, True),
    }
)
"""What Wederhoor asks of itself and of the complainant."""


def _weeks(weeks: int, source: str, *, verified: bool) -> Term:
    return Term(timedelta(weeks=weeks - 1), timedelta(weeks=weeks), source, verified)


INSTITUTION_TERMS: Mapping[InstitutionKind, Term] = MappingProxyType(
    {
        InstitutionKind.MUNICIPALITY: _weeks(6, "Awb 9:11", verified=True),
        InstitutionKind.NATIONAL_SERVICE: _weeks(6, "Awb 9:11", verified=True),
        InstitutionKind.POLICE: _weeks(10, "Politiewet 2012, 67a-72", verified=True),
        InstitutionKind.BANK_PRIVATE: _weeks(8, "Kifid: 8 weeks of silence", verified=True),
        InstitutionKind.BANK_BUSINESS: _weeks(6, SERVICE_LEVEL, verified=True),
        InstitutionKind.CARE_INSTITUTION: _weeks(6, "Wkkgz 17", verified=True),
        InstitutionKind.HEALTH_INSURER: _weeks(6, "SKGZ", verified=True),
        InstitutionKind.OTHER_INSURER: _weeks(8, "Kifid: 8 weeks of silence", verified=True),
        InstitutionKind.OTHER: _weeks(6, SERVICE_LEVEL, verified=True),
    }
)
"""Within which term an institution of each kind has to handle a complaint."""

REOPENING_WINDOW = timedelta(weeks=6)
"""How long after its closure a case can be reopened: Wederhoor's own service level."""

RETENTION = timedelta(days=396)
"""How long a dossier is kept after closure: 13 months, the Ombudsman's window of one year
(Awb 9:24) and a month to use it."""


def terms_for(kind: InstitutionKind) -> dict[Wait, Term]:
    """Return the terms that a case about an institution of this kind begins with."""
    return {**PORTAL_TERMS, Wait.INSTITUTION_REPLIES: INSTITUTION_TERMS[kind]}
