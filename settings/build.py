"""Which code runs here, so that the Temporal UI can tell which code did what."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from settings.application import Settings

_ROOT = Path(__file__).parents[1]
_NOT_DEPLOYED = frozenset({"launcher", "tests"})
_CODE = frozenset({".py", ".toml"})
_DIGITS = 12


def build_id(settings: Settings) -> str:
    """Return what the operator calls this build, else a digest of its code.

    The digest is the same in a checkout and in an image of it, and another after any change.
    """
    return settings.build or f"code-{_digest(_ROOT)}"


@cache
def _digest(root: Path) -> str:
    digest = sha256()
    for path in sorted(_code_in(root)):
        digest.update(str(path.relative_to(root)).encode() + b"\0")
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:_DIGITS]


def _code_in(root: Path) -> list[Path]:
    packages = [found.parent for found in root.glob("*/__init__.py")]
    return [
        root / "worker.py",
        *(
            path
            for package in packages
            if package.name not in _NOT_DEPLOYED
            for path in package.rglob("*")
            if path.suffix in _CODE
        ),
    ]
