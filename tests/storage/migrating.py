"""Alembic, pointed at one database."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.config import Config

_CHECKOUT = Path(__file__).parent.parent.parent


@contextmanager
def alembic_on(url: str) -> Generator[Config]:
    """Give a configuration whose commands reach the database at ``url`` within the block."""
    config = Config(_CHECKOUT / "alembic.ini")
    config.set_main_option("script_location", str(_CHECKOUT / "storage" / "migrations"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WEDERHOOR_DATABASE_URL", url)
        yield config
