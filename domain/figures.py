"""The yearly figures: what is counted of each case that closes.

A complaint that was registered is counted (Awb 9:12a asks that of public bodies). Each closure
counts once, in the year in which it happened: a case that was reopened counts again when it closes
again. A measure sorts every closure into one of its values.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from domain.calendar import civil_date
from domain.clocks import Ending, PastClock
from domain.institutions import InstitutionKind
from domain.intake import About
from domain.letters import Letter
from domain.matter import Matter
from domain.stages import Outcome
from domain.waits import Wait


class NotSaid(StrEnum):
    """The kind of institution of a question whose asker named none."""

    NOT_SAID = "not_said"


type Kind = InstitutionKind | NotSaid
KINDS: Sequence[Kind] = (*InstitutionKind, *NotSaid)
"""Of questions; a complaint is always about one of the first ones."""


class Measure(StrEnum):
    """What is counted of a closure."""

    OUTCOME = "outcome"
    SUBJECT = "subject"
    """The answer at intake; a text is never read."""
    DURATION = "duration"
    INSTITUTION = "institution"
    """Whether the institution answered, and how far we had to go for that."""
    ACKNOWLEDGEMENT = "acknowledgement"
    MEDIATOR = "mediator"
    PROPOSAL = "proposal"
    """These three are promises of our own."""
    INTERVENTION = "intervention"
    REOPENED = "reopened"
    QUESTION_OUTCOME = "question_outcome"
    QUESTION_ANSWER = "question_answer"
    """Whether we answered, how soon, and as promised or not."""
    QUESTION_DURATION = "question_duration"

    @property
    def matter(self) -> Matter:
        """Of which closures it is counted."""
        return Matter.QUESTION if self.value.startswith("question_") else Matter.COMPLAINT


class Duration(StrEnum):
    """How many days there were from the complaint to the closure."""

    TO_14 = "to_14"
    TO_42 = "to_42"
    TO_70 = "to_70"
    TO_182 = "to_182"
    LONGER = "longer"


_LAST_DAY_OF = {
    Duration.TO_14: 14,
    Duration.TO_42: 42,
    Duration.TO_70: 70,
    Duration.TO_182: 182,
}


class Answer(StrEnum):
    """Whether the institution answered."""

    NOT_ASKED = "not_asked"
    """It was never written to."""
    UNPROMPTED = "unprompted"
    """In time."""
    REMINDED = "reminded"
    """In time, after we reminded it."""
    LATE = "late"
    SILENT = "silent"
    """Its term had passed without an answer."""
    NOT_DUE = "not_due"
    """The case closed before its term was over."""


class Promise(StrEnum):
    """Whether we did in time what we promise to do."""

    KEPT = "kept"
    LATE = "late"
    NOT_DUE = "not_due"
    """The case closed before it was due, or it was not needed."""


class Whether(StrEnum):
    """Whether something happened."""

    YES = "yes"
    NO = "no"


class ComplaintOutcome(StrEnum):
    """How a complaint can end."""

    SETTLED = Outcome.SETTLED
    PARTLY_SETTLED = Outcome.PARTLY_SETTLED
    NOT_SETTLED = Outcome.NOT_SETTLED
    WITHDRAWN = Outcome.WITHDRAWN
    INADMISSIBLE = Outcome.INADMISSIBLE
    REFERRED = Outcome.REFERRED


class QuestionOutcome(StrEnum):
    """How a question can end."""

    ADVISED = Outcome.ADVISED
    NOT_ADVISED = Outcome.NOT_ADVISED
    BECAME_COMPLAINT = Outcome.BECAME_COMPLAINT
    WITHDRAWN = Outcome.WITHDRAWN


class QuestionAnswer(StrEnum):
    """When a question got its first answer, and whether every answer came as promised."""

    SOON = "soon"
    """As promised, and within two days."""
    IN_TIME = "in_time"
    """As promised, later than that."""
    LATE = "late"
    SILENT = "silent"
    """A term had passed, and there was no answer."""
    NOT_DUE = "not_due"
    """There was no answer, and it closed before one was due."""


VALUES: Mapping[Measure, type[StrEnum]] = MappingProxyType(
    {
        Measure.OUTCOME: ComplaintOutcome,
        Measure.SUBJECT: About,
        Measure.DURATION: Duration,
        Measure.INSTITUTION: Answer,
        Measure.ACKNOWLEDGEMENT: Promise,
        Measure.MEDIATOR: Promise,
        Measure.PROPOSAL: Promise,
        Measure.INTERVENTION: Whether,
        Measure.REOPENED: Whether,
        Measure.QUESTION_OUTCOME: QuestionOutcome,
        Measure.QUESTION_ANSWER: QuestionAnswer,
        Measure.QUESTION_DURATION: Duration,
    }
)
"""Into what each measure sorts a closure, in the order in which it is shown."""

_PROMISES = {
    Measure.ACKNOWLEDGEMENT: Wait.PORTAL_ACKNOWLEDGES,
    Measure.MEDIATOR: Wait.MEDIATOR_FOUND,
    Measure.PROPOSAL: Wait.MEDIATOR_PROPOSES,
}
_REMINDERS = frozenset({Letter.INSTITUTION_REMINDER, Letter.TERM_ENDS_TODAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """What is known of an episode when it closes.

    Attributes:
        about: the answer at intake.
        complained_on: the civil day on which the complaint of this episode arrived.
        past_clocks: of this episode.
        letters: that were written in this episode.
        intervened: whether a supervisor decided something in the case.
        episode: from 1.
    """

    about: About
    outcome: Outcome
    complained_on: date
    closed_on: date
    contacted: bool
    replied: bool
    past_clocks: Sequence[PastClock]
    letters: Collection[Letter]
    intervened: bool
    episode: int


def counted(closure: Closure) -> Mapping[Measure, str]:
    """Return how each measure sorts a closure."""
    days = (closure.closed_on - closure.complained_on).days
    promises = {name: _kept(closure.past_clocks, wait) for name, wait in _PROMISES.items()}
    return {
        Measure.OUTCOME: ComplaintOutcome(closure.outcome),
        Measure.SUBJECT: closure.about,
        Measure.DURATION: duration_of(days),
        Measure.INSTITUTION: _answer(closure),
        **promises,
        Measure.INTERVENTION: _whether(closure.intervened),
        Measure.REOPENED: _whether(closure.episode > 1),
    }


def duration_of(days: int) -> Duration:
    """Return the band of a number of days."""
    fitting = (band for band, last in _LAST_DAY_OF.items() if days <= last)
    return next(fitting, Duration.LONGER)


def _whether(happened: bool) -> Whether:
    return Whether.YES if happened else Whether.NO


def is_late(clock: PastClock) -> bool:
    """Tell whether what was awaited came after the last day, or not at all."""
    return clock.ending is Ending.PASSED or civil_date(clock.ended) > clock.day


def _kept(past: Iterable[PastClock], wait: Wait) -> Promise:
    clocks = [clock for clock in past if clock.wait is wait]
    if any(map(is_late, clocks)):
        return Promise.LATE
    answered = any(clock.ending is Ending.ANSWERED for clock in clocks)
    return Promise.KEPT if answered else Promise.NOT_DUE


def _answer(closure: Closure) -> Answer:
    if not closure.contacted:
        return Answer.NOT_ASKED
    clocks = [clock for clock in closure.past_clocks if clock.wait is Wait.INSTITUTION_REPLIES]
    late = bool(clocks) and is_late(clocks[-1])
    if not closure.replied:
        return Answer.SILENT if late else Answer.NOT_DUE
    if late:
        return Answer.LATE
    return Answer.REMINDED if _REMINDERS.intersection(closure.letters) else Answer.UNPROMPTED
