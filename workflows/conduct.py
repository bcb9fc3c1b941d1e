"""Conducting a case: reading what arrives, telling what became of it, posting letters, waiting.

The workflow of a case says what must happen; this says how a workflow goes about it, so that a
reply is never overtaken by a timer and nothing is lost between two runs.
"""

from copy import deepcopy
from datetime import date, datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.ledger import LedgerActivities
    from activities.letters import LetterActivities
    from activities.messages import (
        BeginEpisode,
        CaseReference,
        Foresee,
        Foreseen,
        PostLetter,
        RecordCourse,
        TakeSnapshot,
    )
    from domain import entry_rules, letter_rules, time_rules
    from domain.assignment_rules import remember
    from domain.calendar import civil_date
    from domain.correction_rules import bind_anew
    from domain.course import Course
    from domain.entries import Verdict
    from domain.identifiers import EntryNumber
    from domain.letters import Letter, PendingLetter
    from domain.matter import Matter
    from domain.overview import Overview
    from domain.policy.model import CaseRules
    from domain.read_model import overview_of
    from domain.stage_letters import call_for_what_follows
    from domain.stages import Stage
    from domain.waits import Wait
    from workflows import details, ledger, options, search_attributes
    from workflows.alarm import Alarms
    from workflows.effects import Effects
    from workflows.options import RUN_EVENT_LIMIT
    from workflows.search_attributes import Standing, standing_of


