"""Logs: one harmless JSON object per line, whatever anybody tries to log."""

import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from settings.logs import ALLOWED, configure_logs

PLANTED = "geplant: Jansen, 06-12345678"


class TheLog:
    """What was logged so far."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[TheLog]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    access = logging.getLogger("uvicorn.access")
    access_was_disabled, httpx_level = access.disabled, logging.getLogger("httpx").level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logs()
    yield TheLog(stream)
    root.handlers[:] = handlers
    root.setLevel(level)
    access.disabled = access_was_disabled
    logging.getLogger("httpx").setLevel(httpx_level)
    structlog.reset_defaults()


def raise_with_planted_words() -> None:
    raise ValueError(PLANTED)


class TestALine:
    def test_tells_what_happened_when_and_how_bad_it_is(self, log: TheLog) -> None:
        structlog.get_logger().warning("letter_failed", letter="closing", attempt=3)
        [line] = log.lines
        assert (line["event"], line["level"], line["letter"], line["attempt"]) == (
            "letter_failed",
            "warning",
            "closing",
            3,
        )
        assert line["timestamp"].endswith("Z")

    def test_drops_every_field_that_is_not_known_to_be_harmless(self, log: TheLog) -> None:
        structlog.get_logger().info("arrived", body=PLANTED, email=PLANTED, case="lusab-babad-w")
        [line] = log.lines
        assert set(line) == {"event", "level", "timestamp", "case"}
        assert "geplant" not in log.text

    def test_drops_fields_that_were_bound_before(self, log: TheLog) -> None:
        structlog.get_logger().bind(name=PLANTED, kind="message").info("arrived")
        assert log.lines[0]["kind"] == "message"
        assert "geplant" not in log.text

    def test_may_hold_no_field_for_texts_or_names(self) -> None:
        assert not ALLOWED & {"body", "text", "name", "email", "code", "token", "exception"}

    def test_is_not_written_below_the_level(self, log: TheLog) -> None:
        logging.getLogger("anything").debug("detail")
        assert log.lines == []


class TestAnException:
    def test_of_ours_is_not_told(self, log: TheLog) -> None:
        try:
            raise_with_planted_words()
        except ValueError:
            structlog.get_logger().exception("failed", error="ValueError")
        [line] = log.lines
        assert (line["event"], line["error"]) == ("failed", "ValueError")
        assert "geplant" not in log.text
        assert "Traceback" not in log.text

    @pytest.mark.parametrize("arguments", [(), ("a library",)])
    def test_of_a_library_is_told_by_its_class_alone(
        self, log: TheLog, arguments: tuple[str, ...]
    ) -> None:
        message = "%s failed at 100%%" if arguments else "it failed at 100%"
        try:
            raise_with_planted_words()
        except ValueError:
            logging.getLogger("library").exception(message, *arguments)
        [line] = log.lines
        assert line["event"].endswith("failed at 100% [ValueError]")
        assert line["level"] == "error"
        assert "geplant" not in log.text
        assert "Traceback" not in log.text

    def test_that_a_library_puts_into_its_message_is_told_by_its_class(self, log: TheLog) -> None:
        logging.getLogger("library").warning("ignoring %s in %s", ValueError(PLANTED), "close")
        logging.getLogger("library").warning("ignoring %(error)r", {"error": ValueError(PLANTED)})
        assert [line["event"] for line in log.lines] == [
            "ignoring ValueError in close",
            "ignoring 'ValueError'",
        ]

    async def test_of_a_task_that_nobody_awaited_is_told_by_its_class(self, log: TheLog) -> None:
        async def fail() -> None:
            raise_with_planted_words()

        task = asyncio.create_task(fail())
        await asyncio.wait({task})
        context = {"message": "Task exception was never retrieved", "task": task}
        asyncio.get_running_loop().default_exception_handler(
            context | {"exception": task.exception()}
        )
        [line] = log.lines
        assert line["event"] == "Task exception was never retrieved [ValueError]"
        assert "geplant" not in log.text

    def test_with_its_stack_is_told_without_it(self, log: TheLog) -> None:
        logging.getLogger("library").warning("where am I", stack_info=True)
        assert [set(line) for line in log.lines] == [{"event", "level", "timestamp"}]


class TestALibrary:
    @pytest.mark.parametrize(
        ("message", "arguments", "event"),
        [
            ("%s of %d", ("one", 2), "one of 2"),
            ("%(a)s", ({"a": "named"},), "named"),
            ("100% done", (), "100% done"),
            ("two\nlines", (), "two\nlines"),
        ],
    )
    def test_is_logged_with_its_arguments_in_place(
        self, log: TheLog, message: str, arguments: tuple[object, ...], event: str
    ) -> None:
        logging.getLogger("library").info(message, *arguments)
        [line] = log.lines
        assert (line["event"], line["level"]) == (event, "info")

    @pytest.mark.parametrize("said", ["%s:%d - connected", "('%s', %d) connected"])
    @pytest.mark.parametrize("address", ["192.0.2.77", "2001:db8:7::1", "::1", "::ffff:192.0.2.7"])
    def test_tells_no_address_of_a_client(self, log: TheLog, said: str, address: str) -> None:
        logging.getLogger("uvicorn.error").warning(said, address, 51234)
        [line] = log.lines
        assert "[…]" in line["event"]
        assert line["event"].endswith("connected")
        assert not any(part in line["event"] for part in ("192", "0.2", "2001", "::", "ffff"))

    @pytest.mark.parametrize(
        "secret",
        [
            "iemand@post.example",
            "IEMAND+1@post.example",
            "7ZZZZ-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZZ",
            "Z" * 26,
            "b3c1f7de-3f0c-4a52-9d07-0b1a3c5d7e9f",
            "tXJ2pQ0r-T7vB3mYd_8sKfW1LhEoA9cNuR5gZiVxPqM",
        ],
    )
    def test_tells_no_address_code_or_token(self, log: TheLog, secret: str) -> None:
        logging.getLogger("library").error(f"refused <{secret}>, for good")  # noqa: G004
        logging.getLogger("library").error("refused <%s>, for good", secret)
        assert [line["event"] for line in log.lines] == ["refused <[…]>, for good"] * 2

    @pytest.mark.parametrize(
        "harmless", ["temporalio_sdk_core::worker stopped", "took 1.25 s", "3 of 4: done"]
    )
    def test_keeps_what_is_neither(self, log: TheLog, harmless: str) -> None:
        logging.getLogger("library").error(harmless)
        assert log.lines[0]["event"] == harmless

    @pytest.mark.parametrize(
        "name", ["asyncio", "uvicorn.error", "sqlalchemy.engine", "temporalio"]
    )
    def test_says_nothing_below_info_however_much_is_asked_for(
        self, log: TheLog, name: str
    ) -> None:
        logging.getLogger().setLevel(logging.DEBUG)
        level = logging.getLogger(name).level
        logging.getLogger(name).setLevel(1)
        try:
            logging.getLogger(name).debug(PLANTED)
            logging.getLogger(name).log(5, PLANTED)
        finally:
            logging.getLogger(name).setLevel(level)
        structlog.get_logger().debug("ours")
        assert [line["event"] for line in log.lines] == ["ours"]

    def test_cannot_slip_in_a_field(self, log: TheLog) -> None:
        logging.getLogger("library").info("hello", extra={"body": PLANTED})
        assert set(log.lines[0]) == {"event", "level", "timestamp"}

    def test_that_serves_requests_writes_no_line_for_each(self, log: TheLog) -> None:
        """The address of a request may hold a reply token."""
        logging.getLogger("uvicorn.access").info("GET /nl/reply/token")
        logging.getLogger("httpx").info("HTTP Request: GET /v1/institution-replies/token")
        assert log.lines == []
