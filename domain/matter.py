"""What somebody comes with: a complaint about an institution, or a question."""

from enum import StrEnum

from domain.parties import Party


class Matter(StrEnum):
    """What a case is about; each has a workflow of its own."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    """About rights and duties: answered by an adviser, without any other side."""

    @property
    def handler(self) -> Party:
        """Whose work it is."""
        return Party.ADVISER if self is Matter.QUESTION else Party.MEDIATOR
