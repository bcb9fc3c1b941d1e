"""The dossier for the next body: it says that nothing came when that is certain, and only then."""

import re
from datetime import date, timedelta

from launcher.people import Json
from tests.printing.reading import squeezed, tags_of, words_of
from tests.system.institutions import InstitutionAtItsDesk
from tests.system.journeys import INSTITUTION_ADDRESS, Journey, World

REPLY = "institution_replies"
NO = "De instelling antwoordde niet op tijd. De termijn liep tot en met"
OF_DANGER = re.compile(r"(?i)stil|gevaar|veilig|pauze|onveilig")


async def dossier_of(journey: Journey) -> tuple[Json, str]:
    """Return a dossier for programs, and the words of the same on paper."""
    body = await journey.complainant.get("/dossier")
    response = await journey.world.http.get(
        "/v1/my-case/dossier/pdf", headers=journey.complainant.headers
    )
    assert response.status_code == 200, response.text
    words = words_of(response.content)
    assert squeezed(body["standing"]["text"]) in squeezed(words)
    assert "Table" in tags_of(response.content) or not body["letters"]
    return body, words


async def silent(world: World, institution: str = "voorbeeldstad") -> Journey:
    journey = await world.begins(institution)
    await journey.goes_to("awaiting_institution")
    await journey.institution()
    await journey.until_passed(REPLY)
    await journey.shows(stage="hearing_both_sides")
    return journey


class TestADossier:
    async def test_says_nothing_before_the_institution_was_asked(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")

        body, words = await dossier_of(journey)

        assert body["standing"]["code"] == "not_asked"
        assert (body["term"], body["letters"]) == (None, [])
        assert "Er is geen brief aan de instelling gestuurd." in words

    async def test_says_that_an_answer_is_awaited_while_the_term_runs(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")
        await journey.institution()

        body, words = await dossier_of(journey)

        assert body["standing"]["code"] == "awaited"
        assert NO not in words
        assert "Awb 9:11" in words

    async def test_says_that_the_institution_answered(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")

        body, words = await dossier_of(journey)

        assert body["standing"]["code"] == "answered"
        assert body["standing"]["day"]
        assert "Dit is onze kant." in words
        assert NO not in words

    async def test_proves_silence_with_letters_dates_and_the_next_body(self, world: World) -> None:
        journey = await silent(world)

        body, words = await dossier_of(journey)

        assert body["standing"]["code"] == "silent"
        assert date.fromisoformat(body["standing"]["lastDay"]) < journey.now.date()
        assert NO in words
        assert "Awb 9:11" in words
        sent = [letter["title"] for letter in body["letters"]]
        assert sent[:2] == ["De klacht aan de instelling", "Herinnering aan de instelling"]
        for number, title in enumerate(sent, start=1):
            assert squeezed(f"Bijlage {number}: {title}") in squeezed(words)
        assert squeezed("verzonden op") in squeezed(words)
        assert "Dit is de klacht" in words
        assert body["referral"]["code"] == "national_ombudsman"
        assert squeezed(body["referral"]["text"][-1]) in squeezed(words)

    async def test_tells_of_a_late_answer_and_claims_silence_no_more(self, world: World) -> None:
        journey = await silent(world)
        assert (await dossier_of(journey))[0]["standing"]["code"] == "silent"

        await (await journey.institution()).replies("Te laat, maar hier is het.")

        body, words = await dossier_of(journey)
        assert body["standing"]["code"] == "answered_late"
        assert NO not in words
        assert "Te laat, maar hier is het." in words

    async def test_reckons_with_an_extension_also_once_the_case_has_closed(
        self, world: World
    ) -> None:
        journey = await world.begins_at("awaiting_institution")
        was = date.fromisoformat((await journey.clock(REPLY))["lastDay"])
        institution = await InstitutionAtItsDesk.opens(world.http, await journey.institution())
        entry = await institution.says("extensions", "Wij zoeken het uit.")
        assert entry["status"] == "applied"
        await journey.until_day(was + timedelta(days=2))
        assert (await dossier_of(journey))[0]["standing"]["code"] == "awaited"

        await journey.until_passed(REPLY)
        await journey.shows(stage="hearing_both_sides")
        await journey.complainant.does("withdrawals", {})
        await journey.workflow().result()

        body, words = await dossier_of(journey)
        assert body["standing"]["code"] == "silent"
        assert date.fromisoformat(body["standing"]["lastDay"]) >= was + timedelta(weeks=4)
        assert "Wij zoeken het uit." in words
        assert "De instelling nam 4 weken extra." in words.replace("\n", " ")

    async def test_tells_nothing_of_danger(self, world: World) -> None:
        journey = await world.begins("voorbeeldinstelling")
        await journey.goes_to("awaiting_institution")
        await journey.institution()
        await journey.complainant.does("safety", {"safe": False})
        await journey.shows(inDanger=True)
        await journey.passes(timedelta(days=60))

        body, words = await dossier_of(journey)

        assert body["standing"] == {
            "code": "awaited",
            "text": body["standing"]["text"],
            "day": None,
            "lastDay": None,
        }
        assert not OF_DANGER.search(f"{body}{words}")

        await journey.complainant.does("safety", {"safe": True})
        await journey.shows(inDanger=False)

        body, words = await dossier_of(journey)
        assert body["standing"]["code"] == "awaited"
        assert body["standing"]["lastDay"]
        assert not OF_DANGER.search(f"{body}{words}")

    async def test_is_given_in_the_language_of_whoever_reads_it(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution", language="en")
        await journey.institution()

        english = await journey.complainant.get("/dossier")
        dutch = await journey.complainant.get("/dossier?language=nl")

        assert english["standing"]["text"].startswith("We have not seen")
        assert dutch["standing"]["text"].startswith("Wij hebben nog geen")

    async def test_keeps_the_end_of_the_mediation_out(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")
        await journey.mediator.decides(
            journey.number, "close_case", outcome="not_settled", reason="Zij kwamen er niet uit."
        )
        await journey.workflow().result()
        await journey.letter_to(INSTITUTION_ADDRESS, "is afgesloten")

        body, words = await dossier_of(journey)

        assert "Zij kwamen er niet uit." not in f"{body}{words}"
        assert "Afsluiting aan de instelling" not in words
