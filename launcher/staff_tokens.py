"""Tokens of the staff of an embedded system, as its sign-in gives them."""

from collections.abc import Callable
from pathlib import Path

from api import development_sign_in
from domain.clock import system_clock
from identity.development_provider import DevelopmentProvider
from launcher.api import address_file
from launcher.errors import LauncherError
from settings.application import API_AUDIENCE
from settings.secrets import SecretMissing, load_secrets


def tokens_of(state_dir: Path) -> Callable[[str], str]:
    """Return what gives a token for a subject, valid from now.

    Raises:
        LauncherError: when the system never ran.
    """
    try:
        key = load_secrets(state_dir / "secrets", may_create=False).signing_key()
        address = address_file(state_dir).read_text(encoding="utf-8")
    except (SecretMissing, OSError):
        raise LauncherError("There is no key yet: start the system once with `make run`.") from None
    url = address + development_sign_in.PATH
    provider = DevelopmentProvider(key, url, API_AUDIENCE, clients={})
    return lambda subject: provider.access_token(subject, system_clock())
