"""Who may be offered a case, and who comes first."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import CaseId, InstitutionId, StaffId
from domain.institutions import InstitutionKind, Region
from domain.languages import Language
from domain.matching import Absence, Candidate, Need, Unfit, WorkingTime, rank
from tests.domain.journey import ANNA, BRAM, CARLA

MONDAY = date(2026, 3, 2)
TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
CASE = CaseId(UUID(int=100))
STAD, BANK = InstitutionId("stad"), InstitutionId("bank")
NEED = Need(
    case=CASE,
    institution=STAD,
    kind=InstitutionKind.MUNICIPALITY,
    language=Language.DUTCH,
    region=Region.UTRECHT,
    first_day=MONDAY,
    answer_by=TUESDAY,
)
FITS = Candidate(id=ANNA, languages=frozenset({Language.DUTCH}))


def another(identifier: StaffId, **changed: object) -> Candidate:
    return replace(FITS, id=identifier, **changed)  # pyright: ignore[reportArgumentType]


def chosen(*candidates: Candidate, need: Need = NEED) -> StaffId | None:
    fitting = rank(candidates, need).fitting
    return fitting[0] if fitting else None


class TestWhoFits:
    @pytest.mark.parametrize(
        "candidate",
        [
            FITS,
            replace(FITS, kinds=frozenset({InstitutionKind.POLICE, InstitutionKind.MUNICIPALITY})),
            replace(FITS, regions=frozenset({Region.UTRECHT})),
            replace(FITS, capacity=3, load=2),
            replace(FITS, conflicts=frozenset({BANK, CaseId(UUID(int=101))})),
            replace(FITS, time=WorkingTime(working_days=frozenset({2}))),
            replace(FITS, time=WorkingTime(absences=(Absence(MONDAY, MONDAY),))),
            replace(FITS, time=WorkingTime(absences=(Absence(FRIDAY, FRIDAY),))),
        ],
    )
    def test_is_offered_the_case(self, candidate: Candidate) -> None:
        assert chosen(candidate) == ANNA

    @pytest.mark.parametrize(
        ("reason", "candidate"),
        [
            (Unfit.KIND, replace(FITS, kinds=frozenset({InstitutionKind.POLICE}))),
            (Unfit.REGION, replace(FITS, regions=frozenset({Region.DRENTHE}))),
            (Unfit.FULL, replace(FITS, capacity=3, load=3)),
            (Unfit.FULL, replace(FITS, capacity=0)),
            (Unfit.CONFLICT, replace(FITS, conflicts=frozenset({STAD}))),
            (Unfit.CONFLICT, replace(FITS, conflicts=frozenset({CASE}))),
            (Unfit.ADVISER, replace(FITS, advises=True)),
            (Unfit.EXCLUDED, replace(FITS, withdrew=True)),
            (Unfit.ABSENT, replace(FITS, time=WorkingTime(working_days=frozenset({3, 4, 5})))),
            (
                Unfit.ABSENT,
                replace(FITS, time=WorkingTime(absences=(Absence(MONDAY, TUESDAY),))),
            ),
            (
                Unfit.ABSENT,
                replace(
                    FITS,
                    time=WorkingTime(absences=(Absence(MONDAY, MONDAY), Absence(TUESDAY, FRIDAY))),
                ),
            ),
        ],
    )
    def test_is_not_somebody_who_cannot_or_may_not(
        self, reason: Unfit, candidate: Candidate
    ) -> None:
        ranking = rank([candidate], NEED)
        assert ranking.fitting == []
        assert ranking.left_out == {ANNA: (reason,)}

    def test_is_not_somebody_whom_the_case_knows_already(self) -> None:
        need = replace(NEED, excluded=frozenset({ANNA}))
        assert rank([FITS], need).left_out == {ANNA: (Unfit.EXCLUDED,)}

    def test_need_not_be_of_the_region_when_the_institution_has_none(self) -> None:
        local = replace(FITS, regions=frozenset({Region.DRENTHE}))
        assert chosen(local, need=replace(NEED, region=None)) == ANNA

    def test_may_be_nobody_and_then_each_reason_says_for_how_many_it_holds(self) -> None:
        full = another(BRAM, capacity=1, load=1, advises=True)
        ranking = rank([full, another(CARLA, capacity=0)], NEED)
        assert ranking.reasons == {Unfit.FULL: 2, Unfit.ADVISER: 1}


class TestWhoComesFirst:
    def test_is_who_has_most_room_for_their_capacity(self) -> None:
        half_full, less_full = another(ANNA, capacity=4, load=2), another(BRAM, load=3, capacity=8)
        assert chosen(half_full, less_full) == BRAM

    def test_is_weighed_as_twenty_cases_without_a_limit(self) -> None:
        assert chosen(another(ANNA, load=2), another(BRAM, load=1, capacity=11)) == BRAM
        assert chosen(another(ANNA, load=2), another(BRAM, load=1, capacity=9)) == ANNA

    def test_is_who_mediated_for_the_complainant_before_although_they_are_busier(self) -> None:
        assert chosen(another(ANNA), another(BRAM, load=5, knows_the_case=True)) == BRAM

    def test_is_before_all_who_speaks_the_language(self) -> None:
        romanian = replace(NEED, language=Language.ROMANIAN)
        speaks = another(BRAM, languages=frozenset({Language.ROMANIAN}), load=9)
        before = another(ANNA, knows_the_case=True)
        assert rank([before, speaks], romanian).fitting == [BRAM, ANNA]

    def test_is_somebody_else_when_nobody_who_speaks_the_language_fits(self) -> None:
        romanian = replace(NEED, language=Language.ROMANIAN)
        full = another(BRAM, languages=frozenset({Language.ROMANIAN}), capacity=0)
        assert chosen(another(ANNA), full, need=romanian) == ANNA
        assert chosen(another(ANNA), need=romanian) == ANNA

    def test_is_not_who_mediated_before_when_they_do_not_fit(self) -> None:
        before = another(BRAM, knows_the_case=True, conflicts=frozenset({STAD}))
        assert chosen(another(ANNA), before) == ANNA

    def test_is_among_the_equally_loaded_who_meets_the_institution_less_often(self) -> None:
        assert chosen(another(ANNA, with_institution=2), another(BRAM)) == BRAM
        assert chosen(another(ANNA, with_institution=2), another(BRAM, load=1)) == ANNA

    def test_is_then_who_was_asked_longest_ago(self) -> None:
        then = datetime(2026, 3, 1, tzinfo=UTC)
        asked = another(ANNA, last_asked_at=then + timedelta(hours=1))
        assert chosen(asked, another(BRAM, last_asked_at=then)) == BRAM
        assert chosen(asked, another(CARLA)) == CARLA


_DAYS = st.dates(MONDAY - timedelta(days=7), MONDAY + timedelta(days=7))


@st.composite
def _absence(draw: st.DrawFn) -> Absence:
    first = draw(_DAYS)
    return Absence(first, first + timedelta(days=draw(st.integers(0, 5))))


_CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.integers(0, 50).map(lambda number: StaffId(UUID(int=number))),
        languages=st.frozensets(st.sampled_from(Language)),
        kinds=st.frozensets(st.sampled_from(InstitutionKind), max_size=3),
        regions=st.frozensets(st.sampled_from(Region), max_size=3),
        capacity=st.none() | st.integers(0, 5),
        time=st.builds(
            WorkingTime,
            working_days=st.frozensets(st.integers(1, 7)),
            absences=st.lists(_absence(), max_size=3).map(tuple),
        ),
        conflicts=st.frozensets(st.sampled_from([STAD, BANK, CASE])),
        withdrew=st.booleans(),
        advises=st.booleans(),
        knows_the_case=st.booleans(),
        load=st.integers(0, 6),
        with_institution=st.integers(0, 3),
        last_asked_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    ),
    max_size=12,
    unique_by=lambda candidate: candidate.id,
)
_NEEDS = st.builds(
    replace,
    st.just(NEED),
    language=st.sampled_from(Language),
    kind=st.sampled_from(InstitutionKind),
    region=st.none() | st.sampled_from(Region),
    excluded=st.frozensets(st.integers(0, 50).map(lambda number: StaffId(UUID(int=number)))),
)


class TestEveryRanking:
    @given(_CANDIDATES, _NEEDS)
    def test_never_has_anybody_who_is_not_free(
        self, candidates: list[Candidate], need: Need
    ) -> None:
        fitting = set(rank(candidates, need).fitting)
        for candidate in candidates:
            tied = {need.institution, need.case} & candidate.conflicts
            if tied or candidate.advises or candidate.id in need.excluded:
                assert candidate.id not in fitting

    @given(_CANDIDATES, _NEEDS)
    def test_accounts_for_everybody_once(self, candidates: list[Candidate], need: Need) -> None:
        ranking = rank(candidates, need)
        told = [*ranking.fitting, *ranking.left_out]
        assert sorted(told) == sorted(candidate.id for candidate in candidates)
        assert all(ranking.left_out.values())

    @given(_CANDIDATES, _NEEDS)
    def test_has_somebody_when_somebody_fits_in_everything(
        self, candidates: list[Candidate], need: Need
    ) -> None:
        free = Candidate(id=StaffId(UUID(int=99)), languages=frozenset())
        assert free.id in rank([*candidates, free], need).fitting

    @given(_CANDIDATES, _NEEDS, st.randoms())
    def test_does_not_depend_on_the_order_of_the_register(
        self, candidates: list[Candidate], need: Need, chance: Random
    ) -> None:
        shuffled = chance.sample(candidates, len(candidates))
        assert rank(shuffled, need).fitting == rank(candidates, need).fitting
        assert rank(shuffled, need).left_out == rank(candidates, need).left_out
