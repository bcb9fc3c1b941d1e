"""The composition root of the worker: everything is made here, and nowhere else.

Run it with ``python worker.py``. It polls Temporal, relays entries that were not delivered, sends
queued letters, and waits for lost receipt codes, until it is asked to stop (SIGTERM or SIGINT).
"""

import asyncio
import signal
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion
from temporalio.runtime import Runtime
from temporalio.worker import PollerBehaviorAutoscaling, Worker, WorkerDeploymentConfig

from activities.assignment import AssignmentActivities
from activities.closure import ClosureActivities
from activities.digest_office import DigestOffice
from activities.digests import DigestActivities
from activities.erasure import ErasureActivities
from activities.figures import FiguresActivities
from activities.ledger import LedgerActivities
from activities.letters import Composer, LetterActivities
from activities.post_office import PostOffice
from attachments.clean_room import CleanRoom
from attachments.depot import Depot
from attachments.letting_go import ObjectsOfCases
from attachments.objects import open_objects
from attachments.orphans import remove_orphans_daily
from delivery.code_letters import CodeLetters
from delivery.corrections import Corrections
from delivery.courier import Courier
from delivery.drafts import DraftSweep
from delivery.holders import Holders, Staffing
from delivery.relay import Relay
from delivery.schedules import keep_schedules
from domain.clock import Clock, system_clock
from domain.policy.parsing import PolicyErrors
from domain.policy.rows import Policy
from mail.rendering import LetterRenderer
from mail.sending import Postman, SmtpPostman
from printing.typesetting import Typesetter
from settings.application import Settings, load_settings
from settings.build import build_id
from settings.key_stores import open_key_rings
from settings.logs import configure_logs
from settings.policy import load_policy
from settings.secrets import Secrets, load_secrets
from storage.database import Database
from storage.erasure_ledger import ErasureLedger
from storage.key_rotation import refuse_other_rings
from storage.ledger_chain import LedgerChain, refuse_entries_from_before
from storage.sealed_vault import SealedVault
from storage.time_offsets import refuse_moved_time
from storage.vault import Vault
from storage.wrapping_keys import RingKeys
from telemetry.tracing import OFF, Tracing, open_tracing
from temporal_client.connection import connect
from temporal_client.namespace import SearchAttributeMismatch, register_search_attributes
from temporal_client.namespace_keys import NamespaceKeys
from temporal_client.runs import TemporalRuns
from temporal_client.runtime import runtime
from temporal_client.unreachable import UNREACHABLE
from workflows import search_attributes
from workflows.advice import AdviceWorkflow
from workflows.aftercare import AftercareWorkflow
from workflows.complaint import ComplaintWorkflow
from workflows.digest import DigestWorkflow
from workflows.erasure import ErasureWorkflow
from workflows.figures import PublishFiguresWorkflow
from workflows.identifiers import WORKFLOW_TYPES
from workflows.options import TASK_QUEUE

_log = structlog.get_logger()
_TEMPLATES = Path(__file__).parent / "templates"
_CACHED_WORKFLOWS = 1000
"""At 54 to 122 KiB each: about 100 MiB."""

_FIGURES_PAUSE = 5.0
"""Seconds between two looks at our own figures."""

WORKFLOWS: Sequence[type] = (
    ComplaintWorkflow,
    AdviceWorkflow,
    AftercareWorkflow,
    ErasureWorkflow,
    DigestWorkflow,
    PublishFiguresWorkflow,
)


def make_postman(settings: Settings) -> Postman:
    """Return the way out for mail."""
    return SmtpPostman(
        host=settings.smtp_host,
        port=settings.smtp_port,
        username=settings.smtp_username or None,
        password=settings.smtp_password.get_secret_value() or None,
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
        timeout=settings.smtp_timeout,
        sender_address=settings.mail_sender_address,
        sender_name=settings.mail_sender_name,
    )


def make_post_office(
    settings: Settings, database: Database, vault: Vault, clock: Clock, secrets: Secrets
) -> PostOffice:
    """Return the post office."""
    return PostOffice(
        database,
        vault,
        clock,
        secrets,
        make_postman(settings),
        Typesetter(_TEMPLATES),
        public_url=settings.public_url,
        message_id_domain=settings.mail_sender_address.rpartition("@")[2],
    )


def make_letters(
    settings: Settings, database: Database, vault: Vault, clock: Clock, post_office: PostOffice
) -> LetterActivities:
    """Return what writes letters."""
    composer = Composer(vault, clock, LetterRenderer(_TEMPLATES), settings.public_url)
    return LetterActivities(database, vault, clock, composer, post_office)


def make_digest_office(settings: Settings, database: Database, clock: Clock) -> DigestOffice:
    """Return what sends digests."""
    return DigestOffice(
        database,
        clock,
        LetterRenderer(_TEMPLATES),
        make_postman(settings),
        public_url=settings.public_url,
        message_id_domain=settings.mail_sender_address.rpartition("@")[2],
    )


def make_activities(
    database: Database,
    vault: Vault,
    clock: Clock,
    policy: Policy,
    letters: LetterActivities,
    erasure: ErasureActivities,
) -> Sequence[Callable[..., Any]]:
    """Return every activity, with what it needs."""
    ledger = LedgerActivities(database, vault, clock, policy)
    assignment = AssignmentActivities(database, vault, clock)
    closure = ClosureActivities(database, vault, clock)
    digests = DigestActivities(database, clock, policy)
    figures = FiguresActivities(database, clock, policy)
    return (
        ledger.read_ledger,
        ledger.record_course,
        ledger.take_snapshot,
        assignment.choose_mediator,
        assignment.choose_adviser,
        closure.close_case,
        closure.reopen_case,
        closure.mark_erase_due,
        erasure.close_doors,
        erasure.await_end_of_runs,
        erasure.note_erasure,
        erasure.destroy_keys,
        erasure.delete_objects,
        erasure.delete_runs,
        erasure.delete_rows,
        letters.post_letter,
        digests.write_digests,
        figures.publish_figures,
    )


