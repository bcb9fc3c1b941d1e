#!/usr/bin/env python3
"""Bring ``.venv`` in line with a requirements file; quick when it already is.

``prepare_venv.py runtime|development``, run by the Python the environment shall have. What was
installed is noted last, so an interrupted run is done again, as is one for another Python, other
requirements or another place of the checkout.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
IMPLIED = {"runtime": ("runtime",), "development": ("development", "runtime")}
"""What each kind of requirements contains."""


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def requirements(kind: str) -> Path:
    """Give the file of a kind."""
    return ROOT / "requirements" / f"{kind}.txt"


def stamp(kind: str) -> Path:
    """Give the file that notes a finished installation."""
    return VENV / f"{kind}.installed"


def fingerprint(kind: str) -> str:
    """Describe an installation in one line that changes when it must be made again."""
    content = b"".join(requirements(k).read_bytes() for k in IMPLIED[kind])
    digest = hashlib.sha256(content).hexdigest()
    return f"{digest} {sysconfig.get_platform()} {sys.version.split()[0]} {VENV}\n"


def works() -> bool:
    """Whether ``.venv`` has a Python of our version that runs."""
    program = "import sys, pip; print(sys.version.split()[0])"
    try:
        answer = subprocess.run(  # noqa: S603
            [PYTHON, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env=environment(),
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.strip() == sys.version.split()[0]


def environment() -> dict[str, str]:
    """Give our environment without what would point pip or Python elsewhere."""
    dropped = {"PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"}
    return {k: v for k, v in os.environ.items() if k not in dropped}


def make() -> None:
    """Make ``.venv`` anew."""
    say(f"Making .venv with Python {sys.version.split()[0]} ({sys.executable})")
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=True, symlinks=True)


def install(kind: str) -> None:
    """Install with pip, checking hashes, and tell how far it is. Exits when pip fails."""
    total = len(re.findall(r"^[A-Za-z0-9].*==", requirements(kind).read_text(), re.MULTILINE))
    say(f"Installing up to {total} packages ({kind}) into .venv")
    command = [
        *(str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"),
        *("--progress-bar", "off", "--require-hashes", "--only-binary", ":all:"),
        *("-r", str(requirements(kind))),
    ]
    output: list[str] = []
    seen, told = 0, time.monotonic()
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment()
    ) as pip:
        for line in pip.stdout or ():
            output.append(line)
            seen += line.startswith("Collecting ")
            if line.startswith("Installing collected"):
                say("  unpacking")
            elif line.startswith("Collecting ") and time.monotonic() - told > 10:
                told = time.monotonic()
                say(f"  {seen} of {total}")
    if pip.returncode != 0:
        say("".join(output[-25:]))
        sys.exit(f"pip could not install requirements/{kind}.txt (exit code {pip.returncode})")


def main() -> None:
    """Do what is needed, or nothing."""
    kind = sys.argv[1]
    wanted = fingerprint(kind)
    usable = works()
    if usable and stamp(kind).is_file() and stamp(kind).read_text() == wanted:
        return
    if not usable:
        make()
    for known in IMPLIED:
        stamp(known).unlink(missing_ok=True)
    install(kind)
    for implied in IMPLIED[kind]:
        stamp(implied).write_text(fingerprint(implied))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Interrupted; run it again to go on")
