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

SHOWN_AFTER = timedelta(minutes=5)
"""For how long an effect has failed when a round that ends shows it."""

FIRST_ROUND = timedelta(minutes=10)
"""How long an activity is tried at first: what fails is seen within 15 minutes."""

LATER_ROUND = timedelta(hours=1)
"""How long it is tried each time after that; long rounds keep histories short."""

_FIRST_PAUSE = timedelta(seconds=2)
_LONGEST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE_ONCE_SHOWN = timedelta(minutes=5)

_PATIENT = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=30),
)
"""To the end of a round: a database that is down comes back, and the case goes on where it was."""

_BRISK = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), backoff_coefficient=2, maximum_attempts=4
)
"""For a local activity, whose retries beyond seconds would be a timer each in any case."""

_STEADY = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=1.2,
    maximum_interval=timedelta(seconds=30),
)
"""For what Temporal does in its own time, mostly within seconds."""


def one_round(options: ActivityConfig, *, shown: bool) -> ActivityConfig:
    """Return the options for one round of tries of an activity.

    Args:
        shown: whether it is known that the activity fails.
    """
    length = LATER_ROUND if shown else FIRST_ROUND
    return options | ActivityConfig(schedule_to_close_timeout=length)


def pause_after(failed: int, *, shown: bool) -> timedelta:
    """Return how long to wait after so many rounds that failed; a pause costs a few events."""
    longest = _LONGEST_PAUSE_ONCE_SHOWN if shown else _LONGEST_PAUSE
    return min(_FIRST_PAUSE * 2 ** min(failed - 1, 10), longest)


def ledger(summary: str) -> LocalActivityConfig:
    """Options for reading the case file and telling it: short, and close to the workflow."""
    return LocalActivityConfig(
        start_to_close_timeout=timedelta(seconds=10),
        retry_policy=_BRISK,
        summary=summary,
    )


def ledger_once(summary: str) -> LocalActivityConfig:
    """Options for telling the case file what it can do without: tried once, shortly."""
    return LocalActivityConfig(
        schedule_to_close_timeout=timedelta(seconds=10),
        retry_policy=RetryPolicy(maximum_attempts=1),
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
        start_to_close_timeout=timedelta(seconds=60), retry_policy=_STEADY, summary=summary
    )


def delete_files(summary: str) -> ActivityConfig:
    """Options for deleting the files of a case, wherever they are stored."""
    return ActivityConfig(
        start_to_close_timeout=timedelta(minutes=5), retry_policy=_PATIENT, summary=summary
    )
