"""The terms: complete for every institution, each with its source."""

from datetime import timedelta

import pytest

from domain.institutions import InstitutionKind
from domain.policy.terms import (
    INSTITUTION_TERMS,
    PORTAL_TERMS,
    REOPENING_WINDOW,
    RETENTION,
    terms_for,
)
from domain.waits import SERVICE_LEVEL, Wait


class TestTheTerms:
    def test_exist_for_every_kind_of_institution(self) -> None:
        assert set(INSTITUTION_TERMS) == set(InstitutionKind)

    @pytest.mark.parametrize("kind", InstitutionKind)
    def test_are_complete_for_every_wait(self, kind: InstitutionKind) -> None:
        assert set(terms_for(kind)) == set(Wait)

    @pytest.mark.parametrize("kind", InstitutionKind)
    def test_remind_before_they_end(self, kind: InstitutionKind) -> None:
        for term in terms_for(kind).values():
            assert timedelta(0) <= term.remind_after < term.due_after

    @pytest.mark.parametrize("kind", InstitutionKind)
    def test_name_their_source(self, kind: InstitutionKind) -> None:
        assert all(term.source.strip() for term in terms_for(kind).values())

    def test_of_the_portal_are_its_own_and_claim_no_law(self) -> None:
        assert {term.source for term in PORTAL_TERMS.values()} == {SERVICE_LEVEL}

    def test_of_the_institution_come_from_its_kind(self) -> None:
        municipality = terms_for(InstitutionKind.MUNICIPALITY)[Wait.INSTITUTION_REPLIES]
        police = terms_for(InstitutionKind.POLICE)[Wait.INSTITUTION_REPLIES]
        assert (municipality.due_after, municipality.source) == (timedelta(weeks=6), "Awb 9:11")
        assert police.due_after == timedelta(weeks=10)

    def test_are_a_copy_that_a_case_may_keep(self) -> None:
        terms = terms_for(InstitutionKind.OTHER)
        del terms[Wait.INSTITUTION_REPLIES]
        assert Wait.INSTITUTION_REPLIES in terms_for(InstitutionKind.OTHER)


class TestAClosedDossier:
    def test_is_kept_longer_than_it_can_be_reopened(self) -> None:
        assert REOPENING_WINDOW < RETENTION

    def test_is_kept_for_the_ombudsmans_year_and_a_month_to_use_it(self) -> None:
        assert timedelta(days=366 + 30) <= RETENTION
