from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from launcher.errors import LauncherError
from launcher.ports import free_ports
from launcher.postgres import PostgresPart


@pytest.fixture
async def postgres(state_dir: Path) -> AsyncIterator[PostgresPart]:
    part = PostgresPart(state_dir, free_ports(["postgres"])["postgres"])
    await part.start()
    try:
        await part.ready()
        yield part
    finally:
        await part.stop()


def connect(part: PostgresPart) -> psycopg.Connection:
    return psycopg.connect(part.url.replace("+psycopg", ""))


class TestPostgres:
    async def test_keeps_what_was_committed_through_a_kill_and_a_stop(
        self, postgres: PostgresPart
    ) -> None:
        with connect(postgres) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
        url = postgres.url
        with connect(postgres) as busy:
            busy.execute("INSERT INTO kept VALUES (2)")
            await postgres.kill()
            await postgres.start()
            await postgres.ready()
            with connect(postgres) as connection:
                assert connection.execute("SELECT one FROM kept").fetchall() == [(1,)]
            with pytest.raises(psycopg.OperationalError):
                busy.execute("SELECT 1")
            busy.close()
        await postgres.stop()
        await postgres.start()
        await postgres.ready()
        assert postgres.url == url
        with connect(postgres) as connection:
            assert connection.execute("SELECT one FROM kept").fetchall() == [(1,)]

    async def test_lets_nobody_in_without_the_password(self, postgres: PostgresPart) -> None:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(postgres.url.replace("+psycopg", ""), password="wrong").close()

    async def test_gives_the_application_a_role_that_is_no_superuser(
        self, postgres: PostgresPart
    ) -> None:
        with connect(postgres) as connection:
            row = connection.execute(
                "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
        assert row == (False, True)

    async def test_refuses_data_of_a_version_it_does_not_have(self, state_dir: Path) -> None:
        data = state_dir / "postgres" / "data"
        data.mkdir(parents=True)
        (data / "PG_VERSION").write_text("9\n")
        part = PostgresPart(state_dir, free_ports(["postgres"])["postgres"])
        with pytest.raises(LauncherError, match="has no PostgreSQL 9"):
            await part.start()
