"""What it costs the API to answer: statements, keyed hashes, headers and bytes."""

from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, event

from settings import secrets as settings_secrets


@dataclass
class Counts:
    """What was counted while an answer was made."""

    statements: list[str] = field(default_factory=list[str])
    keyed_hashes: int = 0


@dataclass(frozen=True)
class Answer:
    """Everything by which one answer could be told from another, but the time that it took."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    statements: tuple[str, ...]
    keyed_hashes: int


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Generator[Counts]:
    """Count what this process asks of any database, and its keyed hashes."""
    counts = Counts()
    digest = settings_secrets.hmac.digest

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        counts.statements.append(statement)

    def counting(*arguments: Any) -> bytes:
        counts.keyed_hashes += 1
        return digest(*arguments)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(settings_secrets.hmac, "digest", counting)
            yield counts
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def answers_to(
    monkeypatch: pytest.MonkeyPatch, requests: Mapping[str, Callable[[], Awaitable[httpx.Response]]]
) -> dict[str, Answer]:
    """Send each request by itself to an API in this process; return what came back, by name."""
    answers: dict[str, Answer] = {}
    for name, send in requests.items():
        with counted(monkeypatch) as counts:
            response = await send()
        answers[name] = Answer(
            response.status_code,
            tuple(sorted(response.headers.items())),
            response.content,
            tuple(counts.statements),
            counts.keyed_hashes,
        )
    return answers
