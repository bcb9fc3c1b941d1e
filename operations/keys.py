"""The key rings of the vault: what they wrap, rotating them, and destroying old versions."""

import argparse
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError

from domain.clock import system_clock
from operations.refusal import Refused
from settings.application import Settings
from settings.key_ring import (
    VAULT_PURPOSES,
    KeyPurpose,
    KeyRing,
    KeyRingReadOnly,
    KeyRingUnusable,
    new_ring,
)
from settings.key_stores import RingStore, open_key_rings
from storage.database import Database
from storage.key_rotation import BATCH, KeyRotation, Tell, VersionStatus
from storage.wrapping_keys import RingKeys

ROTATED_EVERY = timedelta(days=30)
"""The promise: what was erased cannot be recovered from a backup any more after this time."""


def add_commands(commands: Any) -> None:
    """Add the commands of this module to the command line."""
    rotating = commands.add_parser(
        "keys-rotate",
        help="make a new version of each key, and wrap every key of a case by it; may be broken "
        "off and run again",
    )
    rotating.add_argument(
        "--batch", type=int, default=BATCH, metavar="N", help="keys of cases in one transaction"
    )
    rotating.set_defaults(run=run_rotate)
    retiring = commands.add_parser(
        "keys-retire", help="destroy the older versions, where they wrap nothing any more"
    )
    retiring.set_defaults(run=run_retire)
    telling = commands.add_parser(
        "keys-status", help="list versions, ages and what they wrap; exit code 1 if one is missing"
    )
    telling.set_defaults(run=run_status)
    making = commands.add_parser(
        "keys-ring",
        help="write the next value of a ring that comes from a variable to standard output",
    )
    making.add_argument("purpose", type=KeyPurpose, choices=list(KeyPurpose))
    making.add_argument(
        "change",
        choices=["new", "add", "promote", "trim"],
        help="the first ring; with one more version; with the newest as the current; without those "
        "that wrap nothing any more",
    )
    making.set_defaults(run=run_ring)


async def run_rotate(settings: Settings, arguments: argparse.Namespace) -> int:
    """Rotate each purpose; return 1 when that was not possible, or a key did not open."""
    async with _rotation(settings) as rotation:
        codes = [await _rotate(rotation, purpose, arguments.batch) for purpose in VAULT_PURPOSES]
    if not any(codes):
        _say("Keep a copy of the rings apart from the backups; then run keys-retire.")
    return max(codes)


async def _rotate(rotation: KeyRotation, purpose: KeyPurpose, batch: int) -> int:
    try:
        done = await rotation.rotate(purpose, _progress(purpose), batch)
    except KeyRingReadOnly as refusal:
        _say(f"{purpose}: no older version wraps anything. {refusal}")
        return 1
    what = "made now" if done.is_new else "made before"
    _say(f"{purpose}: version {done.version}, {what}, wraps {done.rewrapped} more keys of cases")
    if done.unopened:
        _say(f"{purpose}: left alone, since they DO NOT OPEN: {', '.join(done.unopened)}")
    return 1 if done.unopened else 0


async def run_retire(settings: Settings, arguments: argparse.Namespace) -> int:
    """Destroy what wraps nothing; return 1 when an older version stays."""
    async with _rotation(settings) as rotation:
        codes = [await _retire(rotation, purpose) for purpose in VAULT_PURPOSES]
    _say("Older backups of the database cannot be read without what was destroyed: make a new one,")
    _say("and destroy every copy of the older rings.")
    return max(codes)


async def _retire(rotation: KeyRotation, purpose: KeyPurpose) -> int:
    retired = await rotation.retire(purpose)
    for version, wraps in retired.in_use.items():
        _say(f"{purpose}: version {version} stays, it wraps {wraps} keys of cases: rotate first")
    unused = ", ".join(map(str, retired.unused)) or "none"
    try:
        await rotation.destroy(purpose, retired)
    except KeyRingReadOnly as refusal:
        _say(f"{purpose}: versions that wrap nothing any more: {unused}. {refusal}")
        return 1
    _say(f"{purpose}: versions destroyed: {unused}")
    return 1 if retired.in_use else 0


async def run_status(settings: Settings, arguments: argparse.Namespace) -> int:
    """List every version; return 1 when keys are wrapped by one that is missing."""
    missing = False
    async with _rotation(settings) as rotation:
        for purpose in VAULT_PURPOSES:
            for status in await rotation.status(purpose):
                _say(f"{purpose:<9}{_told(status)}")
                missing |= status.key is None
    return 1 if missing else 0


async def run_ring(settings: Settings, arguments: argparse.Namespace) -> int:
    """Write a ring to standard output, which must not be a terminal."""
    if sys.stdout.isatty():
        raise Refused("this writes keys: let it flow into your secret store, not onto a screen")
    ring = await _next_ring(settings, arguments.purpose, arguments.change)
    sys.stdout.write(ring.text())
    return 0


async def _next_ring(settings: Settings, purpose: KeyPurpose, change: str) -> KeyRing:
    if change == "new":
        return new_ring(purpose, system_clock())
    ring = _opened_rings(settings).read(purpose)
    newest = ring.keys[-1].version
    if change == "add":
        return ring.with_spare(newest + 1, system_clock())
    if change == "promote":
        return ring.with_current(newest)
    if purpose is KeyPurpose.TEMPORAL:
        raise Refused("histories that Temporal keeps still need the older versions")
    async with _rotation(settings) as rotation:
        return ring.without((await rotation.retire(purpose)).unused)


def _opened_rings(settings: Settings) -> RingStore:
    try:
        return open_key_rings(settings, system_clock())
    except KeyRingUnusable as error:
        raise Refused(str(error)) from None


@asynccontextmanager
async def _rotation(settings: Settings) -> AsyncGenerator[KeyRotation]:
    wrapping = RingKeys(_opened_rings(settings))
    database = Database(settings.database_url.get_secret_value())
    try:
        yield KeyRotation(database, wrapping, system_clock)
    except KeyRingUnusable as error:
        raise Refused(str(error)) from None
    except DBAPIError as error:
        what = type(error.orig).__name__
        raise Refused(f"the database did not do it ({what}); run this again") from None
    finally:
        await database.close()


def _told(status: VersionStatus) -> str:
    wraps = f"version {status.version} wraps {status.wraps} keys of cases"
    if status.key is None:
        return f"{wraps}; IT IS NOT IN THE RING, so they cannot be read"
    age = system_clock() - status.key.created_at
    told = f"{wraps}; made {age.days} days ago, fingerprint {status.key.fingerprint}"
    if status.key.is_current:
        told += "; current"
        if age > ROTATED_EVERY:
            told += ", TOO OLD: run keys-rotate"
    elif not status.wraps:
        told += "; wraps nothing"
    return told


def _progress(purpose: KeyPurpose) -> Tell:
    return lambda done, total: _say(f"{purpose}: {done} of {total}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