def make_worker(client: Client, activities: Sequence[Callable[..., Any]], build: str) -> Worker:
    """Return the worker of our one task queue.

    Args:
        build: the code that runs here. Temporal is told it, and holds nobody to it (ADR 29).
    """
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=WORKFLOWS,
        activities=activities,
        max_cached_workflows=_CACHED_WORKFLOWS,
        graceful_shutdown_timeout=timedelta(seconds=20),
        deployment_config=WorkerDeploymentConfig(
            version=WorkerDeploymentVersion(deployment_name=TASK_QUEUE, build_id=build),
            use_worker_versioning=False,
        ),
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
    )


def metrics_address(settings: Settings) -> str | None:
    """Return where this worker serves its metrics, Temporal's and ours."""
    return f"{settings.api_host}:{settings.metrics_port}" if settings.metrics_port else None


async def tell_connections(database: Database, core: Runtime) -> None:
    """Show for ever how many connections to the database this worker holds."""
    gauge = core.metric_meter.create_gauge(
        "wederhoor_database_connections", "Connections to the database of this process"
    )
    while True:
        for state, count in database.connections.items():
            gauge.set(count, {"state": state})
        await asyncio.sleep(_FIGURES_PAUSE)


async def connect_and_register(
    settings: Settings, keys: NamespaceKeys, tracing: Tracing = OFF
) -> Client:
    """Return a client whose namespace knows our search attributes and our schedules.

    However long that takes.

    Raises:
        temporal_client.namespace.SearchAttributeMismatch: when that can never be.
    """
    metrics = metrics_address(settings)
    pause = 0.5
    while True:
        try:
            client = await connect(
                settings, keys, lazy=False, metrics_address=metrics, tracing=tracing
            )
            await register_search_attributes(client, search_attributes.ALL)
            await keep_schedules(client)
        except SearchAttributeMismatch:
            raise
        except UNREACHABLE as error:
            _log.warning("temporal_not_reached", error=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10)
        else:
            return client


async def _work(
    settings: Settings,
    database: Database,
    policy: Policy,
    secrets: Secrets,
    tracing: Tracing,
    stopping: asyncio.Event,
) -> None:
    """Connect, then poll, relay and send until asked to stop."""
    clock = system_clock
    rings = open_key_rings(settings, clock())
    wrapping = RingKeys(rings)
    if settings.is_production:
        await refuse_other_rings(database, wrapping)
    vault = SealedVault(wrapping)
    post_office = make_post_office(settings, database, vault, clock, secrets)
    erasures = ErasureLedger(settings.erasure_ledger, secrets.erasure_key())
    await erasures.complete(database)
    await erasures.refuse_erased_cases(database)
    connecting = asyncio.create_task(connect_and_register(settings, NamespaceKeys(rings), tracing))
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({connecting, stop}, return_when=asyncio.FIRST_COMPLETED)
    if not connecting.done():
        connecting.cancel()
        return
    client = connecting.result()
    objects = open_objects(settings)
    depot = Depot(database, vault, clock, objects, CleanRoom())
    files = ObjectsOfCases(database, objects)
    letters = make_letters(settings, database, vault, clock, post_office)
    erasure = ErasureActivities(database, vault, clock, erasures, files, TemporalRuns(client))
    activities = make_activities(database, vault, clock, policy, letters, erasure)
    courier = Courier(database, client, clock, settings.public_url, tracing=tracing)
    relay = Relay(database, courier, clock)
    chain = LedgerChain(secrets.ledger_key())
    corrections = Corrections(database, vault, clock, policy, chain)
    staffing = Staffing(database, Holders(database, vault, clock, chain), courier, clock)
    code_letters = CodeLetters(database, vault, clock, secrets, letters, post_office)
    build = build_id(settings)
    async with make_worker(client, activities, build), asyncio.TaskGroup() as group:
        loops = [
            group.create_task(relay.run()),
            group.create_task(post_office.run()),
            group.create_task(make_digest_office(settings, database, clock).run()),
            group.create_task(code_letters.run()),
            group.create_task(DraftSweep(database, clock).run()),
            group.create_task(corrections.run_once()),
            group.create_task(staffing.run()),
            group.create_task(remove_orphans_daily(depot)),
            group.create_task(tell_connections(database, runtime(metrics_address(settings)))),
        ]
        if settings.ready_file is not None:
            settings.ready_file.touch()
        _log.info("worker_polls", task_queue=TASK_QUEUE, build=build)
        await stop
        for loop in loops:
            loop.cancel()


async def main() -> None:
    """Run until asked to stop."""
    configure_logs()
    settings = load_settings()
    configure_logs(settings.log_level)
    try:
        policy = load_policy(settings.policy_file)
    except PolicyErrors as errors:
        raise SystemExit(f"The policy cannot be used:\n{errors}") from None
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    database = Database(settings.database_url.get_secret_value())
    if settings.is_production:
        await refuse_moved_time(database)
    await refuse_entries_from_before(database)
    secrets = load_secrets(settings.secrets_dir, may_create=not settings.is_production)
    tracing = open_tracing(settings, "worker", secrets.entry_trace_key(), WORKFLOW_TYPES)
    try:
        await _work(settings, database, policy, secrets, tracing, stopping)
    finally:
        await database.close()
        await asyncio.to_thread(tracing.close)
    _log.info("worker_stopped")


if __name__ == "__main__":
    asyncio.run(main())
