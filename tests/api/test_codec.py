"""The codec endpoint: payloads for supervisors, in the Temporal UI and nowhere else."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from google.protobuf.json_format import MessageToDict
from pydantic import SecretStr
from temporalio.api.common.v1 import Payload

from api.application import create_app
from launcher.people import Json
from launcher.system import System
from settings.application import Environment, Settings
from settings.key_stores import FileStore
from temporal_client.codec import EncryptingCodec
from temporal_client.namespace_keys import NamespaceKeys
from tests.api.cases_in_hand import session_of
from tests.api.observing import assert_problem, bearer
from tests.temporal_client.keys import new_keys

PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'"Plantwoordpapaver"')
COOKIE = "wederhoor-inspection"


def written(*payloads: Payload) -> Json:
    return {"payloads": [MessageToDict(payload) for payload in payloads]}


@pytest.fixture
def ours(system: System) -> EncryptingCodec:
    return EncryptingCodec(NamespaceKeys(FileStore(system.secrets_dir / "keys")))


@pytest.fixture
def encrypted(ours: EncryptingCodec) -> Payload:
    return ours.encrypt(PLAIN)


def damaged(payload: Payload) -> Payload:
    changed = payload.data[:-1] + bytes([payload.data[-1] ^ 1])
    return Payload(metadata=payload.metadata, data=changed)


class TestASupervisor:
    async def test_reads_what_was_encrypted(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], encrypted: Payload
    ) -> None:
        sent = written(encrypted, encrypted)
        response = await http.post("/codec/decode", json=sent, headers=supervisor)

        assert (response.status_code, response.json()) == (200, written(PLAIN, PLAIN))
        assert response.headers["cache-control"] == "no-store"

    async def test_reads_what_was_encrypted_under_an_earlier_key(
        self,
        http: httpx.AsyncClient,
        supervisor: dict[str, str],
        encrypted: Payload,
        system: System,
        ours: EncryptingCodec,
    ) -> None:
        await system.run_module("operations", "temporal-key-rotate")

        sent = written(encrypted, ours.encrypt(PLAIN))
        response = await http.post("/codec/decode", json=sent, headers=supervisor)

        assert response.json() == written(PLAIN, PLAIN)

    async def test_encrypts(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], ours: EncryptingCodec
    ) -> None:
        response = await http.post("/codec/encode", json=written(PLAIN), headers=supervisor)

        assert response.status_code == 200
        assert "Plantwoord" not in response.text
        [answered] = response.json()["payloads"]
        metadata = {name: base64.b64decode(it) for name, it in answered["metadata"].items()}
        payload = Payload(metadata=metadata, data=base64.b64decode(answered["data"]))
        assert ours.decrypt(payload) == PLAIN

    async def test_may_send_what_the_ui_sends_besides(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], encrypted: Payload
    ) -> None:
        response = await http.post(
            "/codec/decode?preserveStorageRefs=true",
            json=written(encrypted),
            headers=supervisor | {"X-Namespace": "default"},
        )
        assert response.json() == written(PLAIN)

    async def test_gets_nothing_for_nothing(
        self, http: httpx.AsyncClient, supervisor: dict[str, str]
    ) -> None:
        response = await http.post("/codec/decode", json={"payloads": []}, headers=supervisor)
        assert (response.status_code, response.json()) == (200, {})


@pytest.mark.parametrize("path", ["/codec/decode", "/codec/encode"])
class TestAnybodyElse:
    async def test_anonymous_is_not_let_in(
        self, http: httpx.AsyncClient, encrypted: Payload, path: str
    ) -> None:
        response = await http.post(path, json=written(encrypted))
        assert_problem(response, 401, "unauthenticated")
        assert response.headers["www-authenticate"] == "Bearer"

    async def test_a_complainant_is_not_let_in(
        self, http: httpx.AsyncClient, submitted: tuple[str, str], encrypted: Payload, path: str
    ) -> None:
        mine = await session_of(http, submitted[1])
        response = await http.post(path, json=written(encrypted), headers=mine)
        assert_problem(response, 401, "unauthenticated")

    async def test_an_institution_is_not_let_in(
        self, http: httpx.AsyncClient, institution: dict[str, str], encrypted: Payload, path: str
    ) -> None:
        response = await http.post(path, json=written(encrypted), headers=institution)
        assert_problem(response, 401, "unauthenticated")

    @pytest.mark.parametrize("subject", ["mediator-1", "mediator-2", "stranger"])
    async def test_of_the_staff_may_not_look(
        self,
        http: httpx.AsyncClient,
        token_for: Callable[[str], str],
        encrypted: Payload,
        path: str,
        subject: str,
    ) -> None:
        headers = bearer(token_for(subject))
        response = await http.post(path, json=written(encrypted), headers=headers)
        assert_problem(response, 403, "forbidden")
        assert "Plantwoord" not in response.text


class TestDecoding:
    async def test_refuses_what_our_codec_did_not_encrypt(
        self,
        http: httpx.AsyncClient,
        supervisor: dict[str, str],
        encrypted: Payload,
        system: System,
    ) -> None:
        keys = system.secrets_dir / "keys" / "temporal.json"
        before = keys.read_bytes()
        unknown = EncryptingCodec(new_keys()).encrypt(PLAIN)
        refusals: dict[str, str] = {}
        for name, payload in (
            ("plain", PLAIN),
            ("empty", Payload()),
            ("unknown", unknown),
            ("damaged", damaged(encrypted)),
        ):
            response = await http.post(
                "/codec/decode",
                json=written(payload),
                headers=supervisor | {"Accept-Language": "en"},
            )
            assert response.headers["content-type"] == "application/problem+json"
            assert response.status_code == 400
            assert "Plantwoord" not in response.text
            [error] = response.json()["errors"]
            assert error["pointer"] == "#/payloads/0"
            refusals[name] = error["detail"]

        assert refusals == {
            "plain": "This was not encrypted by this system.",
            "empty": "This was not encrypted by this system.",
            "unknown": "This was encrypted under a key that this system does not have.",
            "damaged": "This was changed or damaged after it was encrypted.",
        }
        assert keys.read_bytes() == before

    async def test_refuses_all_when_it_refuses_one(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], encrypted: Payload
    ) -> None:
        mixed = written(encrypted, PLAIN, encrypted, damaged(encrypted))
        response = await http.post("/codec/decode", json=mixed, headers=supervisor)

        assert_problem(response, 400, "invalid-request", "#/payloads/1", "#/payloads/3")
        assert "Plantwoord" not in response.text

    async def test_names_no_more_than_twenty(
        self, http: httpx.AsyncClient, supervisor: dict[str, str]
    ) -> None:
        response = await http.post(
            "/codec/decode", json=written(*[PLAIN] * 100), headers=supervisor
        )
        assert len(response.json()["errors"]) == 20

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ("{}", "#/payloads"),
            ('{"payloads": {}}', "#/payloads"),
            ('{"payloads": ["text"]}', "#/payloads/0"),
            ('{"payloads": [{"data": "no base64!"}]}', "#/payloads/0/data"),
            ('{"payloads": [{"data": 7}]}', "#/payloads/0/data"),
            ('{"payloads": [{"metadata": []}]}', "#/payloads/0/metadata"),
            ('{"payloads": [{"metadata": {"planted": "é"}}]}', "#/payloads/0/metadata"),
            ('{"payloads": [{"metadata": {"planted": null}}]}', "#/payloads/0/metadata"),
            ('{"payloads": [{"planted": "x"}]}', "#/payloads/0/planted"),
        ],
    )
    async def test_refuses_what_is_no_list_of_payloads(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], body: str, where: str
    ) -> None:
        headers = supervisor | {"Content-Type": "application/json"}
        response = await http.post("/codec/decode", content=body.encode(), headers=headers)
        assert_problem(response, 400, "invalid-request", where)

    async def test_takes_json_alone(
        self, http: httpx.AsyncClient, supervisor: dict[str, str]
    ) -> None:
        headers = supervisor | {"Content-Type": "text/plain"}
        response = await http.post("/codec/decode", content=b'{"payloads":[]}', headers=headers)
        assert_problem(response, 415, "unsupported-media-type")

    async def test_writes_no_payload_into_a_log(
        self,
        http: httpx.AsyncClient,
        supervisor: dict[str, str],
        encrypted: Payload,
        system: System,
    ) -> None:
        for payload in (encrypted, PLAIN, damaged(encrypted)):
            await http.post("/codec/decode", json=written(payload), headers=supervisor)
        log = system.api.log_path.read_text()
        assert "Plantwoord" not in log
        assert base64.b64encode(encrypted.data).decode() not in log


class TestEncoding:
    async def test_refuses_what_is_encrypted_already(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], encrypted: Payload
    ) -> None:
        response = await http.post(
            "/codec/encode", json=written(PLAIN, encrypted), headers=supervisor
        )
        body = assert_problem(response, 400, "invalid-request", "#/payloads/1")
        assert body["errors"][0]["detail"] == "Dit is al versleuteld."


class TestAPageOfAnotherOrigin:
    SENT = "authorization, authorization-extras, content-type, x-namespace"

    async def asks(
        self, http: httpx.AsyncClient, origin: str, path: str = "/codec/decode", **more: str
    ) -> httpx.Response:
        headers = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": self.SENT,
        }
        return await http.options(path, headers=headers | more)

    async def test_may_ask_when_it_is_the_ui(self, http: httpx.AsyncClient, system: System) -> None:
        response = await self.asks(http, system.temporal.ui_url)

        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == system.temporal.ui_url
        assert response.headers["access-control-allow-credentials"] == "true"
        assert response.headers["access-control-allow-methods"] == "POST"
        allowed = set(response.headers["access-control-allow-headers"].lower().split(", "))
        # The others need no permission (Fetch Standard, CORS-safelisted request-headers).
        safe = {"accept", "accept-language", "content-language"}
        assert allowed == set(self.SENT.split(", ")) | safe

    async def test_may_read_the_answer_when_it_is_the_ui(
        self,
        http: httpx.AsyncClient,
        system: System,
        supervisor: dict[str, str],
        encrypted: Payload,
    ) -> None:
        for headers in (supervisor, {}):
            response = await http.post(
                "/codec/decode",
                json=written(encrypted),
                headers=headers | {"Origin": system.temporal.ui_url},
            )
            assert response.headers["access-control-allow-origin"] == system.temporal.ui_url

    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "http://127.0.0.1", "{ui}0", "{ui}.evil.example"]
    )
    async def test_may_not_when_it_is_any_other(
        self,
        http: httpx.AsyncClient,
        system: System,
        supervisor: dict[str, str],
        encrypted: Payload,
        origin: str,
    ) -> None:
        origin = origin.format(ui=system.temporal.ui_url)
        assert_problem(await self.asks(http, origin), 403, "forbidden")
        headers = supervisor | {"Origin": origin}
        response = await http.post("/codec/decode", json=written(encrypted), headers=headers)
        assert "access-control-allow-origin" not in response.headers

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Method", "DELETE"),
            ("Access-Control-Request-Headers", "x-something-else"),
        ],
    )
    async def test_may_ask_for_nothing_wider(
        self, http: httpx.AsyncClient, system: System, name: str, value: str
    ) -> None:
        response = await self.asks(http, system.temporal.ui_url, **{name: value})
        assert_problem(response, 403, "forbidden")

    @pytest.mark.parametrize("path", ["/v1/complaints", "/v1/cases", "/health/live", "/codec"])
    async def test_may_reach_nothing_else(
        self, http: httpx.AsyncClient, system: System, path: str
    ) -> None:
        response = await self.asks(http, system.temporal.ui_url, path)
        assert response.status_code in {404, 405}
        assert "access-control-allow-origin" not in response.headers


class TestTheCookieOfTheSignIn:
    async def test_opens_the_codec_to_the_ui(
        self,
        http: httpx.AsyncClient,
        system: System,
        token_for: Callable[[str], str],
        encrypted: Payload,
    ) -> None:
        for subject, status in (("supervisor-1", 200), ("mediator-1", 403), ("stranger", 403)):
            cookie = f"{COOKIE}={token_for(subject)}"
            headers = {"Origin": system.temporal.ui_url, "Cookie": cookie}
            response = await http.post("/codec/decode", json=written(encrypted), headers=headers)
            assert response.status_code == status

    @pytest.mark.parametrize("origin", [None, "null", "http://127.0.0.1:1", "https://evil.example"])
    async def test_is_nothing_in_the_hands_of_another_page(
        self,
        http: httpx.AsyncClient,
        token_for: Callable[[str], str],
        encrypted: Payload,
        origin: str | None,
    ) -> None:
        headers = {"Cookie": f"{COOKIE}={token_for('supervisor-1')}"}
        headers |= {} if origin is None else {"Origin": origin}
        response = await http.post("/codec/decode", json=written(encrypted), headers=headers)
        assert_problem(response, 401, "unauthenticated")

    async def test_opens_nothing_else(
        self, http: httpx.AsyncClient, system: System, token_for: Callable[[str], str]
    ) -> None:
        headers = {
            "Origin": system.temporal.ui_url,
            "Cookie": f"{COOKIE}={token_for('supervisor-1')}",
        }
        assert_problem(await http.get("/v1/cases", headers=headers), 401, "unauthenticated")


class TestTheDocumentOfTheApi:
    async def test_does_not_hold_temporals_protocol(self, http: httpx.AsyncClient) -> None:
        paths = (await http.get("/v1/openapi.json")).json()["paths"]
        assert [path for path in paths if "codec" in path or "development" in path] == []


class TestInProduction:
    async def test_there_is_no_cookie_and_no_sign_in(self, system: System) -> None:
        settings = Settings(
            environment=Environment.PRODUCTION,
            database_url=SecretStr(system.postgres.url),
            secrets_dir=system.secrets_dir,
            erasure_ledger=system.state_dir / "erasures",
            public_url="https://wederhoor.example",
            smtp_host="mail.example",
            temporal_ui_url="https://temporal.wederhoor.example/some/path",
        )
        app = create_app(settings, lambda: datetime.now(UTC))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="https://x.example") as http:
            response = await http.options(
                "/codec/decode",
                headers={
                    "Origin": "https://temporal.wederhoor.example",
                    "Access-Control-Request-Method": "POST",
                },
            )
            assert response.status_code == 200
            assert "access-control-allow-credentials" not in response.headers
            assert (await http.get("/development/sign-in/keys")).status_code == 404
