"""Structured logs: one JSON object per line, with fields that are known to be harmless.

Whatever is not on the list is dropped, so that no text, name, address or code of a person can
reach a log by mistake. Exceptions are logged by their class alone, for the same reason. What a
library says loses every address and everything as long as a code or token, and below ``INFO`` it
says nothing at all.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "logger",
        "error",
        "reason",
        "case",
        "letter",
        "kind",
        "task_queue",
        "attempt",
        "status",
        "route",
        "method",
        "address",
        "component",
        "build",
    }
)
"""Fields that may be logged. ``case`` is a case number; ``address`` one of our own services."""

_ADDRESS_OR_SECRET = re.compile(
    r"[^\s@<>()\[\]'\"=,;:]+@[^\s@<>()\[\]'\",;:]+"  # of e-mail
    r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])"  # IPv4
    r"|(?<![\w:])[0-9A-Fa-f]*(?::[0-9A-Fa-f]*){2,8}(?:\.\d{1,3}){0,3}(?![\w:])"  # IPv6
    r"|[\w-]{26,}"  # a code, a token or a key
)
_LEFT_OUT = "[…]"


def _only_allowed(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {
        key: value
        for key, value in event.items()
        if key in ALLOWED or key in {"_record", "_from_structlog"}
    }


class _HarmlessFormatter(structlog.stdlib.ProcessorFormatter):
    """Formats records of libraries too, without tracebacks and without exceptions' texts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        if isinstance(record.msg, dict):
            return super().format(record)
        record.args = _harmless_arguments(record.args)
        if record.exc_info:
            kind = record.exc_info[0]
            record.exc_info = None
            record.exc_text = None
            # What asyncio adds on further lines shows the exception again, with its text.
            first_line = record.getMessage().partition("\n")[0]
            record.msg = f"{first_line} [{kind.__name__ if kind else 'error'}]"
            record.args = ()
        record.msg, record.args = _ADDRESS_OR_SECRET.sub(_LEFT_OUT, record.getMessage()), ()
        return super().format(record)


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Tell whether a record is one of ours, or a library's that matters to an operator."""
    return isinstance(record.msg, dict) or record.levelno >= logging.INFO


type _Arguments = tuple[object, ...] | Mapping[str, object] | None


def _harmless_arguments(arguments: _Arguments) -> _Arguments:
    """Return a record's arguments with the class of each exception instead of its text."""
    if isinstance(arguments, Mapping):
        return {name: _harmless(argument) for name, argument in arguments.items()}
    return arguments and tuple(_harmless(argument) for argument in arguments)


def _harmless(argument: object) -> object:
    return type(argument).__name__ if isinstance(argument, BaseException) else argument


def configure_logs(level: str = "info") -> None:
    """Send every log of this process, from a level on, to standard error as JSON lines."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _only_allowed,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_worth_a_line)
    handler.setFormatter(
        _HarmlessFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Request lines carry reply tokens; they are never written.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("httpx").setLevel(logging.WARNING)
