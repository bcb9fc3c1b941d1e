"""Policy files with one thing changed, for the tests of what is read in them."""

from importlib.resources import files

import pytest

from domain.policy.parsing import PolicyErrors, parse_policy

OURS = files("domain.policy").joinpath("policy.toml").read_text(encoding="utf-8")
SOURCE = 'source = "a law"\nverified = true\nvalid_from = 2020-01-01\n'


def row(table: str, id_: str, *lines: str, source: str = SOURCE) -> str:
    """Return a row of an operator's file."""
    fields = "".join(f"{line}\n" for line in lines)
    return f'[[{table}]]\nid = "{id_}"\n{source}{fields}'


def problems_of(overlay: str | None, ours: str = OURS) -> list[str]:
    """Return what is wrong with our file under an operator's one."""
    with pytest.raises(PolicyErrors) as caught:
        parse_policy(ours, overlay)
    return list(caught.value.problems)


def without(id_: str) -> str:
    """Return our file without the row of this id."""
    rows = OURS.split("\n[[")
    return "\n[[".join(row for row in rows if f'id = "{id_}"' not in row)


def term(*changes: str) -> str:
    """Return the row of a term, with some lines in place of others."""
    lines = [
        'wait = "institution_replies"',
        'span = "6 weeks"',
        'rolling = "statutory"',
        "statutory = true",
        'ladder = "institution_replies"',
    ]
    names = {change.partition(" = ")[0] for change in changes}
    kept = [line for line in lines if line.partition(" = ")[0] not in names]
    return row("terms", "awb-9-11", *kept, *changes)


def kind(id_: str, *changes: str) -> str:
    """Return the row of a kind that mediates, with some lines in place of others."""
    lines = [
        "mediation = true",
        'terms = ["awb-9-11"]',
        'consents = ["contact"]',
        'next_body = "national_ombudsman"',
    ]
    names = {change.partition(" = ")[0] for change in changes}
    kept = [line for line in lines if line.partition(" = ")[0] not in names]
    return row("kinds", id_, *kept, *(change for change in changes if " = " in change))


def ladder(*rungs: str) -> str:
    """Return a ladder of its own, with rungs written as ``id step days …``."""
    written = ""
    for rung in rungs:
        id_, step, days, *more = rung.split(" ", 3)
        written += f'[[ladders.rungs]]\nid = "{id_}"\nstep = "{step}"\ndays = {days}\n'
        written += "".join(f"{line}\n" for line in more)
    return row("ladders", "own") + written
