"""The course of a case: what has happened, which clocks run, and what is needed next.

This is the state of the rules of a complaint, without any waiting in it. What an entry changes is
in ``entry_rules``, what the passing of time does in ``time_rules``. The workflow keeps one
``Course`` and does what ``needed_stage``, ``clocks`` and ``outbox`` call for.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain.awaiting import stage_of, waited_for, waits_of
from domain.calendar import Calendar, civil_date
from domain.clocks import Clock, Ending, PastClock
from domain.consultation import stands_still
from domain.entries import EntryFacts
from domain.grounds import Ground
from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.intake import Notice
from domain.letters import STILL_OF_USE_AT_CLOSURE, Contact, Letter, PendingLetter
from domain.matching import Unfit
from domain.matter import Matter
from domain.next_body import OpenWindow, last_to_end
from domain.parties import Party
from domain.policy.model import CaseRules, Purpose, Term
from domain.stages import Outcome, Stage, step
from domain.waits import ATTENTION_ENDED_BY, Attention, Wait, by_urgency

_COUNTS_FROM_RECEIPT = frozenset({Wait.PORTAL_ACKNOWLEDGES, Wait.MEDIATOR_FOUND})
_MOST_PAST_CLOCKS = 60
"""More than any ordinary case has; the oldest of a very long one are let go."""

_NOTHING_READ = EntryNumber(0)


@dataclass(slots=True, kw_only=True)
class Course:
    """Everything that decides what happens next in one episode of a case.

    It holds ids, enumerations and dates only, and travels whole through continue-as-new.

    Attributes:
        matter: what the case is about.
        rules: what this case keeps from the policy of its first day; ``None`` until it is fixed.
        cursor: the last entry that was applied or refused.
        received_at: when the complaint of this episode arrived, in UTC.
        acknowledged: whether the complainant was told of its arrival.
        mediator: whose case it is; of a question the adviser who answers it.
        declined: mediators who declined or stayed silent; not asked again this round.
        recused: mediators who withdrew from the case or were taken off it; never asked again.
        earlier_mediator: who mediated in the episode before this one.
        adviser: who advises in the case, and ``advised`` whoever ever did.
        objected: the complainant used the objection to a mediator.
        unfit: for how many mediators each reason not to ask them held, when nobody was left.
        offered: the mediator who was asked and has not answered yet.
        consents: what the complainant allows now.
        contacted_at: when the letter to the institution was posted, in UTC.
        contact_failed: it was refused for good and nobody mended that; ``contacts_failed`` counts.
        handling_ended: the day on which the institution answered or its term passed, whichever
            came first; from there the window to the next body counts.
        choosing_route: the complainant was offered the way to the next body and has not answered.
        outbox: letters called for and not yet posted, oldest first.
        silence_established: the institution's term passed without a reply.
        advice_given: a question was answered, and nothing was asked since.
        asked_at: since when an answer is awaited, until its clock begins, in UTC.
        asked: questions of the mediator or adviser that are open, by who is to answer them.
        linked: other cases that belong to this one.
        steps_to_decide: rungs that wait for the mediator's decision, by id.
        attentions: why somebody should look; each reason stays until it is dealt with.
        correction_wanted: the mediator wants corrected rules to bind this case.
        erasure_asked_at: when the complainant asked to be erased, unless that was taken back.
    """

    matter: Matter = Matter.COMPLAINT
    rules: CaseRules | None = None
    stage: Stage = Stage.RECEIVED
    cursor: EntryNumber = _NOTHING_READ
    received_at: datetime | None = None
    acknowledged: bool = False
    offered: StaffId | None = None
    mediator: StaffId | None = None
    declined: list[StaffId] = field(default_factory=list[StaffId])
    recused: list[StaffId] = field(default_factory=list[StaffId])
    earlier_mediator: StaffId | None = None
    adviser: StaffId | None = None
    advised: list[StaffId] = field(default_factory=list[StaffId])
    objected: bool = False
    unfit: dict[Unfit, int] = field(default_factory=dict[Unfit, int])
    consents: list[Purpose] = field(default_factory=list[Purpose])
    contacted_at: datetime | None = None
    contact_failed: bool = False
    contacts_failed: int = 0
    replied: bool = False
    silence_established: bool = False
    handling_ended: date | None = None
    referral_offered: bool = False
    choosing_route: bool = False
    advice_given: bool = False
    asked_at: datetime | None = None
    steps_to_decide: list[str] = field(default_factory=list[str])
    asked: list[Wait] = field(default_factory=list[Wait])
    linked: list[CaseId] = field(default_factory=list[CaseId])
    danger: bool = False
    notices: tuple[Notice, ...] = ()
    proposal: Outcome | None = None
    proposed_in: EntryNumber | None = None
    outcome: Outcome | None = None
    ground: Ground | None = None
    attentions: list[Attention] = field(default_factory=list[Attention])
    correction_wanted: bool = False
    erasure_asked_at: datetime | None = None
    offers_made: int = 0
    outbox: list[PendingLetter] = field(default_factory=list[PendingLetter])
    clocks: dict[Wait, Clock] = field(default_factory=dict[Wait, Clock])
    past_clocks: list[PastClock] = field(default_factory=list[PastClock])

    @classmethod
    def begun(cls, matter: Matter, cursor: EntryNumber, *, in_danger: bool) -> "Course":
        """Begin an episode; of a reopened case the complainant may still not be safe."""
        course = cls(matter=matter, cursor=cursor, danger=in_danger)
        if in_danger:
            course.ask_attention(Attention.DANGER)
        return course

    # Rules ------------------------------------------------------------------------------------

    @property
    def bound_by(self) -> CaseRules:
        """The rules of this case.

        Raises:
            ValueError: before they were fixed.
        """
        if self.rules is None:
            raise ValueError("the rules of this case were not fixed yet")
        return self.rules

    def term(self, wait: Wait) -> Term:
        """Return how long a wait lasts in this case."""
        return self.bound_by.terms[wait]

    @property
    def calendar(self) -> Calendar:
        """The days that are ordinary, as this case counts them."""
        return Calendar(self.bound_by.free_days)

    # What is needed ---------------------------------------------------------------------------

    @property
    def needed_stage(self) -> Stage:
        """The stage in which this case belongs, given all that has happened."""
        return stage_of(self)

    @property
    def is_open(self) -> bool:
        """Tell whether no outcome has been reached yet."""
        return self.outcome is None

    @property
    def final_outcome(self) -> Outcome:
        """How the case ended.

        Raises:
            ValueError: while it is still open.
        """
        if self.outcome is None:
            raise ValueError("the case is still open")
        return self.outcome

    @property
    def may_contact(self) -> bool:
        """Tell whether the complainant allows all that contact with the institution needs."""
        rules = self.bound_by
        return rules.mediation and set(rules.needed_consents) <= set(self.consents)

    @property
    def contacted(self) -> bool:
        """Tell whether the letter to the institution was posted."""
        return self.contacted_at is not None

    @property
    def wait(self) -> Wait | None:
        """What the case waits for in its present stage, if for anything.

        A question of the mediator that is open comes before the mediator's own turn.
        """
        return waited_for(self)

    @property
    def clock(self) -> Clock | None:
        """The running clock of what the case waits for now, if any."""
        return None if self.wait is None else self.clocks.get(self.wait)

    @property
    def window_to_next_body(self) -> OpenWindow | None:
        """Until when the complainant can go to the next body, once that is known."""
        body = self.bound_by.next_body
        return last_to_end(
            body.windows if body else (),
            self.calendar,
            term_ended=self.handling_ended,
            complained=civil_date(self.contacted_at) if self.contacted_at else None,
        )

    def enter(self, stage: Stage) -> None:
        """Move to a stage that the table of transitions allows."""
        if stage is not self.stage:
            self.stage = step(self.stage, stage)

    # Clocks -----------------------------------------------------------------------------------

    def keep_time(self, now: datetime) -> None:
        """Begin the clocks of what is awaited now, and stop those that have lost their point.

        While an outcome is considered, whoever was silent is left alone.
        """
        self.clocks = {
            wait: clock.released(now) if self.proposal is None else clock.held(now)
            for wait, clock in self.clocks.items()
        }
        awaited = set(waits_of(self))
        for wait in [wait for wait in self.clocks if wait not in awaited]:
            self.end_clock(wait, Ending.STOPPED, now)
        for wait in sorted(awaited - set(self.clocks)):
            self.begin_clock(wait, now)

    def begin_clock(self, wait: Wait, now: datetime, round_: int = 1) -> None:
        """Begin a clock at ``now`` (UTC); our own promises count from the arrival."""
        since = now
        if wait in _COUNTS_FROM_RECEIPT and self.received_at and not self.recused:
            since = self.received_at
        term = self.term(wait)
        if wait is Wait.NEXT_BODY_WINDOW and (open_now := self.window_to_next_body) is not None:
            window = open_now.window
            term = replace(term, span=window.span, source=window.source, verified=window.verified)
            self.clocks[wait] = Clock.ending(wait, term, since, open_now.end)
            return
        if wait is Wait.ADVISER_ANSWERS and self.asked_at is not None:
            since, self.asked_at = self.asked_at, None
        clock = Clock.begin(wait, term, since, self.calendar, round_)
        self.clocks[wait] = clock.paused(now) if self.danger and stands_still(self, wait) else clock

    def end_clock(self, wait: Wait, ending: Ending, now: datetime) -> None:
        """End a clock, if it runs, and remember how.

        Unless it passed, nobody has to look any more because of it.
        """
        if ending is not Ending.PASSED:
            for reason, waits in ATTENTION_ENDED_BY.items():
                if wait in waits:
                    self.seen_to(reason)
        clock = self.clocks.pop(wait, None)
        if clock is not None:
            self.past_clocks.append(clock.ended(ending, now))
            del self.past_clocks[:-_MOST_PAST_CLOCKS]

    def next_moment(self, wait: Wait) -> datetime | None:
        """Return when something happens by itself on a running clock, in UTC, if anything does."""
        clock = self.clocks[wait]
        if self.proposal is not None and clock.passed:
            return None
        return clock.next_moment(self.term(wait))

    # What happens to the case -----------------------------------------------------------------

    def offer(self, mediator: StaffId, now: datetime) -> None:
        """Note that a mediator is asked to take the case."""
        self.answered(Wait.MEDIATOR_AVAILABLE, now)
        self.offer_lapsed(now)
        self.offered = mediator
        self.unfit = {}
        self.offers_made += 1
        self.post(Letter.CASE_OFFER, Party.MEDIATOR, occasion=str(self.offers_made))

    def offer_lapsed(self, now: datetime) -> None:
        """Note that whoever was asked will not take the case."""
        if self.offered is not None:
            self.declined.append(self.offered)
            self.offered = None
        self.end_clock(Wait.MEDIATOR_ACCEPTS, Ending.PASSED, now)
        self.drop_letters_to(Party.MEDIATOR)

    def posted(self, letter: PendingLetter, now: datetime) -> None:
        """Note that a letter was posted."""
        if letter in self.outbox:
            self.outbox.remove(letter)
        match letter.letter:
            case Letter.ACKNOWLEDGEMENT | Letter.REOPENED | Letter.QUESTION_RECEIVED:
                self.acknowledged = True
                self.answered(Wait.PORTAL_ACKNOWLEDGES, now)
            case Letter.COMPLAINT_TO_INSTITUTION:
                self.contacted_at = self.contacted_at or now
                again = str(self.contacts_failed or "")
                self.post(Letter.INSTITUTION_CONTACTED, Party.COMPLAINANT, occasion=again)
            case _:
                pass

    @property
    def next_letter(self) -> PendingLetter | None:
        """The next letter to post. In danger, letters to the institution stay where they are."""
        held = Party.INSTITUTION if self.danger else None
        return next((letter for letter in self.outbox if letter.recipient is not held), None)

    def close_with(self, outcome: Outcome, now: datetime, ground: Ground | None = None) -> None:
        """Note how the case ends; nothing is awaited any more, and only danger asks for a look."""
        self.outcome, self.ground = outcome, ground
        self.offered = None
        for wait in list(self.clocks):
            self.end_clock(wait, Ending.STOPPED, now)
        self.steps_to_decide.clear()
        self.asked.clear()
        self.choosing_route = False
        self.attentions = [Attention.DANGER] if self.danger else []
        self.outbox = [item for item in self.outbox if item.letter in STILL_OF_USE_AT_CLOSURE]

    # Small steps ------------------------------------------------------------------------------

    def answered(self, wait: Wait, now: datetime) -> None:
        """Note that what was awaited has come."""
        self.end_clock(wait, Ending.ANSWERED, now)
        # A letter that still asks, reminds or complains of silence would be beside the truth.
        self.outbox = [item for item in self.outbox if not item.speaks_of(wait)]

    def question_answered(self, wait: Wait, now: datetime) -> None:
        """Note that a question of the mediator was answered, or has lost its point."""
        if wait in self.asked:
            self.asked.remove(wait)
            self.answered(wait, now)

    def drop_letters_to(self, recipient: Party) -> None:
        """Take back the letters to somebody that were not posted yet, but not a farewell."""
        self.outbox = [
            item
            for item in self.outbox
            if item.recipient is not recipient or item.letter is Letter.CASE_MOVED
        ]

    @property
    def attention(self) -> Attention | None:
        """The most urgent reason why somebody should look at the case."""
        return next(iter(by_urgency(self.attentions)), None)

    def ask_attention(self, reason: Attention) -> None:
        """Ask somebody to look."""
        if reason not in self.attentions:
            self.attentions.append(reason)

    def seen_to(self, reason: Attention) -> None:
        """Note that somebody has seen to it, or that it has lost its point."""
        if reason in self.attentions:
            self.attentions.remove(reason)

    def tell_complainant(self, entry: EntryFacts) -> None:
        """Call for a word to the complainant that there is something to read."""
        letter = Letter.ADVISER_WROTE if self.matter is Matter.QUESTION else Letter.NEWS
        self.post(letter, Party.COMPLAINANT, about=entry.number)

    def tell_mediator(self, entry: EntryFacts) -> None:
        """Call for a word to whoever handles the case that something has come in."""
        if self.mediator is not None:
            letter = Letter.QUESTION_NEWS if self.matter is Matter.QUESTION else Letter.NEWS
            self.post(letter, self.matter.handler, about=entry.number)

    def post(
        self,
        letter: Letter,
        recipient: Party,
        *,
        about: EntryNumber | None = None,
        occasion: str = "",
        running: Clock | None = None,
        contact: Contact = Contact.HANDLER,
        to: StaffId | None = None,
    ) -> None:
        """Call for a letter; calling twice for the same one changes nothing.

        Args:
            running: the clock that the letter speaks of.
            to: which mediator, when that is not the one of the case.
        """
        mediator = None
        if recipient is self.matter.handler:
            mediator = to or self.mediator or self.offered
        if recipient is self.matter.handler and mediator is None:
            return
        if running is not None:
            occasion = ".".join(
                (running.wait, running.day.isoformat(), str(running.round), contact, occasion)
            )
        pending = PendingLetter(
            letter,
            recipient,
            about,
            occasion,
            mediator,
            running.wait if running else None,
            running.day if running else None,
            contact,
        )
        if pending not in self.outbox:
            self.outbox.append(pending)
