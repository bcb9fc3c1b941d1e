"""How consents become answers: what each means, and what is said before it is given."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from api.answers import ConsentStateBody
from catalogues.texts import text
from domain.institutions import InstitutionKind
from domain.languages import Language
from domain.overview import OverviewDetails
from domain.policy.model import Purpose
from domain.policy.rows import Policy

_WARNINGS: Mapping[Purpose, Sequence[str]] = {
    Purpose.CONTACT: ("staff", "take_back"),
    Purpose.NAME: ("take_back",),
    Purpose.POLICE_COPY: ("take_back",),
    Purpose.FURTHER_EXTENSION: ("any_moment",),
}
"""What is said before a consent is given: who reads what is sent, and what cannot be undone."""

_WITHOUT_A_NAME = frozenset({Purpose.CONTACT, Purpose.NAME})
"""Where it is told what an institution owes to somebody whose name it does not have."""


def consents_of(
    details: OverviewDetails,
    kind: InstitutionKind | None,
    policy: Policy,
    today: date,
    language: Language,
) -> list[ConsentStateBody]:
    """Present the consents that mean something in a case.

    Args:
        kind: of the institution; ``None`` for a question.
    """
    wants_name = Purpose.NAME not in details.consents and _needs_name(policy, kind, today)
    return [
        ConsentStateBody(
            purpose=purpose,
            title=text(language, f"purpose.{purpose}"),
            explanation=text(language, f"purpose.{purpose}.explained"),
            warnings=[
                text(language, f"consent.{warning}")
                for warning in _warnings(purpose, wants_name=wants_name)
            ],
            given=purpose in details.consents,
            needed=purpose in details.needed_consents,
        )
        for purpose in _asked(details)
    ]


def _asked(details: OverviewDetails) -> list[Purpose]:
    if not details.mediation:
        return []
    asked = {*details.needed_consents, *details.consents, Purpose.NAME}
    if any(view.extendable for view in details.clocks):
        asked.add(Purpose.FURTHER_EXTENSION)
    return [purpose for purpose in Purpose if purpose in asked]


def _warnings(purpose: Purpose, *, wants_name: bool) -> Iterator[str]:
    yield from _WARNINGS[purpose]
    if wants_name and purpose in _WITHOUT_A_NAME:
        yield "needs_name"


def _needs_name(policy: Policy, kind: InstitutionKind | None, today: date) -> bool:
    """Tell whether such an institution handles complaints with a name and address only."""
    return any(row.needs_name for row in policy.kinds if row.id == kind and row.is_valid_on(today))
