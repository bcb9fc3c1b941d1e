"""Waits: each one is awaited of one party."""

import pytest

from domain.parties import Party
from domain.waits import Wait


class TestAWait:
    @pytest.mark.parametrize(
        ("wait", "party"),
        [
            (Wait.PORTAL_ACKNOWLEDGES, Party.PORTAL),
            (Wait.MEDIATOR_FOUND, Party.PORTAL),
            (Wait.COMPLAINANT_CHOOSES_ROUTE, Party.COMPLAINANT),
            (Wait.NEXT_BODY_WINDOW, Party.COMPLAINANT),
            (Wait.MEDIATOR_AVAILABLE, Party.PORTAL),
            (Wait.MEDIATOR_ACCEPTS, Party.MEDIATOR),
            (Wait.COMPLAINANT_CONSENTS, Party.COMPLAINANT),
            (Wait.INSTITUTION_REACHED, Party.PORTAL),
            (Wait.INSTITUTION_REPLIES, Party.INSTITUTION),
            (Wait.MEDIATOR_PROPOSES, Party.MEDIATOR),
            (Wait.COMPLAINANT_RESPONDS, Party.COMPLAINANT),
        ],
    )
    def test_awaits_one_party(self, wait: Wait, party: Party) -> None:
        assert wait.party is party

    @pytest.mark.parametrize("wait", Wait)
    def test_always_knows_of_whom(self, wait: Wait) -> None:
        assert wait.party in Party
