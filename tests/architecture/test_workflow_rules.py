"""What keeps workflows repeatable, and every effect and workflow known to the worker."""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from obstore.store import MemoryStore
from temporalio import activity, workflow

import worker
from activities.erasure import ErasureActivities
from attachments.letting_go import ObjectsOfCases
from attachments.objects import Objects
from domain.clock import system_clock
from settings.application import Settings
from settings.key_stores import open_key_rings
from settings.policy import load_policy
from settings.secrets import load_secrets
from storage.database import Database
from storage.erasure_ledger import ErasureLedger
from storage.sealed_vault import SealedVault
from storage.wrapping_keys import RingKeys
from tests.architecture.source_tree import PACKAGES, Source, sources_in
from workflows import identifiers

DEFINITION = "__temporal_activity_definition"
UNREPEATABLE_CALLS = {"now", "utcnow", "today", "uuid1", "uuid4", "time", "time_ns", "monotonic"}
UNREPEATABLE_MODULES = {"random", "secrets", "time", "uuid", "os", "socket", "threading"}
WORKFLOWS = sources_in("workflows")


def ids(source: Source) -> str:
    return source.name


def modules_of(package: str) -> Iterator[Any]:
    for source in sources_in(package):
        if source.path.stem != "__init__":
            name = ".".join(Path(source.name).with_suffix("").parts)
            yield importlib.import_module(name)


def classes_of(package: str) -> Iterator[type]:
    for module in modules_of(package):
        for _, member in inspect.getmembers(module, inspect.isclass):
            if member.__module__ == module.__name__:
                yield member


def activity_name(function: Callable[..., Any]) -> str | None:
    definition = getattr(function, DEFINITION, None)
    return None if definition is None else definition.name


class NoRuns:
    async def running(self, workflow_ids: Sequence[str]) -> int:
        return 0

    async def delete_closed(self, workflow_ids: Sequence[str]) -> int:
        return 0


@pytest.fixture
def registered(tmp_path: Path) -> Sequence[Callable[..., Any]]:
    """Every activity, as the worker makes them; nothing of this connects to anything."""
    settings = Settings.model_validate(
        {
            "environment": "development",
            "database_url": "postgresql+psycopg://nobody@127.0.0.1:1/nothing",
            "secrets_dir": tmp_path,
            "erasure_ledger": tmp_path,
            "public_url": "https://wederhoor.example",
            "smtp_host": "127.0.0.1",
        }
    )
    database = Database(settings.database_url.get_secret_value())
    secrets = load_secrets(tmp_path, may_create=True)
    vault = SealedVault(RingKeys(open_key_rings(settings, system_clock())))
    post_office = worker.make_post_office(settings, database, vault, system_clock, secrets)
    letters = worker.make_letters(settings, database, vault, system_clock, post_office)
    objects = ObjectsOfCases(database, Objects(MemoryStore()))
    erasure = ErasureActivities(
        database, vault, system_clock, ErasureLedger(tmp_path, b"e" * 32), objects, NoRuns()
    )
    return worker.make_activities(
        database, vault, system_clock, load_policy(None), letters, erasure
    )


class TestEveryActivity:
    def test_is_registered_once_by_the_worker(
        self, registered: Sequence[Callable[..., Any]]
    ) -> None:
        defined = [
            name
            for member in classes_of("activities")
            for _, function in inspect.getmembers(member, inspect.isfunction)
            if (name := activity_name(function)) is not None
        ]
        assert len(defined) > 5
        assert sorted(map(str, map(activity_name, registered))) == sorted(defined)

    def test_is_known_to_temporal_under_the_name_of_its_method(
        self, registered: Sequence[Callable[..., Any]]
    ) -> None:
        assert [activity_name(function) for function in registered] == [
            function.__name__ for function in registered
        ]

    def test_is_asynchronous_and_takes_one_message(
        self, registered: Sequence[Callable[..., Any]]
    ) -> None:
        for function in registered:
            assert inspect.iscoroutinefunction(function)
            assert len(inspect.signature(function).parameters) == 1

    def test_is_found_by_this_test_as_the_sdk_marks_it(self) -> None:
        @activity.defn
        async def marked() -> None: ...

        assert activity_name(marked) == "marked"


