"""Where the pages for people are: below the language in which they are written."""

from starlette.convertors import Convertor, register_url_convertor

from domain.languages import Language


class _LanguageConvertor(Convertor[Language]):
    regex = "|".join(Language)

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
CASE_OPEN = f"{CASE}/open"
LEAVE = "/leave"


def at(address: str, language: Language, **more: object) -> str:
    """Return an address in a language."""
    filled = address.replace("{language:language}", language.value)
    for name, value in more.items():
        filled = filled.replace(f"{{{name}}}", str(value))
    return filled
