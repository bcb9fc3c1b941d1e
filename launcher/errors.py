"""The launcher's one kind of failure that is meant to be read by a person."""


class LauncherError(Exception):
    """Something a user can act upon; its text is shown as it is, without a traceback."""


class PartError(LauncherError):
    """A part died, or was not ready in time; the text ends with the tail of its log."""


class AlreadyRuns(LauncherError):
    """Another process holds the state."""
