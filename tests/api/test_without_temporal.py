"""An API that was started while Temporal was not there takes everything in all the same."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from structlog.testing import capture_logs

from launcher.people import Complainant
from launcher.ports import free_ports
from launcher.system import System
from tests.api.cases_in_hand import Mediated
from tests.api.in_process import in_process
from tests.api.observing import assert_problem, bearer

LEFT = {"event": "left_to_the_relay", "log_level": "info", "error": "NotDelivered"}


@pytest.fixture
async def alone(system: System) -> AsyncIterator[httpx.AsyncClient]:
    """An API that finds nothing where Temporal should be; what it raises reaches the test."""
    nobody = f"127.0.0.1:{free_ports(['temporal'])['temporal']}"
    async with in_process(system, TEMPORAL_ADDRESS=nobody) as http:
        yield http


class TestAnApiThatNeverReachedTemporal:
    async def test_leaves_what_arrives_to_the_relay(
        self, alone: httpx.AsyncClient, http: httpx.AsyncClient
    ) -> None:
        with capture_logs() as logs:
            case = await Complainant.complains(alone, "voorbeeldstad")
        assert logs == [LEFT]
        followed = Complainant(http, case.case_number, case.receipt_code)
        await followed.reaches("finding_mediator")

    async def test_leaves_both_sides_of_a_question_that_becomes_a_complaint(
        self, alone: httpx.AsyncClient
    ) -> None:
        asked = await Complainant.asks(alone)
        with capture_logs() as logs:
            await asked.turns_into_complaint("voorbeeldstad")
        assert logs == [LEFT, LEFT]

    async def test_says_that_there_is_no_preview_now(
        self, alone: httpx.AsyncClient, mediated: Mediated, token_for: Callable[[str], str]
    ) -> None:
        answer = await alone.post(
            f"/v1/cases/{mediated.number}/decisions/preview",
            json={"decision": "close_case", "outcome": "not_settled", "reason": "Klaar."},
            headers=bearer(token_for(mediated.mediator)),
        )
        assert_problem(answer, 503, "preview-unavailable")
