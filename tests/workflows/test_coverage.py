"""No step of a workflow, and nothing that one can meet, is without a recorded history."""

import asyncio
import dis
import inspect
import sys
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path
from types import CodeType, MappingProxyType

import pytest

import workflows
from domain.entries import Decision, EntryKind
from domain.letters import Letter
from domain.policy.model import Purpose, Step
from domain.retention import ErasureReason
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from tests.workflows.meeting import met_in, ways_out
from tests.workflows.replaying import Replay, recorded, replay
from worker import WORKFLOWS
from workflows.identifiers import ADVICE, AFTERCARE, COMPLAINT, DIGEST, ERASURE, FIGURES

CONTINUED = "continued"
ENUMERATIONS: tuple[type[StrEnum], ...] = (
    *(Stage, Outcome, EntryKind, Decision, Wait, Attention, Letter, Purpose, Step),
    ErasureReason,
)
_FAILS = "an effect that fails for minutes; see tests/system/test_failing_effects.py"
_LEAVES = "somebody of the staff leaves, whom the other scenarios need"
NOT_MET: Sequence[tuple[Enum, str]] = (
    (Attention.ACKNOWLEDGEMENT_LATE, "a mail server that is down for a day, in real time"),
    (Attention.WORKFLOW_MISSING, "noticed by the relay, when there is no workflow to meet it"),
    (Attention.WORKFLOW_FAILING, "noticed by the watcher, when it can meet nothing"),
    (Attention.ENTRIES_UNDELIVERED, "noticed by the watcher, when no workflow was told"),
    (Attention.EFFECT_FAILING, _FAILS),
    (Attention.MEDIATOR_UNAVAILABLE, _LEAVES),
    (EntryKind.MEDIATOR_UNAVAILABLE, _LEAVES),
    (Letter.NEW_RECEIPT_CODE, "asked for and written beside the workflows"),
)
"""What no history contains, and why that cannot be otherwise."""
_ENDS_OF_QUESTIONS = frozenset({Outcome.ADVISED, Outcome.NOT_ADVISED, Outcome.BECAME_COMPLAINT})
WAYS_OUT: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        COMPLAINT: frozenset({*Outcome, CONTINUED}) - _ENDS_OF_QUESTIONS,
        ADVICE: _ENDS_OF_QUESTIONS | {Outcome.WITHDRAWN},
        AFTERCARE: frozenset({"reopened", "erase_due", CONTINUED}),
        ERASURE: frozenset({"erased"}),
        DIGEST: frozenset({"None"}),
        FIGURES: frozenset({"None"}),
    }
)
_RACE = "only when something arrives while the file is acted upon, which nobody can time"
NOT_RUN: Mapping[str, str] = MappingProxyType(
    {
        "await self._conduct.read()": _RACE,
        "self._conduct.rung = False": _RACE,
        "await aftercare.signal(Bell.PORTAL_NOTED, self._course.cursor)": _RACE,
        "return False": _RACE,
        "self._rung = False": _RACE,
        "await episode.signal(Bell.PORTAL_NOTED, self._cursor)": _RACE,
    }
)
"""Lines that no history runs, by their text, and why."""
_FAILING = "only while an effect fails for minutes; see tests/system/test_failing_effects.py"
_ASKED = "answers a query, which no history holds; see tests/api/test_previews.py"
_OUTSIDE = "not run by a workflow"
FUNCTIONS_NOT_RUN: Mapping[str, str] = MappingProxyType(
    {
        "AftercareWorkflow._notice_trouble": _FAILING,
        "AftercareWorkflow._tell_end_of_trouble": _FAILING,
        "AftercareWorkflow._news_of_trouble": _FAILING,
        "Conduct._notice_trouble": _FAILING,
        "ErasureWorkflow._notice_trouble": _FAILING,
        "Effects._until_done": _FAILING,
        "Effects._tell": _FAILING,
        "Effects.<generic parameters of do>": "type parameters, made when the class is",
        "Effects.<generic parameters of do_locally>": "type parameters, made when the class is",
        "_trouble": _FAILING,
        "record_if_possible": _FAILING,
        "pause_after": _FAILING,
        "ledger_once": _FAILING,
        "Episode.foresee": _ASKED,
        "Conduct.foresee": _ASKED,
        "desk_page": _OUTSIDE,
        "case_number_in": _OUTSIDE,
        "SavedQuery.url": _OUTSIDE,
        "asking_for": _OUTSIDE,
        "course_of": _OUTSIDE,
        "waiting_since_before": _OUTSIDE,
        "with_waiting": _OUTSIDE,
    }
)
"""Functions of which no history runs every line, and why."""
SOURCES = sorted(Path(next(iter(workflows.__path__))).glob("*.py"))


@dataclass(frozen=True, slots=True)
class Replays:
    """All replays, and the lines of our workflow code that they ran, by file name."""

    heard: list[Replay]
    lines: set[tuple[str, int]]


@pytest.fixture(scope="module")
def replays() -> Replays:
    async def all_of_them() -> list[Replay]:
        return [await replay(path) for path in recorded()]

    with lines_run() as lines:
        heard = asyncio.run(all_of_them())
    return Replays(heard, lines)


@contextmanager
def lines_run() -> Generator[set[tuple[str, int]]]:
    """Note which lines of our workflow code are run."""
    ours = {str(path) for path in SOURCES}
    run: set[tuple[str, int]] = set()

    def note(code: CodeType, line: int) -> object:
        if code.co_filename in ours:
            run.add((Path(code.co_filename).name, line))
        return sys.monitoring.DISABLE  # seen once is enough

    monitoring, tool = sys.monitoring, sys.monitoring.PROFILER_ID
    monitoring.use_tool_id(tool, "workflow lines")
    monitoring.register_callback(tool, monitoring.events.LINE, note)
    monitoring.restart_events()
    monitoring.set_events(tool, monitoring.events.LINE)
    try:
        yield run
    finally:
        monitoring.set_events(tool, monitoring.events.NO_EVENTS)
        monitoring.free_tool_id(tool)


def lines_of(path: Path) -> set[int]:
    """Return the lines of every function in a file, but for the ones that define it."""
    return {
        line
        for code in functions_in(compile(path.read_text(encoding="utf-8"), str(path), "exec"))
        for _, line in dis.findlinestarts(code)
        if line and line > code.co_firstlineno and code.co_qualname not in FUNCTIONS_NOT_RUN
    }


def functions_in(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_flags & inspect.CO_OPTIMIZED:
                yield constant
            yield from functions_in(constant)


class TestTheHistories:
    @pytest.mark.parametrize("kind", ENUMERATIONS, ids=lambda kind: kind.__name__)
    def test_contain_every_member_of(self, kind: type[StrEnum], replays: Replays) -> None:
        met = {member for heard in replays.heard for member in met_in(heard)}

        assert {member for member in kind if member not in met} == {
            member for member, _ in NOT_MET if isinstance(member, kind)
        }

    def test_end_every_workflow_in_every_way(self, replays: Replays) -> None:
        ways: dict[str, set[str]] = defaultdict(set)
        for heard in replays.heard:
            ways[heard.workflow_type] |= ways_out(heard)

        assert ways == {name: set(expected) for name, expected in WAYS_OUT.items()}
        assert len(ways) == len(WORKFLOWS)

    @pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
    def test_run_every_line_of(self, path: Path, replays: Replays) -> None:
        text = path.read_text(encoding="utf-8").splitlines()
        left = {text[n - 1].strip() for n in lines_of(path) if (path.name, n) not in replays.lines}

        assert left <= set(NOT_RUN), "a scenario should run these lines"
