"""A policy that changes while cases run: new cases follow it, running ones keep their rules."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

from domain.calendar import civil_date
from tests.system.institutions import InstitutionAtItsDesk
from tests.system.journeys import World
from tests.system.test_ladder import SLOW, consents_to_everything

REPLY = "institution_replies"

LONGER_TERM = """
[[terms]]
id = "awb-9-11"
wait = "institution_replies"
span = "9 weeks"
rolling = "statutory"
statutory = true
ladder = "institution_replies"
extension = "awb-9-11-extension"
source = "Awb 9:11, as it might be changed"
verified = true
valid_from = 2020-01-01
"""

CORRECTED_EXTENSION = """
[[extensions]]
id = "politiewet-extension"
span = "6 weeks"
source = "Politiewet 2012, as somebody read it"
verified = true
valid_from = 2020-01-01
"""

TERM_OF_TOMORROW = """
[[terms]]
id = "politiewet-term"
wait = "institution_replies"
span = "12 weeks"
rolling = "statutory"
statutory = true
ladder = "institution_replies"
extension = "politiewet-extension"
source = "Politiewet 2012, as it might be changed"
verified = true
valid_from = {tomorrow}
"""


@asynccontextmanager
async def policy_of_an_operator(world: World, folder: Path, toml: str) -> AsyncGenerator[None]:
    """Let the worker start with an operator's own file, for as long as the block runs."""
    file = folder / "operator.toml"
    file.write_text(toml, encoding="utf-8")
    world.system.settings["WEDERHOOR_POLICY_FILE"] = str(file)
    await world.system.restart(world.system.worker)
    try:
        yield
    finally:
        del world.system.settings["WEDERHOOR_POLICY_FILE"]
        await world.system.restart(world.system.worker)


class TestAChangedTerm:
    async def test_binds_new_cases_only(self, world: World, tmp_path: Path) -> None:
        running = await world.begins_at("awaiting_institution")
        before = await running.clock(REPLY)
        version = (await running.course())["policyVersion"]

        async with policy_of_an_operator(world, tmp_path, LONGER_TERM):
            fresh = await world.begins_at("awaiting_institution")
            longer = SLOW.walk(civil_date(fresh.now), 9, "weeks", rolls=True).day
            assert (await fresh.clock(REPLY))["lastDay"] == longer.isoformat()
            assert (await fresh.course())["policyVersion"] != version
            # The running case goes on under the new release, on its old dates.
            await running.complainant.does("messages", {"text": "Nog iets."})
            assert await running.clock(REPLY) == before
            await running.until_next(REPLY)
            assert (await running.clock(REPLY))["lastDay"] == before["lastDay"]
            assert (await running.course())["policyVersion"] == version
            assert (await running.course())["attention"] is None

        await fresh.complainant.does("messages", {"text": "Ook nog iets."})
        assert (await fresh.clock(REPLY))["lastDay"] == longer.isoformat()


class TestACorrectionOfARowThatNobodyHadVerified:
    async def test_asks_the_mediator_of_each_running_case_that_keeps_it(
        self, world: World, tmp_path: Path
    ) -> None:
        cases = [
            await world.begins_at("awaiting_consent", institution="politie-voorbeeldland")
            for _ in range(2)
        ]
        for case in cases:
            await consents_to_everything(case)
        other = await world.begins_at("awaiting_institution")
        applying, keeping = cases
        tomorrow = civil_date(applying.now) + timedelta(days=1)
        corrected = CORRECTED_EXTENSION + TERM_OF_TOMORROW.format(tomorrow=tomorrow)

        before = await applying.clock(REPLY)

        async with policy_of_an_operator(world, tmp_path, corrected):
            for case in cases:
                await case.shows(attention="policy_corrected")
                await case.passes(timedelta(days=2))
            assert (await other.course())["attention"] is None
            entry = await applying.mediator.decides(applying.number, "apply_correction")
            assert entry["status"] == "applied"
            entry = await keeping.mediator.decides(keeping.number, "keep_rules")
            assert entry["status"] == "applied"
            for case, weeks in ((applying, 6), (keeping, 4)):
                # The rules of its first day bind it still, corrected or not.
                assert (await case.clock(REPLY))["lastDay"] == before["lastDay"]
                last = date.fromisoformat((await case.clock(REPLY))["lastDay"])
                desk = await InstitutionAtItsDesk.opens(world.http, await case.institution())
                entry = await desk.says("extensions", "Wij hebben meer tijd nodig.")
                assert entry["status"] == "applied"
                longer = SLOW.walk(last, weeks, "weeks", rolls=True).day
                assert (await case.clock(REPLY))["lastDay"] == longer.isoformat()
                assert longer - last >= timedelta(weeks=weeks)

        # Asked once: another version of the policy that corrects no more asks nobody anew.
        async with policy_of_an_operator(world, tmp_path, CORRECTED_EXTENSION + LONGER_TERM):
            await keeping.complainant.does("messages", {"text": "Nog iets."})
            assert (await keeping.course())["attention"] is None
