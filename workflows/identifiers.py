"""The only place in which workflow ids and workflow type names are formed."""

from activities.messages import CaseReference

COMPLAINT = "Complaint"
AFTERCARE = "Aftercare"
ERASURE = "Erasure"


def complaint_workflow_id(case: CaseReference) -> str:
    """Return the id of the workflow that keeps this episode's promises."""
    return f"complaint-{case.number}.{case.episode}"


def aftercare_workflow_id(case: CaseReference) -> str:
    """Return the id of the workflow that looks after this episode once it is closed."""
    return f"aftercare-{case.number}.{case.episode}"


def erasure_workflow_id(case: CaseReference) -> str:
    """Return the id of the workflow that erases a case once its time is over."""
    return f"erasure-{case.number}.{case.episode}"
