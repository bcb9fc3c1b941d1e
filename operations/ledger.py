"""Verifying the ledger chain, and beginning it."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from operations.opening import opened
from operations.refusal import Refused
from settings.application import Settings
from storage.ledger_chain import ChainAlreadyBegun, Finding, Head, LedgerChain, verify


def add_commands(commands: Any) -> None:
    """Add the commands of this module to the command line."""
    verifying = commands.add_parser(
        "ledger-verify", help="check the chain of every case file; exit code 1 if any is broken"
    )
    verifying.add_argument(
        "--heads", type=Path, metavar="FILE", help="write the ends of all chains, to keep elsewhere"
    )
    verifying.add_argument(
        "--against", type=Path, metavar="FILE", help="check that earlier ends are still in place"
    )
    verifying.set_defaults(run=run_verify)
    beginning = commands.add_parser(
        "ledger-begin", help="link the entries from before there was a chain; once, after upgrading"
    )
    beginning.set_defaults(run=run_begin)


async def run_verify(settings: Settings, arguments: argparse.Namespace) -> int:
    """Verify every case, and say which are broken; return 1 if any is."""
    anchors: Sequence[Head] = read_heads(arguments.against) if arguments.against else ()
    heads: list[Head] = []
    broken = 0
    async with opened(settings) as (database, secrets):
        chain = LedgerChain(secrets.ledger_key())
        async for batch, findings in verify(database, chain, anchors):
            heads.extend(batch)
            for finding in findings:
                sys.stdout.write(f"{_told(finding)}\n")
            broken += len(findings)
            sys.stderr.write(f"{len(heads)} cases verified\n")
    text = heads_text(heads)
    sys.stdout.write(f"heads of {len(heads)} cases: sha256 {sha256(text.encode()).hexdigest()}\n")
    if arguments.heads:
        arguments.heads.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{broken} faults\n" if broken else "the ledger verifies without gaps\n")
    return 1 if broken else 0


async def run_begin(settings: Settings, arguments: argparse.Namespace) -> int:
    """Link what was written before there was a chain."""
    async with opened(settings) as (database, secrets), database.transaction() as session:
        try:
            linked = await LedgerChain(secrets.ledger_key()).begin(session)
        except ChainAlreadyBegun:
            sys.stdout.write("the chain has begun already\n")
        else:
            sys.stdout.write(f"{linked} entries linked\n")
    return 0


def heads_text(heads: Sequence[Head]) -> str:
    """Return heads in the form in which they are kept elsewhere: a JSON object a line."""
    lines = (
        {"case": head.case_number, "entry": head.entry, "link": head.link.hex()} for head in heads
    )
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def read_heads(file: Path) -> Sequence[Head]:
    """Return the heads that a file keeps.

    Raises:
        Refused: when it cannot be read, or holds something else.
    """
    try:
        return list(_parsed(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"{file} holds no heads of a ledger ({type(error).__name__})") from None


def _parsed(text: str) -> Iterator[Head]:
    for line in text.splitlines():
        head = json.loads(line)
        yield Head(str(head["case"]), int(head["entry"]), bytes.fromhex(head["link"]))


def _told(finding: Finding) -> str:
    return f"case {finding.case_number}, entry {finding.entry}: {finding.fault}"
