"""Whatever the document allows or forbids to send: no error of ours, no undeclared answer."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from launcher.people import Letterbox
from launcher.system import System
from tests.api.attaching import sent
from tests.api.cases_in_hand import first_letter, institution_session_of, mediated_case, session_of
from tests.api.publishing import publish_a_year
from tests.api.routes import ROUTES

CONFIGURATION = """
[auth.openapi.session]
bearer = "{session}"

[auth.openapi.staff]
bearer = "{staff}"

[auth.openapi.institutionSession]
bearer = "{institution}"

[[operations]]
include-path-regex = "^/v1/cases/"
[operations.parameters]
"path.number" = "{number}"
"path.entry" = 1
"path.attachment_id" = "{their_file}"

[[operations]]
include-path-regex = "^/v1/(my-case|institution-case)/entries/"
parameters = {{ "path.number" = 1 }}

[[operations]]
include-path-regex = "^/v1/my-case/letters/"
parameters = {{ "path.letter_id" = "{letter}" }}

[[operations]]
include-path-regex = "^/v1/institution-case/letters/"
parameters = {{ "path.letter_id" = "{their_letter}" }}

[[operations]]
include-path-regex = "^/v1/figures/"
parameters = {{ "path.year" = {year} }}

[[operations]]
include-path-regex = "^/v1/my-case/attachments/"
parameters = {{ "path.attachment_id" = "{my_file}" }}

[[operations]]
include-path-regex = "^/v1/institution-replies/"
parameters = {{ "path.token" = "{token}", "path.number" = 1 }}
"""
SIGNING_OUT = "/v1/sessions/current"
"""Left out: whatever came after it would only be refused."""
THE_REGISTER = "^/v1/staff"
"""Left out, too: whom it makes up would be asked to mediate in the cases of other tests."""
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
)


async def opened(
    system: System, token_for: Callable[[str], str], letterbox: Letterbox
) -> dict[str, str]:
    """Return what opens a case for each security scheme, and what is in it.

    Each scheme has a case of its own: what one of them sends may close it for the others.
    """
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        mine, assigned, addressed = [
            await mediated_case(http, token_for, letterbox) for _ in range(3)
        ]
        session = await session_of(http, mine.receipt_code)
        institution = await institution_session_of(http, addressed.link)
        letter = await first_letter(http, "my-case", session)
        their_letter = await first_letter(http, "institution-case", institution)
        my_file = await sent(http, session)
        their_file = await sent(http, await session_of(http, assigned.receipt_code))
    return {
        "year": str(await publish_a_year(system)),
        "session": session["Authorization"].split()[1],
        "staff": token_for(assigned.mediator),
        "institution": institution["Authorization"].split()[1],
        "number": assigned.number,
        "letter": letter,
        "their_letter": their_letter,
        "my_file": my_file["id"],
        "their_file": their_file["id"],
        "token": addressed.link.rpartition("/")[2],
    }


class TestEveryOperation:
    def test_answers_as_the_document_says(
        self, system: System, token_for: Callable[[str], str], letterbox: Letterbox, tmp_path: Path
    ) -> None:
        configuration = tmp_path / "schemathesis.toml"
        case = asyncio.run(opened(system, token_for, letterbox))
        configuration.write_text(CONFIGURATION.format(**case), encoding="utf-8")
        command = [
            sys.executable,
            *("-m", "schemathesis.cli", "--config-file", str(configuration), "run"),
            f"{system.api.url}/v1/openapi.json",
            *("--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing"),
            *("--max-examples", "15", "--generation-deterministic", "--no-color"),
            *("--exclude-path", SIGNING_OUT, "--exclude-path-regex", THE_REGISTER),
        ]

        run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

        assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-2_000:]
        tested = re.search(r"Tested: (\d+)", run.stdout)
        assert tested is not None
        left_out = [route for route in ROUTES if re.match(THE_REGISTER, route.path)]
        assert int(tested[1]) == len(ROUTES) - 1 - len(left_out)
        # Otherwise only the refusals would have been looked at.
        refused = re.findall(r"Authentication failed: (\d+)", run.stdout)
        assert set(refused) == {"1"}, run.stdout[-4000:]  # reading a case takes two supervisors
        # No token, request, mandate or half of a code can be guessed.
        missing = set(re.findall(r"Missing test data: (\d+)", run.stdout))
        assert missing == {"3"}, run.stdout[-4000:]