class Conduct:
    """The conduct of one episode of a case, within one run of its workflow.

    Attributes:
        course: the rules' view of the case; changed only between two awaits.
        effects: has things done outside.
        desk: the address of the case's page at the desk.
    """

    def __init__(self, begin: BeginEpisode, matter: Matter) -> None:
        self.case = begin.case
        self.course = begin.course or _begun(begin, matter)
        self.rung = True  # whatever came before this run began has rung already
        self._untold: list[Verdict] = list(begin.untold)
        self.desk = begin.desk
        self._revision = begin.revision
        self._told: Overview | None = None
        self._shown: Standing | None = None
        self._alarms = Alarms()
        self.effects = Effects(self._notice_trouble)
        self._show_details(self._overview())

    async def fix_rules(self) -> None:
        """Fix the rules that bind this case, unless an earlier run did."""
        if self.course.rules is None:
            today = civil_date(workflow.now())
            self.course.rules = await self._rules("Fix the rules that bind this case", today)
            if self.case.episode > 1:
                self.course.received_at = workflow.now()

    async def read(self) -> None:
        """Apply everything that has arrived, strictly in order."""
        self.rung = False
        for entry in await ledger.read_beyond(self.effects, self.case, self.course.cursor):
            self._untold.append(entry_rules.apply(self.course, entry, workflow.now()))

    async def tell(self) -> None:
        """Record the answers and the read model, and show them in the Temporal UI."""
        news = self.news()
        if news is not None:
            await ledger.record(self.effects, news)
            self.told(news)

    def news(self) -> RecordCourse | None:
        """Return what was not told yet. Whoever records it says so by ``told``."""
        self.course.keep_time(workflow.now())
        overview = self._overview()
        if not self._untold and overview == self._told:
            return None
        return self._news_of(overview)

    def _news_of(self, overview: Overview) -> RecordCourse:
        self._revision += 1
        return RecordCourse(
            self.case, tuple(self._untold), self._revision, overview, workflow.now()
        )

    def told(self, news: RecordCourse | None) -> None:
        """Note that news were recorded, perhaps after newer ones that told of a trouble."""
        if news is not None and news.overview is not None:
            del self._untold[: len(news.verdicts)]
            if news.revision == self._revision:
                self._told = news.overview
                self._show(news.overview)

    async def post_letters(self) -> None:
        """Post every letter that may go now; what has arrived meanwhile goes first."""
        while (letter := self.course.next_letter) is not None:
            self._hand_over_when_long()
            if not await self._posted(letter, self.course.cursor):
                await self.read()

    async def post_last_letters(self) -> None:
        """Post the letters of a closed file; what arrives now is for the aftercare to answer."""
        while (letter := self.course.next_letter) is not None:
            await self._posted(letter, None)

    async def _posted(self, letter: PendingLetter, cursor: EntryNumber | None) -> bool:
        news = self.news()
        posted = await self.effects.do(
            LetterActivities.post_letter,
            _order(self.course, self.case, letter, workflow.now(), cursor, news),
            options.send_letter(f"Letter: {letter.letter} to the {letter.recipient}"),
        )
        self.told(news)
        if posted.done:
            letter_rules.posted(self.course, letter, workflow.now(), left_before=posted.left_before)
        return posted.done

    async def stay(self, stage: Stage) -> None:
        """Remain in a stage until the case belongs elsewhere, reminding and escalating on time."""
        while self.course.needed_stage is stage:
            await self.turn(stage)

    async def turn(self, stage: Stage) -> None:
        """Do what is due in a stage; then wait until something arrives or the time has come."""
        self.course.enter(stage)
        if self.course.correction_wanted:
            first_day = self.course.bound_by.on
            rules = await self._rules("Read the corrected rules", first_day)
            bind_anew(self.course, rules, workflow.now())
        self.course.keep_time(workflow.now())
        if not time_rules.act_on_time(self.course, workflow.now()):
            await self.post_letters()
            await self.tell()
            if self.course.needed_stage is stage:
                await self._until_something_happens()
        await self.post_letters()
        await self.read()

    async def _until_something_happens(self) -> None:
        self._hand_over_when_long()
        self._alarms.keep(self._moments())
        await workflow.wait_condition(lambda: self.rung or self._alarms.ring)
        self._alarms.silence_those_that_ring()

    def _moments(self) -> dict[Wait, tuple[datetime, str]]:
        """Return when each running clock has something to do by itself, and what."""
        moments: dict[Wait, tuple[datetime, str]] = {}
        for wait, clock in self.course.clocks.items():
            moment = self.course.next_moment(wait)
            if moment is not None:
                rung = clock.next_rung(self.course.term(wait))
                moments[wait] = (moment, details.timer_summary(clock, rung))
        return moments

    async def _rules(self, why: str, on: date) -> CaseRules:
        return await self.effects.do(
            LedgerActivities.take_snapshot,
            TakeSnapshot(self.case, on),
            options.database_write(why),
        )

    def baton(self) -> BeginEpisode:
        """Return everything that the next run needs to go on."""
        return BeginEpisode(
            case=self.case,
            cursor=self.course.cursor,
            course=self.course,
            untold=tuple(self._untold),
            revision=self._revision,
            desk=self.desk,
        )

    def at_rest(self) -> None:
        """Stop waiting for any clock."""
        self._alarms.keep({})

    def foresee(self, question: Foresee) -> Foreseen:
        """Show a copy of the course an entry; return what that would cause."""
        course, now = deepcopy(self.course), question.moment
        before = tuple(course.outbox)
        verdict = entry_rules.apply(course, question.entry, now)
        if verdict.refusal is not None:
            return Foreseen(verdict.refusal, (), held=False)
        course.enter(course.needed_stage)
        course.keep_time(now)
        overview = overview_of(course, self.effects.trouble)
        call_for_what_follows(course)
        letters = [letter for letter in course.outbox if letter not in before]
        news = RecordCourse(self.case, (verdict,), self._revision + 1, overview, now)
        return Foreseen(
            None,
            [
                _order(course, self.case, letter, now, news=None if place else news)
                for place, letter in enumerate(letters)
            ],
            held=course.danger,
        )

    def _overview(self) -> Overview:
        return overview_of(self.course, self.effects.trouble)

    async def _notice_trouble(self) -> None:
        """Show that something fails, or does not any more, whatever else is down."""
        overview = self._overview()
        self._show(overview)
        told = self._told
        if overview.details.trouble and told is not None and told.details.trouble:
            return
        self._told = None  # the database may know this or not; the next news tell it again
        news = self._news_of(overview)
        if await ledger.record_if_possible(news):
            self.told(news)

    def _show(self, overview: Overview) -> None:
        self._shown = search_attributes.show(self._shown, standing_of(overview))
        self._show_details(overview)

    def _show_details(self, overview: Overview) -> None:
        workflow.set_current_details(details.of_open_case(self.case, overview, self.desk))

    def _hand_over_when_long(self) -> None:
        """Go on in a new run, with everything that is pending, when this one has grown long."""
        info = workflow.info()
        if (
            info.get_current_history_length() > RUN_EVENT_LIMIT
            or info.is_continue_as_new_suggested()
        ):
            workflow.continue_as_new(self.baton())


def _begun(begin: BeginEpisode, matter: Matter) -> Course:
    course = Course.begun(matter, begin.cursor, in_danger=begin.danger)
    remember(course, begin.people)
    return course


def _order(
    course: Course,
    case: CaseReference,
    letter: PendingLetter,
    now: datetime,
    cursor: EntryNumber | None = None,
    news: RecordCourse | None = None,
) -> PostLetter:
    clock = course.clock
    if letter.letter is Letter.REFERRAL_OFFER:
        clock = None  # it tells a window, and no day by which to answer
    return PostLetter(
        case=case,
        letter=letter,
        cursor=cursor,
        now=now,
        due_on=letter.due_on or (clock.day if clock else None),
        outcome=course.outcome or course.proposal,
        news=news,
    )
