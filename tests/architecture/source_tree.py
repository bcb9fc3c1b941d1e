"""The project's own source files, parsed."""

import ast
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent.parent
PACKAGES = (
    "activities",
    "api",
    "attachments",
    "catalogues",
    "delivery",
    "domain",
    "explanations",
    "identity",
    "launcher",
    "mail",
    "operations",
    "printing",
    "settings",
    "storage",
    "telemetry",
    "temporal_client",
    "watch",
    "workflows",
)


@dataclass(frozen=True)
class Source:
    """One Python file of the checkout."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(CHECKOUT).as_posix()

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    def imports(self) -> Iterator[str]:
        """Yield every module that is imported, and every name imported from one."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources_in(*packages: str) -> Sequence[Source]:
    """Return the files of some packages."""
    return [
        Source(path) for package in packages for path in sorted((CHECKOUT / package).rglob("*.py"))
    ]


def all_sources() -> Sequence[Source]:
    """Return every Python file: the packages, the worker, the tests and the set-up."""
    return [Source(CHECKOUT / "worker.py"), *sources_in(*PACKAGES, "tests", "setup")]


def files_of_the_project() -> Sequence[Path]:
    """Return every file that is under version control or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [CHECKOUT / name for name in listed.stdout.split("\0") if name]
    return [path for path in names if path.is_file()]
