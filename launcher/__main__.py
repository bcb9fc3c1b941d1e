"""``python -m launcher run | demo | bench | setup | reset | token SUBJECT | operate COMMAND``."""

import argparse
import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Coroutine

from rich.console import Console
from rich.table import Table

from launcher.bench import bench
from launcher.demo import demo
from launcher.errors import LauncherError
from launcher.folders import cache_folder, make_state_folder, state_folder, state_lock
from launcher.operate import operate
from launcher.ports import lasting_ports
from launcher.progress import Progress
from launcher.staff_tokens import tokens_of
from launcher.supervisor import Supervisor
from launcher.system import System
from launcher.temporal_sources import find_temporal
from launcher.terminal import own_terminal


async def run() -> None:
    """Start everything, show where it is, and keep it alive until Ctrl-C or SIGTERM."""
    progress = Progress()
    state_dir = make_state_folder(state_folder())
    with state_lock(state_dir):
        ports = lasting_ports(state_dir, progress.say)
    system = System(state_dir, cache_folder(), ports=ports, progress=progress)
    try:
        async with system:
            show_addresses(system, progress.console)
            try:
                await Supervisor(system, progress.say).run()
            finally:
                progress.say("Stopping …")
    except asyncio.CancelledError:
        progress.say(f"Stopped. Everything is kept in {state_dir}; `make run` goes on from there.")
        raise


def show_addresses(system: System, console: Console) -> None:
    """Print the table of addresses and what to try next."""
    table = Table(title="Wederhoor is running", title_justify="left", show_header=False)
    table.add_row("pages for people", f"{system.api.url}/")
    table.add_row("desk of the staff", f"{system.api.url}/desk")
    table.add_row("API, with its documentation", f"{system.api.url}/v1/docs")
    table.add_row("Letters it sent", system.mail.page_url)
    table.add_row("Temporal UI", system.temporal.ui_url or f"(at {system.temporal.address})")
    table.add_row("Queries for it", "docs/supervisors.md")
    table.add_row("Figures of the watcher", system.watch.figures_url)
    table.add_row("State and logs", str(system.state_dir))
    console.print(table)
    console.print(
        "Try next: make a complaint on the pages for people, decide about it at the desk "
        "(mediator-1), watch its workflow in the Temporal UI (as supervisor-1, to read it), "
        "and read the letters. "
        "Ctrl-C stops everything.",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


async def setup() -> None:
    """Find, download or build the Temporal server, and start nothing."""
    progress = Progress()
    server = await find_temporal(cache_folder(), progress)
    progress.say(f"Temporal {server.version} from {server.origin}")


def reset(*, confirmed: bool) -> None:
    """Throw the state away, after asking. The cache stays."""
    state_dir = state_folder()
    if not state_dir.exists():
        print(f"There is nothing in {state_dir}.")
        return
    with state_lock(state_dir):
        if not confirmed and not _agreed(f"Delete every case, letter and key in {state_dir}?"):
            raise LauncherError("Nothing was deleted.")
        shutil.rmtree(state_dir)
    print(f"Deleted {state_dir}.")


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise LauncherError("Nothing was deleted: there is no terminal to ask on; give --yes.")
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}


def run_until_signal(work: Callable[[], Coroutine[object, object, None]], *, stays: bool) -> int:
    """Run ``work``; Ctrl-C and SIGTERM cancel it. Give the exit code.

    That is a good end (0) of work that ``stays`` until then, and of other work a broken-off one
    (130). A ``LauncherError`` is shown by itself (1).
    """

    async def cancellable() -> int:
        task = asyncio.ensure_future(work())
        loop = asyncio.get_running_loop()

        def cancel_once() -> None:
            # A second Ctrl-C must not break off the stopping; each part has its own time limit.
            if not task.cancelling():
                task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, cancel_once)
        try:
            await task
        except asyncio.CancelledError:
            return 0 if stays else 130
        return 0

    try:
        with own_terminal():
            return asyncio.run(cancellable())
    except LauncherError as error:
        return _failed(error)


def _failed(error: LauncherError) -> int:
    print(f"\n{error}", file=sys.stderr)
    return 1


def main() -> int:
    """Parse the command line and give the exit code."""
    parser = argparse.ArgumentParser(prog="launcher", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start everything and stay")
    commands.add_parser("demo", help="play one complaint from intake to closure")
    commands.add_parser("bench", help="count the events of an ordinary case")
    asking = commands.add_parser("token", help="print a staff token for the running system")
    asking.add_argument("subject", help="for example mediator-1, mediator-2 or supervisor-1")
    commands.add_parser("setup", help="only get the Temporal server")
    operating = commands.add_parser(
        "operate", help="give an operator's command, as `python -m operations` takes it"
    )
    operating.add_argument("words", nargs=argparse.REMAINDER)
    resetting = commands.add_parser("reset", help="throw all state away")
    resetting.add_argument("--yes", action="store_true", help="do not ask")
    arguments = parser.parse_args()
    if arguments.command == "run":
        return run_until_signal(run, stays=True)
    if arguments.command == "demo":
        return run_until_signal(demo, stays=False)
    if arguments.command == "bench":
        return run_until_signal(bench, stays=False)
    if arguments.command == "setup":
        return run_until_signal(setup, stays=False)
    try:
        if arguments.command == "token":
            print(tokens_of(state_folder())(arguments.subject))
        elif arguments.command == "operate":
            return asyncio.run(operate(arguments.words))
        else:
            reset(confirmed=arguments.yes)
    except LauncherError as error:
        return _failed(error)
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    with contextlib.suppress(BrokenPipeError):
        # The Temporal SDK's threads may abort a process that ends in the ordinary way.
        os._exit(code)