@workflow.defn
class AMarkedWorkflow:
    @workflow.run
    async def run(self) -> None: ...


class TestEveryWorkflow:
    def test_is_registered_by_the_worker(self) -> None:
        defined = {
            member
            for member in classes_of("workflows")
            if getattr(member, "__temporal_workflow_definition", None) is not None
        }
        assert defined
        assert set(worker.WORKFLOWS) == defined

    def test_lives_in_a_file_of_its_own(self) -> None:
        modules = [member.__module__ for member in worker.WORKFLOWS]
        assert len(modules) == len(set(modules))

    def test_is_found_by_this_test_as_the_sdk_marks_it(self) -> None:
        assert getattr(AMarkedWorkflow, "__temporal_workflow_definition", None) is not None


class TestAWorkflowModule:
    @pytest.mark.parametrize("source", WORKFLOWS, ids=ids)
    def test_does_nothing_that_would_differ_in_a_replay(self, source: Source) -> None:
        found = [
            ast.unparse(node)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Attribute)
            and node.attr in UNREPEATABLE_CALLS
            and not (isinstance(node.value, ast.Name) and node.value.id == "workflow")
        ]
        assert found == []
        assert not {name.partition(".")[0] for name in source.imports()} & UNREPEATABLE_MODULES

    @pytest.mark.parametrize("source", WORKFLOWS, ids=ids)
    def test_sleeps_only_on_the_workflows_clock(self, source: Source) -> None:
        slept = [
            ast.unparse(node)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Attribute)
            and node.attr in {"sleep", "wait_for", "timeout", "call_later"}
            and not (isinstance(node.value, ast.Name) and node.value.id == "workflow")
        ]
        assert slept == []

    @pytest.mark.parametrize(
        "source", [source for source in WORKFLOWS if source.path.stem != "options"], ids=ids
    )
    def test_names_every_span_of_time_by_its_intent_elsewhere(self, source: Source) -> None:
        spans = [
            ast.unparse(node)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Call)
            and ast.unparse(node.func).endswith("timedelta")
            and ast.unparse(node) != "timedelta(0)"
        ]
        assert spans == []

    @pytest.mark.parametrize("source", WORKFLOWS, ids=ids)
    def test_gives_every_activity_its_options_by_intent(self, source: Source) -> None:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.keyword):
                assert (
                    node.arg
                    not in {
                        "start_to_close_timeout",
                        "schedule_to_close_timeout",
                        "retry_policy",
                    }
                    or source.path.stem == "options"
                )


class TestWorkflowIds:
    def test_are_formed_in_one_place(self) -> None:
        beginnings = {"complaint-", "advice-", "aftercare-", "erasure-"}
        forming = {
            source.name
            for source in [*sources_in(*PACKAGES), Source(Path(worker.__file__))]
            for node in ast.walk(source.tree)
            if isinstance(node, ast.JoinedStr)
            and isinstance(node.values[0], ast.Constant)
            and any(str(node.values[0].value).startswith(start) for start in beginnings)
        }
        assert forming == {"workflows/identifiers.py"}

    @pytest.mark.parametrize(
        "name",
        [identifiers.COMPLAINT, identifiers.ADVICE, identifiers.AFTERCARE, identifiers.ERASURE],
    )
    def test_and_type_names_are_written_once(self, name: str) -> None:
        writing = [
            source.name
            for source in sources_in(*PACKAGES)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Constant) and node.value == name
        ]
        assert writing == ["workflows/identifiers.py"]


class TestTheTaskQueue:
    def test_is_named_once(self) -> None:
        naming = [
            source.name
            for source in [*sources_in(*PACKAGES), Source(Path(worker.__file__))]
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == "TASK_QUEUE" for t in node.targets)
        ]
        assert naming == ["workflows/options.py"]
