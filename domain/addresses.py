"""E-mail addresses that every mail server takes: one rule, at the door and at the mail server."""

import re

_LONGEST = 254
"""RFC 5321, erratum 1690."""
_ADDRESS = re.compile(
    r"(?=.{1,64}@)"
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
"""The dot-atom form of RFC 5322; its quoted form exists in standards only."""
_READ_DIFFERENTLY = frozenset("\u00df\u03c2\u200c\u200d")
"""What IDNA 2003 (the standard library) and IDNA 2008 make different domains of: a letter could
reach a stranger."""


def as_it_travels(address: str) -> str:
    """Return an address as any server can take it: ASCII, its domain in Punycode where needed.

    Raises:
        ValueError: when it is none. A name before the ``@`` with other than ASCII characters
            would need SMTPUTF8 on every server on the way, which nobody can promise.
    """
    local_part, _, domain = address.strip().rpartition("@")
    plain = f"{local_part}@{ascii_domain(domain)}"
    if len(plain) > _LONGEST or not _ADDRESS.fullmatch(plain):
        raise ValueError("not an address that every server takes")
    return plain


def ascii_domain(domain: str) -> str:
    """Return a domain as it travels (RFC 3490).

    Raises:
        ValueError: when it cannot be one.
    """
    if not _READ_DIFFERENTLY.isdisjoint(domain):
        raise ValueError("a domain that two standards write differently")
    return domain.encode("idna").decode("ascii").lower()
