"""Who may read an entry."""

import pytest

from domain.parties import Audience, Party

READERS: dict[Audience, set[Party]] = {
    Audience.MEDIATOR_ONLY: {Party.MEDIATOR, Party.ADVISER},
    Audience.COMPLAINANT: {Party.MEDIATOR, Party.ADVISER, Party.COMPLAINANT},
    Audience.INSTITUTION: {Party.MEDIATOR, Party.ADVISER, Party.INSTITUTION},
    Audience.BOTH_SIDES: {Party.MEDIATOR, Party.ADVISER, Party.COMPLAINANT, Party.INSTITUTION},
}


class TestAnAudience:
    @pytest.mark.parametrize("audience", Audience)
    @pytest.mark.parametrize("party", Party)
    def test_includes_whom_it_names_and_whoever_has_the_case(
        self, audience: Audience, party: Party
    ) -> None:
        assert audience.includes(party) == (party in READERS[audience])

    @pytest.mark.parametrize("audience", Audience)
    def test_never_includes_a_supervisor_or_the_portal(self, audience: Audience) -> None:
        assert not audience.includes(Party.SUPERVISOR)
        assert not audience.includes(Party.PORTAL)
