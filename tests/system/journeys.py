"""Bringing a case to where a test begins, on the real system."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import httpx
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle

from domain.clock import CIVIL_TIME
from launcher import time_travel
from launcher.people import (
    Complainant,
    Institution,
    Json,
    Letterbox,
    Office,
    StaffMember,
    eventually,
)
from launcher.system import System
from storage.database import Database

STAGES = (
    "finding_mediator",
    "awaiting_consent",
    "awaiting_institution",
    "hearing_both_sides",
    "outcome_proposed",
)
_JUST_AFTER = timedelta(minutes=1)
INSTITUTION_ADDRESS = "klachten@voorbeeldstad.example"


@dataclass
class World:
    """The running system and everybody in it."""

    system: System
    http: httpx.AsyncClient
    office: Office
    letterbox: Letterbox
    temporal: Client
    database: Database
    token_for: Callable[[str], str]

    async def begins(self, institution: str = "voorbeeldstad", **more: Any) -> "Journey":
        """Let somebody complain."""
        complainant = await Complainant.complains(self.http, institution, **more)
        return Journey(self, complainant, f"klachten@{institution}.example")

    async def asks(self, **more: Any) -> "Journey":
        """Let somebody ask a question, and an adviser get it."""
        journey = Journey(self, await Complainant.asks(self.http, **more), "")
        await journey.complainant.reaches("awaiting_adviser", "adviser_answers")
        return journey

    async def begins_at(self, stage: str, **more: Any) -> "Journey":
        """Let somebody complain, and bring the case to a stage."""
        journey = await self.begins(**more)
        await journey.goes_to(stage)
        return journey


class Journey:
    """One case on its way."""

    def __init__(self, world: World, complainant: Complainant, address: str) -> None:
        self.world = world
        self.complainant = complainant
        self.number = complainant.case_number
        self._institution_address = address
        self._mediator: StaffMember | None = None
        self._passed = timedelta(0)

    @property
    def mediator(self) -> StaffMember:
        assert self._mediator is not None
        return self._mediator

    async def goes_to(self, stage: str) -> None:
        """Bring the case to a stage by the shortest way."""
        steps = (
            self._is_offered,
            self.is_accepted,
            self.gets_consent,
            self.hears_the_institution,
            self.gets_a_proposal,
        )
        for wanted, step in zip(STAGES, steps, strict=True):
            await step()
            if wanted == stage:
                return
        raise ValueError(stage)

    async def _is_offered(self) -> None:
        await self.complainant.reaches("finding_mediator", "mediator_accepts")

    async def is_accepted(
        self, waiting: tuple[str, str] = ("awaiting_consent", "complainant_consents")
    ) -> None:
        _, self._mediator = await self.world.office.asked(self.number)
        entry = await self._mediator.decides(self.number, "accept_case")
        assert entry["status"] == "applied", entry
        await self.complainant.reaches(*waiting)

    async def gets_consent(self) -> None:
        entry = await self.complainant.does("consents", {"consent": True})
        assert entry["status"] == "applied", entry
        await self.complainant.reaches("awaiting_institution", "institution_replies")

    async def fails_to_reach_the_institution(self) -> None:
        """Give consent while the institution's mail server refuses its address for good."""
        self.world.system.mail.set_fault("550")
        try:
            await self.gets_consent()
            await self.shows(attention="letter_failed", contacted=False)
        finally:
            self.world.system.mail.set_fault(None)

    async def institution(self) -> Institution:
        """Return the institution, with the letter that it received."""
        letter = await self.letter_to(self._institution_address, "Dit is de klacht")
        return Institution(self.world.http, letter["text"])

    async def hears_the_institution(self) -> None:
        entry = await (await self.institution()).replies("Dit is onze kant.")
        assert entry["status"] == "applied", entry
        await self.complainant.reaches("hearing_both_sides", "mediator_proposes")

    async def gets_a_proposal(self) -> None:
        entry = await self.mediator.decides(self.number, "propose_outcome", outcome="settled")
        assert entry["status"] == "applied", entry
        await self.complainant.reaches("outcome_proposed", "complainant_responds")

    async def passes(self, delta: timedelta) -> None:
        """Let time pass for this case."""
        await time_travel.advance(self.world.temporal, self.world.database, self.number, delta)
        self._passed += delta

    @property
    def now(self) -> datetime:
        """The present in the time of this case."""
        return datetime.now(UTC) + self._passed

    async def clock(self, wait: str) -> Json:
        """Return a running clock as staff see it, once it runs."""

        async def ask() -> Json | None:
            clocks = (await self.course())["clocks"]
            return next((clock for clock in clocks if clock["code"] == wait), None)

        return await eventually(ask, f"no clock {wait} runs in {self.number}")

    async def until_next(self, wait: str) -> str:
        """Let time pass until something happens by itself on a clock; return what."""
        before = await self.clock(wait)
        moment = datetime.fromisoformat(before["nextAt"])
        await self.passes(max(moment - self.now, timedelta(0)) + _JUST_AFTER)

        async def moved() -> bool | None:
            clocks = (await self.course())["clocks"]
            now = [clock for clock in clocks if clock["code"] == wait]
            return True if not now or now[0]["nextAt"] != before["nextAt"] else None

        await eventually(moved, f"nothing happened on the clock {wait} of {self.number}")
        return before["nextStep"]

    async def until_passed(self, wait: str) -> None:
        """Let time pass until the term of a clock has passed, over its reminders."""
        while await self.until_next(wait) != "pass":
            pass

    async def until_day(self, day: date) -> None:
        """Let time pass until noon of a civil day."""
        noon = datetime.combine(day, time(12), CIVIL_TIME)
        await self.passes(noon - self.now)

    async def course(self) -> Json:
        """Return what staff see of the case."""
        return await self.world.office.supervisor.get(f"/v1/cases/{self.number}")

    async def shows(self, **expected: object) -> Json:
        """Wait until the course of the case says this."""

        async def ask() -> Json | None:
            course = await self.course()
            return course if all(course[k] == v for k, v in expected.items()) else None

        return await eventually(ask, f"case {self.number} never showed {expected}")

    async def letter_to(self, address: str, containing: str) -> Json:
        """Wait for a letter in this case to an address."""

        async def ask() -> Json | None:
            for letter in await self.letters_to(address):
                if containing in letter["text"]:
                    return letter
            return None

        return await eventually(ask, f"no letter to {address} with {containing!r}")

    async def letters_to(self, address: str) -> list[Json]:
        """Return the letters in this case that an address received, newest first."""
        return await self.world.letterbox.to(address, self.number)

    async def file_holds(self, letter: str) -> Json:
        """Wait for a letter in the complainant's file."""

        async def ask() -> Json | None:
            for found in (await self.complainant.get("/letters"))["letters"]:
                if found["letter"] == letter:
                    return found
            return None

        return await eventually(ask, f"no letter {letter} in the file of {self.number}")

    def workflow(self, kind: str = "complaint", episode: int = 1) -> WorkflowHandle[object, object]:
        """Return the handle of a workflow of this case."""
        return self.world.temporal.get_workflow_handle(f"{kind}-{self.number}.{episode}")

    async def summaries(self, *events: "EventType.ValueType") -> list[str]:
        """Return what activities and timers say of themselves, read with the keys."""
        history = await self.workflow().fetch_history()
        told = [
            event.user_metadata.summary for event in history.events if event.event_type in events
        ]
        return await self.world.temporal.data_converter.decode(told, [str] * len(told))
