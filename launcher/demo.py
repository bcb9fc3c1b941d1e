"""One complaint from intake to closure, on the real system, told as it happens."""

import email.utils
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from rich.console import Console

from domain.clock import CIVIL_TIME
from launcher.errors import LauncherError
from launcher.folders import cache_folder, temporary_state
from launcher.people import Complainant, Institution, Json, NotInTime, eventually
from launcher.progress import Progress
from launcher.system import System
from launcher.time_travel import advance, workflows_of
from launcher.visit import Visit, visiting

_COMPLAINANT = "iemand@post.example"
_INSTITUTION = "klachten@voorbeeldstad.example"
_COORDINATOR = "coordinator@voorbeeldstad.example"


async def demo() -> None:
    """Play the demo on a system of its own, which is thrown away afterwards.

    Raises:
        LauncherError: when the case did not close, or a letter did not arrive.
    """
    progress = Progress()
    progress.say("Setting up a system of its own for this demo; nothing of it is kept.")
    with temporary_state() as state:
        async with System(state, cache_folder(), progress=progress) as system:
            try:
                async with visiting(system) as visit:
                    await _Story(visit, Teller(progress.console)).tell_all()
            except (NotInTime, httpx.HTTPError) as error:
                raise LauncherError(f"The demo failed: {error}") from error
            progress.say("Stopping the demo's system …")


@dataclass
class Teller:
    """Tells the story, with the day on which each thing happens."""

    console: Console
    passed: timedelta = timedelta(0)

    def tell(self, who: str, what: str) -> None:
        """Print what somebody does."""
        today = (datetime.now(UTC) + self.passed).astimezone(CIVIL_TIME)
        line = f"{today:%d %b %Y}  {who:<12} {what}"
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def blank(self) -> None:
        """Print an empty line."""
        self.console.print()


class _Story:
    def __init__(self, visit: Visit, teller: Teller) -> None:
        self._visit = visit
        self._http = visit.http
        self._office = visit.office
        self._letterbox = visit.letterbox
        self._teller = teller

    async def tell_all(self) -> None:
        tell = self._teller.tell
        self._teller.blank()
        case = await Complainant.complains(
            self._http,
            "voorbeeldstad",
            subject="Aan het loket weggestuurd",
            text="Ik kwam voor een inschrijving en werd weggestuurd om mijn werk.",
            email=_COMPLAINANT,
            language="en",
        )
        number = case.case_number
        tell("complainant", f"complains without a name; case {number}, and a receipt code to keep")
        await self._told(case, "acknowledgement", "there is news (the acknowledgement)")

        await case.reaches("finding_mediator", "mediator_accepts")
        first_id, first = await self._office.asked(number)
        await first.decides(number, "decline_case")
        tell("mediator 1", "declines: it would be the wrong person")
        _, mediator = await self._office.asked(number, other_than=first_id)
        await mediator.decides(number, "accept_case")
        tell("mediator 2", "is asked, and accepts")

        status = await case.reaches("awaiting_consent")
        tell("portal", f"waits for consent: {status['waitingFor']['ifNobodyActs']}")
        await case.does("consents", {"consent": True})
        tell("complainant", "allows contact with the institution")
        status = await case.reaches("awaiting_institution", "institution_replies")
        letter = await self._arrived(
            _INSTITUTION, "Dit is de klacht", "the complaint, and a reply link"
        )
        tell("portal", status["waitingFor"]["why"])

        await self._until_next(number)
        await self._arrived(_INSTITUTION, "nog geen reactie van u", "a reminder before its term")
        await self._until_next(number)
        await self._arrived(_INSTITUTION, "vandaag", "a reminder on its last day")
        await self._until_next(number)
        await self._arrived(
            _INSTITUTION, "de termijn voorbij is", "the notice that its term has passed"
        )
        await case.reaches("hearing_both_sides")
        tell("portal", "the institution was silent; the mediator decides what is next")

        await self._until_next(number)
        await self._arrived(_COORDINATOR, "", "the complaint, to the complaints coordinator")
        await self._pass(number, timedelta(days=3))
        institution = Institution(self._http, letter["text"])
        await institution.replies("Onze excuses. U kunt morgen terecht; wij spreken het team aan.")
        tell("institution", "answers late through its reply link; still welcome")
        await mediator.decides(
            number, "propose_outcome", outcome="settled", reason="Excuses, en een nieuwe afspraak."
        )
        await case.reaches("outcome_proposed")
        tell("mediator 2", "has heard both sides, and proposes: settled")
        await case.does("responses", {"accept": True})
        tell("complainant", "accepts")
        closed = await case.reaches("closed")
        if closed["outcome"]["code"] != "settled":
            raise NotInTime(f"the case closed as {closed['outcome']['code']}")
        await self._told(case, "closing", "there is news (the closing letter)")
        await self._arrived(_INSTITUTION, "is afgesloten", "that the case is closed")
        await self._finish(case)

    async def _until_next(self, number: str) -> None:
        """Let time pass until the institution's clock does something by itself."""
        course = await self._office.supervisor.get(f"/v1/cases/{number}")
        [clock] = [one for one in course["clocks"] if one["code"] == "institution_replies"]
        moment = datetime.fromisoformat(clock["nextAt"])
        now = datetime.now(UTC) + self._teller.passed
        await self._pass(number, moment - now + timedelta(minutes=1))

    async def _pass(self, number: str, delta: timedelta) -> None:
        await advance(self._visit.temporal, self._visit.database, number, delta)
        self._teller.passed += delta
        self._teller.blank()
        days = round(delta / timedelta(days=1))
        self._teller.tell("time", f"{days} day{'s pass' if days != 1 else ' passes'} …")

    async def _told(self, case: Complainant, kind: str, what: str) -> None:
        """Wait for the mail that announces a letter in the complainant's file."""

        async def ask() -> Json | None:
            for letter in (await case.get("/letters"))["letters"]:
                if letter["letter"] == kind:
                    return await self._letterbox.find(letter["id"])
            return None

        self._show(await eventually(ask, f"no mail announced the letter {kind}"), what)

    async def _arrived(self, to: str, containing: str, what: str) -> Json:
        """Wait for a letter to an address, told apart by words that it contains."""
        letter = await self._letterbox.letter(to, containing)
        self._show(letter, what)
        return letter

    def _show(self, letter: Json, what: str) -> None:
        dated = email.utils.parsedate_to_datetime(letter["date"]).astimezone(CIVIL_TIME)
        to = ", ".join(letter["envelope_to"])
        self._teller.tell("letter", f"to {to}, dated {dated:%d %b %Y}: {what}")

    async def _finish(self, case: Complainant) -> None:
        workflows = await workflows_of(self._visit.database, case.case_number)
        handle = self._visit.temporal.get_workflow_handle(workflows.episode)
        history = await handle.fetch_history()
        letters = (await case.get("/letters"))["letters"]
        arrived = await self._letterbox.all()
        self._teller.blank()
        self._teller.tell(
            "done",
            f"case {case.case_number} is closed: settled. {len(arrived)} letters arrived, "
            f"{len(letters)} stand in the complainant's file; the workflow took "
            f"{len(history.events)} events.",
        )
