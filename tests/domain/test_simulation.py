"""Two hundred cases and ten mediators: nobody is forgotten, and the work is spread.

Run with ``-s`` to see the spread.
"""

from collections import Counter

import pytest

from tests.domain.office_of_ten import CASES, INSTITUTIONS, OfficeOfTen

SEEDS = (1, 2)
GENERALISTS = {"Anna", "Bram", "Iris"}
"""They take everything, with the same capacity; Iris is away for a month."""
WIDEST_SPREAD = 1.6
"""How many times as many cases the busiest of those who take everything gets as the least busy."""


@pytest.fixture(scope="module", params=SEEDS, ids=lambda seed: f"seed {seed}")
def office(request: pytest.FixtureRequest) -> OfficeOfTen:
    running = OfficeOfTen(request.param)
    running.runs()
    return running


class TestTwoHundredCases:
    def test_are_all_accepted_and_come_to_an_end(self, office: OfficeOfTen) -> None:
        assert len(office.cases) == CASES
        assert all(case.accepted_by for case in office.cases)
        assert not any(case.journey.course.is_open for case in office.cases)

    def test_never_come_to_somebody_who_is_not_free_or_not_fit(self, office: OfficeOfTen) -> None:
        for case in office.cases:
            kind, region = INSTITUTIONS[case.institution]
            for identifier in case.accepted_by:
                mediator = office.mediators[identifier]
                assert case.institution not in mediator.conflicts
                assert not mediator.kinds or kind in mediator.kinds
                assert not (mediator.regions and region) or region in mediator.regions

    def test_come_to_somebody_who_speaks_the_language_wherever_one_is_free(
        self, office: OfficeOfTen
    ) -> None:
        spoken = [
            case.language in office.mediators[one].languages
            for case in office.cases
            for one in case.accepted_by
        ]
        assert sum(spoken) >= 0.95 * len(spoken)

    def test_are_all_taken_from_the_one_who_leaves(self, office: OfficeOfTen) -> None:
        [leaver] = [one for one in office.mediators.values() if one.leaves_on]
        left = [case for case in office.cases if leaver.id in case.journey.course.recused]
        assert left
        assert all(case.journey.course.mediator != leaver.id for case in left)
        assert any(case.accepted_by[0] == leaver.id for case in left)

    def test_are_spread_over_everybody_by_capacity(self, office: OfficeOfTen) -> None:
        taken = Counter(one for case in office.cases for one in case.accepted_by)
        print()  # noqa: T201
        for mediator in office.mediators.values():
            number = taken[mediator.id]
            each = f"{number / mediator.capacity:.2f} for each case of capacity"
            print(f"{mediator.name:6} {number:3} cases, {each}")  # noqa: T201
        assert all(taken[mediator.id] for mediator in office.mediators.values())
        same = [taken[one.id] for one in office.mediators.values() if one.name in GENERALISTS]
        assert max(same) <= WIDEST_SPREAD * min(same)


class TestAnOfficeThatIsFull:
    def test_takes_every_case_in_the_end_and_never_more_than_it_can(self) -> None:
        office = OfficeOfTen(seed=4)
        for mediator in office.mediators.values():
            mediator.capacity = 2
        office.runs()
        assert office.times_nobody_fitted
        assert all(case.accepted_by for case in office.cases)
        assert not any(case.journey.course.is_open for case in office.cases)
        assert office.most_at_once == 2
