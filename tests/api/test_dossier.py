"""The dossier for the next body: both sides and the dates, and nothing of the mediation itself."""

from collections.abc import Callable

import httpx

from launcher.people import Complainant, Institution, Letterbox
from tests.api.cases_in_hand import (
    IN_CONFIDENCE,
    NOTE,
    TO_THE_INSTITUTION,
    Mediated,
    mediated_case,
    session_of,
)
from tests.api.observing import assert_problem


class TestTheDossier:
    async def test_anonymous_is_not_let_in(self, http: httpx.AsyncClient) -> None:
        assert_problem(await http.get("/v1/my-case/dossier"), 401, "unauthenticated")

    async def test_holds_what_was_said_to_the_institution_and_what_it_said(
        self, http: httpx.AsyncClient, token_for: Callable[[str], str], letterbox: Letterbox
    ) -> None:
        fresh = await mediated_case(http, token_for, letterbox)
        await Institution(http, f"Zie {fresh.page}").replies("Onze kant, voor het dossier.")
        case = Complainant(http, fresh.number, fresh.receipt_code)

        dossier = await case.get("/dossier")

        assert dossier["caseNumber"] == fresh.number
        texts = [entry["body"]["text"] for entry in dossier["entries"]]
        assert dossier["entries"][0]["kind"] == "complaint"
        assert TO_THE_INSTITUTION in texts
        assert "Onze kant, voor het dossier." in texts
        assert dossier["letters"][0]["title"]
        assert dossier["letters"][0]["status"] == "sent"
        assert dossier["letters"][0]["sentAt"]
        assert "Dit is de klacht" in dossier["letters"][0]["text"]
        assert dossier["standing"]["code"] == "answered"
        assert "Awb 9:11" in " ".join(dossier["term"]["why"])
        assert dossier["referral"]["code"] == "national_ombudsman"

    async def test_keeps_the_mediation_out(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        headers = await session_of(http, mediated.receipt_code)

        words = (await http.get("/v1/my-case/dossier", headers=headers)).text

        for hidden in (IN_CONFIDENCE, NOTE, "/reply/", mediated.receipt_code):
            assert hidden not in words
