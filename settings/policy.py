"""The policy of this installation: the rules that come with a release, and the operator's own.

``python -m settings.policy [FILE]`` (``make policy-check``) checks both and lists what nobody has
verified yet.
"""

import sys
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from domain.policy.parsing import PolicyErrors, parse_policy
from domain.policy.rows import Policy, Table


def load_policy(overlay_path: Path | None) -> Policy:
    """Read the policy and the operator's own file, if there is one.

    Raises:
        PolicyErrors: with everything that is wrong.
        OSError: when the operator's file cannot be read.
        UnicodeDecodeError: when it is not UTF-8.
    """
    ours = files("domain.policy").joinpath("policy.toml").read_text(encoding="utf-8")
    own = None if overlay_path is None else overlay_path.read_text(encoding="utf-8")
    return parse_policy(ours, own)


def check(arguments: Sequence[str]) -> int:
    """Check the policy with the file that is named, if any; print what there is to know.

    Returns:
        0 when it can be used, 1 when it cannot, 2 when more than one file is named.
    """
    if len(arguments) > 1:
        sys.stderr.write("usage: python -m settings.policy [FILE]\n")
        return 2
    path = Path(arguments[0]) if arguments else None
    try:
        policy = load_policy(path)
    except PolicyErrors as errors:
        sys.stderr.write(f"{errors}\n")
        return 1
    except (OSError, UnicodeDecodeError) as problem:
        sys.stderr.write(f"{path}: {problem}\n")
        return 1
    sys.stdout.write("\n".join(_report(policy)) + "\n")
    return 0


def _report(policy: Policy) -> Iterator[str]:
    yield f"policy {policy.version}"
    for table in Table:
        yield f"{table:<12} {len(policy.rows_of(table)):>4}"
    unverified = [row for row in policy.rows() if not row.verified]
    yield f"\nnot verified yet: {len(unverified)}"
    yield from (f"  {row.place}: {row.source}" for row in unverified)
    if unused := list(policy.unused()):
        yield f"\nnothing names these, so they have no effect: {len(unused)}"
        yield from (f"  {row.place}" for row in unused)


if __name__ == "__main__":
    sys.exit(check(sys.argv[1:]))
