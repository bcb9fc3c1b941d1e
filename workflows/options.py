"""How long effects may take and how they are retried, named by intent."""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig, LocalActivityConfig

TASK_QUEUE = "wederhoor"
"""The one task queue of all our workflows and activities."""

RUN_EVENT_LIMIT = 500
"""A run with more events than this goes on in a new one, so that histories stay small."""

LEDGER_PAGE = 100
"""How many entries are read at a time."""

_PATIENT = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=30),
)
"""For ever: a database that is down comes back, and the case must go on where it was."""


def ledger(summary: str) -> LocalActivityConfig:
    """Options for reading the case file and telling it: short, and close to the workflow."""
    return LocalActivityConfig(
        start_to_close_timeout=timedelta(seconds=10),
        local_retry_threshold=timedelta(seconds=5),
        retry_policy=_PATIENT,
        summary=summary,
    )


def database_write(summary: str) -> ActivityConfig:
    """Options for one transaction."""
    return ActivityConfig(
        start_to_close_timeout=timedelta(seconds=15), retry_policy=_PATIENT, summary=summary
    )


def send_letter(summary: str) -> ActivityConfig:
    """Options for a letter: longer than the mail server's own timeout, so that a slow one is
    not asked twice at once.
    """
    return ActivityConfig(
        start_to_close_timeout=timedelta(seconds=60), retry_policy=_PATIENT, summary=summary
    )


def ask_temporal(summary: str) -> ActivityConfig:
    """Options for finding and deleting runs, of which a long case may have many."""
    return ActivityConfig(
        start_to_close_timeout=timedelta(seconds=60), retry_policy=_PATIENT, summary=summary
    )


def delete_files(summary: str) -> ActivityConfig:
    """Options for deleting the files of a case, wherever they are stored."""
    return ActivityConfig(
        start_to_close_timeout=timedelta(minutes=5), retry_policy=_PATIENT, summary=summary
    )
