"""Tie a program to the life of the process that starts it, then become that program.

Run as a script, by path: ``python -I -S tether.py SIGNAL PARENT_PID USER COMMAND...``.

The work happens after ``exec`` and not in ``preexec_fn``, which may deadlock in a process with
threads (the Temporal SDK brings its own). ``USER`` is ``-`` to stay who we are. On Linux the
kernel then sends ``SIGNAL`` to the program when the thread that started it ends; elsewhere a
leftover is found by its pid file at the next start (see ``child_process``).
"""

import os
import sys
from collections.abc import Callable


def become(user: str) -> None:
    """Give up root for ``user``: a system account's name."""
    import pwd  # noqa: PLC0415  # most programs keep their user, and starting must stay quick

    account = pwd.getpwnam(user)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    os.environ.update(HOME="/", USER=user, LOGNAME=user)


def death_signal_setter() -> Callable[[int], object]:
    """Give what asks the kernel for a signal when the parent is gone; it asks nothing elsewhere."""
    if sys.platform != "linux":
        return lambda _signal: None
    import ctypes  # noqa: PLC0415  # only Linux needs it

    set_parent_death_signal = 1
    library = ctypes.CDLL(None)
    return lambda signal: library.prctl(set_parent_death_signal, signal)


def main() -> None:
    """Exit code 127 and one line when the program cannot be started."""
    signal_number, parent, user, *command = sys.argv[1:]
    # Found before the user changes, who may not read our library; used after, as that resets it.
    set_death_signal = death_signal_setter()
    if user != "-":
        become(user)
    set_death_signal(int(signal_number))
    if os.getppid() != int(parent):
        sys.exit(1)
    try:
        os.execvp(command[0], command)  # noqa: S606  # no shell is wanted
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error.strerror}\n")
        sys.exit(127)


if __name__ == "__main__":
    main()
