"""The manifest of a backup: which files belong to it, and what they must be."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from operations.refusal import Refused

FILE = "manifest.json"
DUMP = "database.dump"
HEADS = "ledger-heads.jsonl"


@dataclass(frozen=True, slots=True)
class BackedUpFile:
    """One file of a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Attributes:
        created_at: when it was begun, in UTC.
        revision: the last migration that its database has.
    """

    created_at: datetime
    revision: str
    files: tuple[BackedUpFile, ...]

    def write(self, folder: Path) -> None:
        """Write it beside its files."""
        values = asdict(self) | {"created_at": self.created_at.isoformat()}
        (folder / FILE).write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def described(folder: Path, names: Sequence[str]) -> tuple[BackedUpFile, ...]:
    """Return what the files of a backup are."""
    return tuple(_described(folder / name) for name in names)


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup whose files are all what they were.

    Raises:
        Refused: when the folder holds no backup, or one that was damaged.
    """
    try:
        values = json.loads((folder / FILE).read_text(encoding="utf-8"))
        files = tuple(BackedUpFile(**file) for file in values["files"])
        manifest = Manifest(
            datetime.fromisoformat(values["created_at"]), str(values["revision"]), files
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"{folder} holds no backup ({type(error).__name__})") from None
    for file in manifest.files:
        path = folder / file.name
        if not path.is_file() or _described(path) != file:
            raise Refused(f"{file.name} is not what it was when the backup was made")
    if DUMP not in {file.name for file in manifest.files}:
        raise Refused(f"{folder} holds no backup (no {DUMP})")
    return manifest


def _described(path: Path) -> BackedUpFile:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return BackedUpFile(path.name, path.stat().st_size, digest)
