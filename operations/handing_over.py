"""Handing over: everything that somebody who leaves still has."""

import argparse
import sys
from typing import Any

from sqlalchemy import select

from delivery.holders import HandOver, Holders
from domain.clock import system_clock
from domain.identifiers import StaffId
from domain.parties import Party
from operations.opening import opened
from operations.refusal import Refused
from settings.application import Settings
from settings.key_stores import open_key_rings
from storage.database import Database
from storage.ledger_chain import LedgerChain
from storage.models import StaffRow
from storage.sealed_vault import SealedVault
from storage.wrapping_keys import RingKeys


def add_commands(commands: Any) -> None:
    """Add the command of this module to the command line."""
    handing = commands.add_parser(
        "hand-over",
        help="give every open case and offer of a mediator to others; may be broken off and run "
        "again",
    )
    handing.add_argument("subject", metavar="SUBJECT", help="as the register names them")
    handing.add_argument(
        "--reason", required=True, metavar="TEXT", help="kept sealed in each case file"
    )
    handing.set_defaults(run=run_hand_over)


async def run_hand_over(settings: Settings, arguments: argparse.Namespace) -> int:
    """Reassign everything; say how much that was, and fail when something stayed.

    Raises:
        Refused: when nobody has this subject, or no reason is given.
    """
    reason: str = arguments.reason.strip()
    if not reason:
        raise Refused("say why: --reason TEXT")
    async with opened(settings) as (database, secrets):
        leaver = await _member(database, arguments.subject)
        vault = SealedVault(RingKeys(open_key_rings(settings, system_clock())))
        holders = Holders(database, vault, system_clock, LedgerChain(secrets.ledger_key()))
        handing = HandOver(database, holders)
        done = await handing.everything_of(StaffId(leaver.id), reason, Party.PORTAL)
    sys.stdout.write(
        f"{done.cases} cases and {done.offers} offers go to others; "
        f"{done.under_way} were under way already\n"
    )
    if leaver.active:
        sys.stdout.write("They are still active, so they are still offered other cases.\n")
    if done.locked:
        sys.stdout.write(
            f"{done.locked} stayed, because the key of the case does not open. "
            "See to the keys, and run this again.\n"
        )
        return 1
    return 0


async def _member(database: Database, subject: str) -> StaffRow:
    async with database.transaction() as session:
        member = await session.scalar(select(StaffRow).where(StaffRow.subject == subject))
    if member is None:
        raise Refused(f"the register has nobody with the subject {subject}")
    return member
