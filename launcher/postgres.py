"""The PostgreSQL part: one database of our own, on 127.0.0.1, with a password."""

import asyncio
import os
import pwd
import secrets
import shutil
import signal
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from launcher.child_process import run_to_end
from launcher.errors import LauncherError, PartError
from launcher.parts import ProcessPart
from launcher.postgres_programs import program_folder, unprivileged_user

DATABASE = ROLE = "wederhoor"
_SUPERUSER = "postgres"
_OLD_BACKENDS_WITHIN = 15.0
"""Seconds that the backends of a killed server may hold on to its shared memory."""


class PostgresPart(ProcessPart):
    """Runs the wheel's own programs, so that a kill and a restart are what they are elsewhere.

    The role ``wederhoor`` owns the database of that name and may make others (the tests do).
    Data and password are in ``state_dir/postgres``.
    """

    # SIGTERM would wait until every client has gone; SIGINT takes leave of them and checkpoints.
    stop_signal = signal.SIGINT

    def __init__(self, state_dir: Path, port: int) -> None:
        super().__init__("postgres", state_dir)
        self.port = port
        self._folder = state_dir / "postgres"
        self._data = self._folder / "data"
        self._password_path = state_dir / "secrets" / "postgres-password"
        self._programs = Path()
        self._user: str | None = None

    @property
    def url(self) -> str:
        """The URL of the database for SQLAlchemy. Only known after the first start."""
        return f"postgresql+psycopg://{self._authority()}/{DATABASE}"

    def _authority(self, role: str = ROLE) -> str:
        return f"{role}:{self._password()}@127.0.0.1:{self.port}"

    def _password(self) -> str:
        try:
            return self._password_path.read_text().strip()
        except FileNotFoundError:
            raise LauncherError("postgres has no password before its first start") from None

    def system_user(self) -> str | None:
        """Give the account the server runs as: never root."""
        return self._user

    def child_environment(self) -> Mapping[str, str]:
        """Give the environment without anything that would steer PostgreSQL, and a plain locale."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "LC_", "LANG"))}
        return {**kept, "LC_ALL": "C"}

    async def prepare(self) -> None:
        """Make the data folder at the first start."""
        self._user = unprivileged_user()
        self._make_folders()
        self._programs = await program_folder(self._data, self._user)
        if not (self._data / "PG_VERSION").exists():
            await self._initialise()

    def _make_folders(self) -> None:
        secrets_dir = self._password_path.parent
        secrets_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            os.chown(self._folder, account.pw_uid, account.pw_gid)

    async def _initialise(self) -> None:
        # Into another folder first: a half-made one would never start, and never be made again.
        fresh = self._folder / "data.partial"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(self._data, ignore_errors=True)
        self._make_password()
        handed_over = self._folder / "initial-password"
        handed_over.unlink(missing_ok=True)
        handed_over.touch(mode=0o600)
        handed_over.write_text(self._password())
        if self._user is not None:
            shutil.chown(handed_over, self._user)
        command = [
            *(str(self._programs / "initdb"), "-D", str(fresh), "-U", _SUPERUSER),
            *("--auth=scram-sha-256", f"--pwfile={handed_over}", "--no-sync"),
            *("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        ]
        try:
            outcome = await run_to_end(
                command, within=120, env=self.child_environment(), user=self._user
            )
        finally:
            handed_over.unlink(missing_ok=True)
        if outcome.code != 0:
            raise PartError(
                f"postgres could not make its data folder {self._data}:\n{outcome.tail()}"
            )
        fresh.rename(self._data)

    def _make_password(self) -> None:
        fresh = self._password_path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(24) + "\n")
        fresh.replace(self._password_path)

    def command(self) -> list[str]:
        """Start in the foreground, on TCP only."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_statement": "none",
            "log_min_messages": "warning",
            # Statements hold what people wrote; they stay out of the log.
            "log_min_error_statement": "panic",
            "log_parameter_max_length_on_error": "0",
        }
        options = (w for k, v in settings.items() for w in ("-c", f"{k}={v}"))
        return [str(self._programs / "postgres"), "-D", str(self._data), *options]

    async def start(self) -> None:
        """Start the server, after the backends of a killed one have gone."""
        await super().start()
        deadline = time.monotonic() + _OLD_BACKENDS_WITHIN
        while not await self._past_old_backends() and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
            await super().start()

    async def _past_old_backends(self) -> bool:
        """Wait until the server has a hold of its data; ``False`` if old backends still do."""
        pid_file = self._data / "postmaster.pid"
        deadline = time.monotonic() + 5
        while self.running and time.monotonic() < deadline:
            if self._is_ours(pid_file):
                return True
            await asyncio.sleep(0.02)
        log = self.log_tail(5)
        return self.running or not ("shared memory block" in log or "postmaster.pid" in log)

    def _is_ours(self, pid_file: Path) -> bool:
        # The eighth line is the status; it is written after the shared memory was taken.
        try:
            lines = pid_file.read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and self._process is not None and lines[0] == str(self._process.pid)

    async def is_ready(self) -> bool:
        """Whether the database exists (it is made here) and our role may use it."""
        return await asyncio.to_thread(self._check)

    def _check(self) -> bool:
        try:
            self._connect(ROLE, DATABASE).close()
        except psycopg.OperationalError as error:
            if "does not exist" in str(error) or "authentication failed" in str(error):
                return self._make_database()
            return False
        return True

    def _make_database(self) -> bool:
        try:
            connection = self._connect(_SUPERUSER, "postgres")
        except psycopg.OperationalError:
            return False
        with connection:
            role, password = sql.Identifier(ROLE), sql.Literal(self._password())
            if not _exists(connection, "pg_roles", "rolname", ROLE):
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(role, password)
                )
            if not _exists(connection, "pg_database", "datname", DATABASE):
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), role)
                )
        return False  # the next check tells

    def _connect(self, role: str, database: str) -> psycopg.Connection[tuple[object, ...]]:
        url = f"postgresql://{self._authority(role)}/{database}"
        return psycopg.connect(url, autocommit=True, connect_timeout=3)


def _exists(
    connection: psycopg.Connection[tuple[object, ...]], catalogue: str, column: str, name: str
) -> bool:
    query = sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(
        sql.Identifier(catalogue), sql.Identifier(column)
    )
    return connection.execute(query, [name]).fetchone() is not None
