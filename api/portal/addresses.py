"""Where the pages for people are: below the language in which they are written."""

from starlette.convertors import Convertor, register_url_convertor

from domain.languages import SPOKEN, Language
from mail.letter import BOTH_HALVES, OPEN_CASE


class _LanguageConvertor(Convertor[Language]):
    regex = "|".join(SPOKEN)

    def convert(self, value: str) -> Language:
        return Language(value)

    def to_string(self, value: Language) -> str:
        return value.value


register_url_convertor("language", _LanguageConvertor())

HOME = "/{language:language}"
HELP = f"{HOME}/help"
COMPLAINT = f"{HOME}/complaint"
QUESTION = f"{HOME}/question"
TOPICS = f"{HOME}/topics"
TOPIC = f"{TOPICS}/{{topic_id}}"
GUIDE = f"{HOME}/guide"
GUIDE_AGAIN = f"{GUIDE}/again"
GUIDE_LETTER = f"{GUIDE}/letter"
GUIDE_COMPLAINT = f"{GUIDE}/complaint"
ABOUT = f"{HOME}/about"
PRIVACY = f"{HOME}/privacy"
ACCESSIBILITY = f"{HOME}/accessibility"
CASE = f"{HOME}/case"
CASE_OPEN = f"{HOME}/{OPEN_CASE}"
FIGURES = f"{HOME}/figures"
FIGURES_OF_YEAR = f"{FIGURES}/{{year}}"
TIMELINE = f"{CASE}/timeline"
ENTRIES = f"{CASE}/entries"
ENTRY = f"{ENTRIES}/{{number}}"
LETTERS = f"{CASE}/letters"
LETTER = f"{LETTERS}/{{letter_id}}"
LETTER_PDF = f"{LETTER}/pdf"
DOSSIER = f"{CASE}/dossier"
DOSSIER_PDF = f"{DOSSIER}/pdf"
EXPORT = f"{CASE}/export"
CONSENT = f"{CASE}/consents/{{purpose}}"
ERASURE = f"{CASE}/erasure"
KEEP_CASE = f"{ERASURE}/stop"
ATTACHMENTS = f"{CASE}/attachments"
ATTACHMENT = f"{ATTACHMENTS}/{{attachment_id}}"
CASE_LANGUAGE = f"{CASE}/language"
STOP = f"{CASE}/stop"
INTO_COMPLAINT = f"{CASE}/complaint"
NEW_CODE = f"{CASE}/new-code"
NEW_CODE_SHOWN = f"{NEW_CODE}/shown"
STOP_REQUEST = f"{CASE}/code-requests/{{request_id}}/stop"
HELPERS = f"{CASE}/helpers"
HELPERS_CODE = f"{HELPERS}/code"
HELPER_STOP = f"{HELPERS}/{{mandate}}/stop"
LOST_CODE = f"{CASE}/lost-code"
LOST_CODE_SHOWN = f"{LOST_CODE}/shown"
HALVES = f"{HOME}/{BOTH_HALVES}"
LEAVE = "/leave"


def at(address: str, language: Language, **more: object) -> str:
    """Return an address in a language."""
    filled = address.replace("{language:language}", language.value)
    for name, value in more.items():
        filled = filled.replace(f"{{{name}}}", str(value))
    return filled
