"""Decisions about clocks, danger and grounds: applied, or refused in words."""

from collections.abc import Callable

import httpx
import pytest

from launcher.people import Complainant, Letterbox, Office
from tests.api.cases_in_hand import Mediated, mediated_case


@pytest.fixture
async def fresh(
    http: httpx.AsyncClient, token_for: Callable[[str], str], letterbox: Letterbox
) -> Mediated:
    return await mediated_case(http, token_for, letterbox)


class TestExtending:
    async def test_is_not_possible_beyond_what_can_be_counted(
        self, http: httpx.AsyncClient, fresh: Mediated, office: Office
    ) -> None:
        case = Complainant(http, fresh.number, fresh.receipt_code)
        await case.does("consents", {"consent": False})
        await case.reaches("awaiting_consent", "complainant_consents")

        entry = await office.member(fresh.mediator).decides(
            fresh.number, "extend_term", wait="complainant_consents", until="2100-12-31"
        )

        assert (entry["status"], entry["refusal"]) == ("refused", "not_allowed")
