"""Why a command was not carried out."""


class Refused(Exception):
    """Nothing was done, or not all of it; the text tells the operator why, and what to do."""
