"""The only place in which workflow ids and workflow type names are formed."""

from activities.messages import CaseReference

COMPLAINT = "Complaint"
AFTERCARE = "Aftercare"


def complaint_workflow_id(case: CaseReference) -> str:
    """Return the id of the workflow that keeps this episode's promises."""
    return f"complaint-{case.number}.{case.episode}"


def aftercare_workflow_id(case: CaseReference) -> str:
    """Return the id of the workflow that looks after this episode once it is closed."""
    return f"aftercare-{case.number}.{case.episode}"
