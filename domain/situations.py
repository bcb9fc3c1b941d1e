"""What somebody can come to the guide with, and what it can answer: words without rules.

Which answer fits which situation is a row of the policy (``situations``), with its source.
"""

from enum import StrEnum


class Happened(StrEnum):
    """What happened."""

    TREATMENT = "treatment"
    """Somebody was treated badly: rudely, unfairly, without respect."""
    NO_ANSWER = "no_answer"
    """No answer came, or it takes too long."""
    DECISION = "decision"
    """There is a decision in writing that somebody does not agree with."""
    REFUSAL = "refusal"
    """An account, a contract, care or help was refused or ended."""
    DISCRIMINATION = "discrimination"
    PERSONAL_DATA = "personal_data"
    """Something is wrong with one's own data, or they were passed on."""
    CRIME = "crime"
    """Violence, threats, theft, extortion, or being forced."""
    NOTHING_YET = "nothing_yet"
    """Nothing happened; somebody wants to know how something works."""


class Wish(StrEnum):
    """What somebody wants."""

    BE_HEARD = "be_heard"
    """An explanation, an apology, or that it does not happen again."""
    CHANGE_DECISION = "change_decision"
    GET_SERVICE = "get_service"
    """To get the account, the care or the help after all."""
    OWN_DATA = "own_data"
    """To see, correct or erase one's own data."""
    PUNISHMENT = "punishment"
    """That somebody is prosecuted."""
    KNOW = "know"
    """To know one's rights and duties."""


class Nature(StrEnum):
    """What it is, in the words of the law."""

    COMPLAINT = "complaint"
    OBJECTION = "objection"
    """Bezwaar: against a decision. A complaint changes no decision."""
    REPORT = "report"
    """Aangifte: of a crime. It is made at the police, and only if one wants to."""
    DATA_REQUEST = "data_request"
    """To whoever holds the data (GDPR, articles 15 to 21)."""
    QUESTION = "question"


class Paper(StrEnum):
    """What helps to have at hand; nothing of it is ever needed to begin."""

    DECISION_LETTER = "decision_letter"
    ENVELOPE_DATE = "envelope_date"
    """The day on which the decision was sent."""
    MESSAGES = "messages"
    NOTES = "notes"
    """Notes of what happened, when and with whom."""
    WITNESSES = "witnesses"
    REFUSAL_IN_WRITING = "refusal_in_writing"
    BUSINESS_PAPERS = "business_papers"
    """Registration, bookkeeping and tax return, which the sector's standard asks for."""
    EARLIER_COMPLAINT = "earlier_complaint"
    MEDICAL_NOTES = "medical_notes"
    CONTRACT = "contract"
