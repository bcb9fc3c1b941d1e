"""Have Ctrl-C go to the launcher alone, and not also to the `make` that started it."""

import contextlib
import os
import signal
import sys
from collections.abc import Generator


@contextlib.contextmanager
def own_terminal() -> Generator[None]:
    """Be the terminal's foreground process group, if there is a terminal and it is ours to take.

    A terminal sends Ctrl-C to the whole foreground group. `make` would report the good end that
    follows as a failure.
    """
    if not _in_foreground():
        yield
        return
    terminal = sys.stdin.fileno()
    before = os.getpgrp()
    # Changing the foreground group from outside it stops a process, unless it ignores this.
    heeded = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    # A stop by Ctrl-Z would reach us and not `make`, and leave the shell waiting for ever.
    stopped = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    try:
        os.setpgid(0, 0)
        os.tcsetpgrp(terminal, os.getpgrp())
        yield
    finally:
        with contextlib.suppress(OSError):  # the terminal, or the group, may be gone
            os.tcsetpgrp(terminal, before)
            os.setpgid(0, before)
        signal.signal(signal.SIGTTOU, heeded)
        signal.signal(signal.SIGTSTP, stopped)


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp() and os.getsid(0) != os.getpid()
    except (OSError, ValueError):
        return False
