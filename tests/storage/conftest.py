"""One PostgreSQL for these tests, emptied and seeded with the examples before each one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count

import psycopg
import pytest
from alembic import command
from psycopg import sql

from domain.identifiers import CaseId
from launcher.folders import temporary_state
from launcher.ports import free_ports
from launcher.postgres import PostgresPart
from settings.key_ring import KeyPurpose
from storage.database import Database
from storage.models import Base
from storage.sealed_vault import SealedVault
from storage.seed import EXAMPLES, seed
from storage.wrapping_keys import RingKeys
from tests.storage.archive import Archive
from tests.storage.migrating import alembic_on
from tests.storage.rings import MADE_AT, MemoryStore
from tests.storage.rotating import A_MONTH


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresPart]:
    with temporary_state() as state:
        part = PostgresPart(state, free_ports(["postgres"])["postgres"])
        asyncio.run(part.start())
        try:
            asyncio.run(part.ready())
            yield part
        finally:
            asyncio.run(part.stop())


@pytest.fixture(scope="session")
def make_database(server: PostgresPart) -> Callable[[], str]:
    """Make another empty database; give its URL."""
    numbers = count(1)

    def make() -> str:
        name = f"another_{next(numbers)}"
        with psycopg.connect(_plain(server.url), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"{server.url.rpartition('/')[0]}/{name}"

    return make


@pytest.fixture(scope="session")
def url(server: PostgresPart) -> str:
    """Migrate the database, fill it with the examples, and keep a copy of these aside."""
    with alembic_on(server.url) as config:
        command.upgrade(config, "head")
    asyncio.run(_seed(server.url))
    with psycopg.connect(_plain(server.url)) as connection:
        connection.execute("CREATE SCHEMA kept")
        for name in _REGISTER:
            table = sql.Identifier(name)
            connection.execute(sql.SQL("CREATE TABLE kept.{0} AS TABLE {0}").format(table))
    return server.url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Give a database that holds the examples and nothing else."""
    with psycopg.connect(_plain(url)) as connection:
        connection.execute("SET LOCAL wederhoor.erasing = 'on'")
        connection.execute(sql.SQL(";").join(_EMPTIED + _RESTORED))
    opened = Database(url, pool_size=25)
    yield opened
    await opened.close()


@pytest.fixture
def archive(database: Database) -> Archive:
    return Archive(database)


@pytest.fixture
def rings(archive: Archive) -> MemoryStore:
    """Rings a month old, with which the archive seals."""
    store = MemoryStore()
    archive.vault = SealedVault(RingKeys(store))
    archive.now = MADE_AT + A_MONTH
    return store


@pytest.fixture
async def cases(archive: Archive, rings: MemoryStore) -> list[CaseId]:
    """Five cases with a text each, sealed under a key of the first version."""
    assert rings.rings[KeyPurpose.CASE].current_version == 1
    opened = [await archive.open_case() for _ in range(5)]
    for number, case in enumerate(opened):
        await archive.append(case, body={"text": f"verhaal {number}"})
    return sorted(opened)


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


async def _seed(url: str) -> None:
    database = Database(url)
    await seed(database, EXAMPLES.read_text(encoding="utf-8"))
    await database.close()


_REGISTER = ("institutions", "staff_members")
_EMPTIED = [
    sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name))
    for table in reversed(Base.metadata.sorted_tables)
]
_RESTORED = [
    sql.SQL("INSERT INTO {0} SELECT * FROM kept.{0}").format(sql.Identifier(name))
    for name in _REGISTER
]
