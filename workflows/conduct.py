"""Conducting a case: reading what arrives, telling what became of it, posting letters, waiting.

``ComplaintWorkflow`` says what must happen; this says how a workflow goes about it, so that a
reply is never overtaken by a timer and nothing is lost between two runs.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.ledger import LedgerActivities
    from activities.letters import LetterActivities
    from activities.messages import BeginComplaint, PostLetter
    from domain.course import Course
    from domain.entries import Verdict
    from domain.institutions import InstitutionKind
    from domain.overview import Overview, overview_of
    from domain.stages import Stage
    from domain.waits import Deadline
    from workflows import details, ledger, options, search_attributes
    from workflows.alarm import Alarm
    from workflows.options import RUN_EVENT_LIMIT


class Conduct:
    """The conduct of one episode of a case, within one run of its workflow.

    Attributes:
        course: the rules' view of the case; changed only between two awaits.
    """

    def __init__(self, begin: BeginComplaint) -> None:
        self.case = begin.case
        self.course = begin.course or Course(terms={}, cursor=begin.cursor)
        self.rung = True  # whatever came before this run began has rung already
        self._untold: list[Verdict] = list(begin.untold)
        self._revision = begin.revision
        self._told: Overview | None = None
        self._kind: InstitutionKind | None = None
        self._alarm = Alarm()

    async def take_snapshot(self) -> None:
        """Fix the terms that bind this case, unless an earlier run did."""
        if not self.course.terms:
            snapshot = await workflow.execute_activity_method(
                LedgerActivities.take_snapshot,
                self.case,
                **options.database_write("Fix the terms that bind this case"),
            )
            self.course.terms = snapshot.terms
            self.course.terms_version = snapshot.terms_version
            self._kind = snapshot.institution_kind

    async def read(self) -> None:
        """Apply everything that has arrived, strictly in order."""
        self.rung = False
        for entry in await ledger.read_beyond(self.case, self.course.cursor):
            self._untold.append(self.course.apply(entry))

    async def tell(self) -> None:
        """Record the answers and the read model, and show them in the Temporal UI."""
        overview = overview_of(self.course)
        if not self._untold and overview == self._told:
            return
        verdicts = tuple(self._untold)
        self._revision += 1
        await ledger.record(self.case, verdicts, self._revision, overview)
        del self._untold[: len(verdicts)]
        self._show(overview)

    async def post_letters(self) -> None:
        """Post every letter that is called for; what has arrived meanwhile goes first."""
        while self.course.outbox:
            self._hand_over_when_long()
            await self.tell()  # the post office sends nothing for a case that is behind
            letter = self.course.outbox[0]
            deadline = self.course.deadline
            posted = await workflow.execute_activity_method(
                LetterActivities.post_letter,
                PostLetter(
                    case=self.case,
                    letter=letter,
                    cursor=self.course.cursor,
                    now=workflow.now(),
                    due_at=letter.due_at or (deadline.due_at if deadline else None),
                    outcome=self.course.outcome or self.course.proposal,
                ),
                **options.send_letter(f"Letter: {letter.letter} to the {letter.recipient}"),
            )
            if posted.done:
                self.course.posted(letter)
            else:
                await self.read()

    async def stay(self, stage: Stage) -> None:
        """Remain in a stage until the case belongs elsewhere, reminding and escalating on time."""
        while self.course.needed_stage is stage:
            await self.turn(stage)

    async def turn(self, stage: Stage) -> None:
        """Do what is due in a stage; then wait until something arrives or the time has come."""
        self.course.enter(stage)
        wait, now = self.course.wait, workflow.now()
        if wait is None:
            raise RuntimeError(f"nothing is awaited in {stage}")
        deadline = self.course.begin_waiting(wait, now)
        if deadline.passed(now):
            self.course.escalate(wait, now)
        elif deadline.reminder_due(now):
            self.course.remind(wait)
        else:
            await self.post_letters()
            await self.tell()
            if self.course.deadlines.get(wait) == deadline and self.course.needed_stage is stage:
                await self._until_something_happens(deadline)
        await self.post_letters()
        await self.read()

    async def _until_something_happens(self, deadline: Deadline) -> None:
        self._hand_over_when_long()
        summary = details.timer_summary(
            deadline.wait, reminder=not deadline.reminded, round_=deadline.round
        )
        self._alarm.set(deadline.next_moment, summary)
        await workflow.wait_condition(lambda: self.rung or self._alarm.rings)
        if self._alarm.rings:
            self._alarm.silence()

    def baton(self) -> BeginComplaint:
        """Return everything that the next run needs to go on."""
        return BeginComplaint(
            case=self.case,
            cursor=self.course.cursor,
            course=self.course,
            untold=tuple(self._untold),
            revision=self._revision,
        )

    @property
    def revision(self) -> int:
        """How many times the read model was told."""
        return self._revision

    def at_rest(self) -> None:
        """Stop waiting for any deadline."""
        self._alarm.silence()

    def _show(self, overview: Overview) -> None:
        updates = search_attributes.changes(self._told, overview, self._kind)
        if updates:
            # The SDK leaves the type parameter of an update open.
            workflow.upsert_search_attributes(updates)  # pyright: ignore[reportUnknownMemberType]
        workflow.set_current_details(
            details.current_details(self.case, overview, self.course.terms_version)
        )
        self._told = overview

    def _hand_over_when_long(self) -> None:
        """Go on in a new run, with everything that is pending, when this one has grown long."""
        info = workflow.info()
        if (
            info.get_current_history_length() > RUN_EVENT_LIMIT
            or info.is_continue_as_new_suggested()
        ):
            workflow.continue_as_new(self.baton())
