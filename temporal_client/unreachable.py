"""What is raised when Temporal cannot be asked."""

from temporalio.service import RPCError

UNREACHABLE = (RPCError, RuntimeError)
"""A client that connects when it is first used raises the second until Temporal is there."""
