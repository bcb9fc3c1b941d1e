"""The realm of Keycloak: it names what composition and settings name, and holds no secret."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

from api.desk.addresses import SIGNED_IN, SIGNED_OUT
from api.development_sign_in import TEMPORAL_UI, redirect_uri_of
from settings.application import Settings
from storage.staff_sessions import AT_MOST, IDLE

ROOT = Path(__file__).parents[2]
FILE = "./setup/keycloak/wederhoor-realm.json"
REALM: dict[str, Any] = json.loads((ROOT / FILE).read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))[
    "services"
]
CLIENTS: dict[str, dict[str, Any]] = {it["clientId"]: it for it in REALM["clients"]}
DEFAULTS = {name: field.default for name, field in Settings.model_fields.items()}


class TestTheRealm:
    def test_has_the_clients_that_the_settings_name(self) -> None:
        assert set(CLIENTS) == {DEFAULTS["oidc_client_id"], TEMPORAL_UI}
        given = SERVICES["api"]["environment"]
        assert given["WEDERHOOR_OIDC_CLIENT_ID"].endswith(f":-{DEFAULTS['oidc_client_id']}}}")
        assert given["WEDERHOOR_OIDC_AUDIENCE"].endswith(f":-{DEFAULTS['oidc_audience']}}}")

    def test_sends_people_back_to_our_pages_alone(self) -> None:
        desk, ui = CLIENTS["wederhoor-desk"], CLIENTS[TEMPORAL_UI]
        assert desk["redirectUris"] == [f"${{WEDERHOOR_PUBLIC_URL}}{SIGNED_IN}"]
        away = desk["attributes"]["post.logout.redirect.uris"]
        assert away == f"${{WEDERHOOR_PUBLIC_URL}}{SIGNED_OUT}"
        assert ui["redirectUris"] == [redirect_uri_of("${WEDERHOOR_TEMPORAL_UI_URL}")]

    def test_is_told_what_it_leaves_open(self) -> None:
        left_open = set(re.findall(r"\$\{(\w+)\}", json.dumps(REALM)))
        assert left_open == {"WEDERHOOR_PUBLIC_URL", "WEDERHOOR_TEMPORAL_UI_URL"}
        assert left_open <= set(SERVICES["keycloak"]["environment"])

    def test_is_taken_in_at_the_first_start(self) -> None:
        [mount] = SERVICES["keycloak"]["volumes"]
        source, target, mode = mount.split(":")
        assert (source, mode) == (FILE, "ro")
        assert target.startswith("/opt/keycloak/data/import/")
        assert SERVICES["keycloak"]["command"][0].strip().endswith("kc.sh start --import-realm")

    def test_asks_for_pkce_of_a_public_client(self) -> None:
        public = [client for client in CLIENTS.values() if client["publicClient"]]
        assert [client["clientId"] for client in public] == ["wederhoor-desk"]
        assert public[0]["attributes"]["pkce.code.challenge.method"] == "S256"

    def test_knows_the_one_flow_that_we_use(self) -> None:
        for client in CLIENTS.values():
            assert client["standardFlowEnabled"]
            for flow in ("implicitFlow", "directAccessGrants", "serviceAccounts"):
                assert client[f"{flow}Enabled"] is False

    def test_gives_access_tokens_that_the_api_takes(self) -> None:
        ui = CLIENTS[TEMPORAL_UI]
        assert ui["attributes"]["access.token.header.type.rfc9068"] == "true"
        [mapper] = ui["protocolMappers"]
        assert mapper["config"]["included.custom.audience"] == DEFAULTS["oidc_audience"]
        assert mapper["config"]["id.token.claim"] == "false"

    def test_has_sessions_as_short_as_ours(self) -> None:
        assert REALM["ssoSessionIdleTimeout"] == IDLE.total_seconds()
        assert REALM["ssoSessionMaxLifespan"] == AT_MOST.total_seconds()
        assert REALM["accessTokenLifespan"] <= IDLE.total_seconds()

    def test_slows_who_guesses_and_asks_for_a_second_factor(self) -> None:
        assert REALM["bruteForceProtected"]
        [otp] = [it for it in REALM["requiredActions"] if it["alias"] == "CONFIGURE_TOTP"]
        assert otp["enabled"]
        assert otp["defaultAction"]

    def test_holds_nobody_and_no_secret(self) -> None:
        assert "users" not in REALM
        assert not re.search(r'"(secret|credentials|value|privateKey)"', json.dumps(REALM))
