"""PostgreSQL's own programs, run against our database."""

import asyncio
import os
import shutil
from collections.abc import Mapping

from sqlalchemy import make_url

from operations.refusal import Refused
from settings.application import Settings

_LAST_LINES = 5


async def run(settings: Settings, program: str, *options: str) -> str:
    """Run a program against the database of the settings; return its output.

    It is found by PATH, and has to be of the server's version or a later one.

    Raises:
        Refused: when it is not there, or fails.
    """
    path = shutil.which(program)
    if path is None:
        raise Refused(f"{program} is not there: install PostgreSQL's client programs, or set PATH")
    process = await asyncio.create_subprocess_exec(
        path,
        *options,
        env={**os.environ, **_connection(settings)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    if process.returncode != 0:
        said = errors.decode(errors="replace").strip().splitlines()[-_LAST_LINES:]
        raise Refused("\n".join([f"{program} failed:", *said]))
    return output.decode(errors="replace")


def _connection(settings: Settings) -> Mapping[str, str]:
    """Return where the database is, as libpq reads it; a password never stands in a command."""
    url = make_url(settings.database_url.get_secret_value())
    values = {
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {name: str(value) for name, value in values.items() if value is not None}
