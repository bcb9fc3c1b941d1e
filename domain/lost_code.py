"""A lost receipt code: how long a new one takes, and why nobody here can make it faster.

All of it is Wederhoor's own service level. The wait gives whoever still has the code the time to
see that somebody asks for another one, and to stop it.
"""

from datetime import timedelta

WAITING = timedelta(days=3)
"""Between the request and the letter with the second half."""

USABLE = timedelta(days=7)
"""How long after that both halves can be exchanged for a new code."""

MOST_AT_ONCE = 3
"""Requests that a case has at one time; more would only fill somebody's mailbox."""
