from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.folders import temporary_state


@pytest.fixture
def state_dir() -> Iterator[Path]:
    with temporary_state() as folder:
        yield folder
