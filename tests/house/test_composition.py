"""``docker-compose.yml``, as far as it can be known to be right without a Docker engine."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from api import codec
from launcher.temporal_build import SERVER_VERSION
from settings.application import Settings, load_settings

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
TEXT = FILE.read_text(encoding="utf-8")
COMPOSITION: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSITION["services"]
OURS = ("migrate", "api", "worker", "watch", "operations")
TO_BE_FILLED_IN = {
    "WEDERHOOR_PUBLIC_URL": "https://portal.example",
    "WEDERHOOR_SMTP_HOST": "smtp.example",
    "WEDERHOOR_MAIL_SENDER_ADDRESS": "post@portal.example",
    "WEDERHOOR_CONTROLLER_NAME": "Stichting Voorbeeld",
    "WEDERHOOR_CONTROLLER_CONTACT": "privacy@portal.example",
}

KEYS = "${SECRETS_FOLDER:-./secrets}/keys:/run/secrets/keys"

_VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)(?:(:[-?])([^}]*))?\}")
_PASSWORD = re.compile(r"PASSWORD|PWD|SECRET$|API_KEY")
_KEYS_OF_A_SERVICE = {
    *("build", "cap_drop", "command", "depends_on", "entrypoint", "environment", "healthcheck"),
    *("image", "init", "networks", "ports", "profiles", "read_only", "restart", "secrets"),
    *("security_opt", "shm_size", "stop_grace_period", "tmpfs", "user", "volumes"),
}
_CONDITIONS = {"service_healthy", "service_completed_successfully", "service_started"}


def settings_names() -> set[str]:
    """Return the name of every setting in the environment."""
    prefix = Settings.model_config.get("env_prefix", "")
    return {
        str(field.validation_alias or f"{prefix}{name}".upper())
        for name, field in Settings.model_fields.items()
    }


def example() -> dict[str, str]:
    """Return what ``.env.example`` says, filled in where it must be."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    return dict(pairs) | TO_BE_FILLED_IN


def filled_in(text: str, values: Mapping[str, str]) -> str:
    """Return a value of the composition as Docker Compose would fill it in."""

    def value_of(found: re.Match[str]) -> str:
        default = found[3] if found[2] == ":-" else ""
        return values.get(found[1]) or default

    return _VARIABLE.sub(value_of, text).replace("$$", "$")


def has_compose_plugin() -> bool:
    """Tell whether ``docker compose`` can check the file; that needs no engine."""
    if shutil.which("docker") is None:
        return False
    asked = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return asked.returncode == 0


def conditions_of(service: Mapping[str, Any]) -> dict[str, str]:
    """Return which service this one waits for, and for what."""
    waits: dict[str, dict[str, str]] = service.get("depends_on", {})
    return {name: rule["condition"] for name, rule in waits.items()}


class TestTheComposition:
    def test_has_every_part(self) -> None:
        assert {"database", "migrate", "api", "worker", "keycloak", "mail-catcher"} <= set(SERVICES)
        assert {"temporal", "temporal-database", "temporal-schema", "temporal-ui"} <= set(SERVICES)

    @pytest.mark.parametrize("name", SERVICES)
    def test_uses_known_keys_only(self, name: str) -> None:
        assert set(SERVICES[name]) <= _KEYS_OF_A_SERVICE

    @pytest.mark.parametrize("kind", ["networks", "secrets"])
    def test_names_only_what_it_defines(self, kind: str) -> None:
        used: set[str] = {item for service in SERVICES.values() for item in service.get(kind, [])}
        assert used == set(COMPOSITION[kind])

    def test_keeps_data_in_volumes_that_it_defines(self) -> None:
        mounts = [m for service in SERVICES.values() for m in service.get("volumes", [])]
        mounts = [mount for mount in mounts if not mount.startswith(KEYS)]
        sources: list[str] = [mount.split(":")[0] for mount in mounts]
        assert {s for s in sources if not s.startswith(".")} == set(COMPOSITION["volumes"])
        assert all((ROOT / s).is_file() for s in sources if s.startswith("."))

    @pytest.mark.parametrize("name", SERVICES)
    def test_waits_for_what_can_come_about(self, name: str) -> None:
        for other, condition in conditions_of(SERVICES[name]).items():
            assert condition in _CONDITIONS
            if condition == "service_healthy":
                assert "healthcheck" in SERVICES[other]
            if condition == "service_completed_successfully":
                assert SERVICES[other]["restart"].startswith("on-failure")

    def test_is_understood_by_docker_compose(self, tmp_path: Path) -> None:
        if not has_compose_plugin():
            pytest.skip("no `docker compose` here: only the structure was checked, by the others")
        env = tmp_path / ".env"
        env.write_text("".join(f"{name}={value}\n" for name, value in example().items()))
        command = ["docker", "compose", "--file", str(FILE), "--env-file", str(env)]
        asked = subprocess.run(
            [*command, "--profile", "*", "config", "--quiet"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert asked.returncode == 0, asked.stderr

    def test_says_which_images_nobody_checked(self) -> None:
        comment = TEXT.split("\nname:")[0]
        images = {service["image"] for service in SERVICES.values()} - {"wederhoor:local"}
        assert all(image in comment for image in images)
        assert "sha256" not in TEXT

    def test_takes_images_at_a_version(self) -> None:
        for service in SERVICES.values():
            assert re.search(r":(\d|v\d|local$)", service["image"]), service["image"]


class TestSecretsOfTheComposition:
    def test_are_files_of_one_folder(self) -> None:
        for name, secret in COMPOSITION["secrets"].items():
            assert secret == {"file": f"${{SECRETS_FOLDER:-./secrets}}/{name}"}

    @pytest.mark.parametrize("name", SERVICES)
    def test_are_no_values_in_the_environment(self, name: str) -> None:
        names: set[str] = set(SERVICES[name].get("environment", {}))
        assert all(key.endswith("_FILE") for key in names if _PASSWORD.search(key))

    def test_have_no_default(self) -> None:
        for found in _VARIABLE.finditer(TEXT):
            assert not _PASSWORD.search(found[1]) or found[2] == ":?"
        assert not re.search(r"://[^\s/@]+:[^\s/@]+@", TEXT)

    @pytest.mark.parametrize("name", SERVICES)
    def test_are_mounted_where_they_are_read(self, name: str) -> None:
        service = SERVICES[name]
        read: set[str] = set(re.findall(r"/run/secrets/([a-z.-]+)", yaml.dump(service)))
        folders = {"keys"} if KEYS in str(service) else set[str]()
        assert read <= set(service.get("secrets", [])) | folders

    @pytest.mark.parametrize("name", ["api", "worker"])
    def test_include_the_application_key(self, name: str) -> None:
        assert SERVICES[name]["environment"]["WEDERHOOR_SECRETS_DIR"] == "/run/secrets"
        assert "application.key" in SERVICES[name]["secrets"]

    def test_include_that_of_the_desk_at_the_identity_provider(self) -> None:
        given = SERVICES["api"]["environment"]["WEDERHOOR_OIDC_CLIENT_SECRET_FROM_FILE"]
        assert given == "/run/secrets/oidc-client-secret"
        assert "oidc-client-secret" not in SERVICES["worker"]["secrets"]

    def test_include_the_key_rings_which_the_operator_alone_can_change(self) -> None:
        # A folder, not files: a file that is replaced would stay the old one in the container.
        assert all(f"{KEYS}:ro" in SERVICES[name]["volumes"] for name in ("api", "worker"))
        assert KEYS in SERVICES["operations"]["volumes"]
        assert SERVICES["operations"]["profiles"] == ["operations"]
        holders = {name for name, service in SERVICES.items() if KEYS in str(service)}
        assert holders == {"api", "worker", "operations"}


class TestTheTemporalUi:
    settings: Mapping[str, str] = SERVICES["temporal-ui"]["environment"]

    def test_decodes_payloads_by_our_codec_with_the_token_of_who_looks(self) -> None:
        address = filled_in(self.settings["TEMPORAL_CODEC_ENDPOINT"], example())
        assert address == TO_BE_FILLED_IN["WEDERHOOR_PUBLIC_URL"] + codec.PATH
        assert self.settings["TEMPORAL_CODEC_PASS_ACCESS_TOKEN"] == "true"
        assert "TEMPORAL_CODEC_INCLUDE_CREDENTIALS" not in self.settings

    def test_cannot_change_anything(self) -> None:
        assert self.settings["TEMPORAL_DISABLE_WRITE_ACTIONS"] == "true"


class TestEveryService:
    @pytest.mark.parametrize("name", SERVICES)
    def test_may_do_no_more_than_it_must(self, name: str) -> None:
        service = SERVICES[name]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["user"].split(":")[0] not in {"", "0", "root"}
        assert service["read_only"] or name == "keycloak"

    @pytest.mark.parametrize("name", SERVICES)
    def test_publishes_ports_on_this_machine_only(self, name: str) -> None:
        ports: list[str] = SERVICES[name].get("ports", [])
        assert not ports or name in {"api", "temporal-ui", "keycloak", "mail-catcher"}
        assert all(port.startswith("127.0.0.1:") for port in ports)

    def test_that_publishes_nothing_and_sends_no_mail_stays_inside(self) -> None:
        networks: dict[str, dict[str, bool]] = COMPOSITION["networks"]
        inside = {name for name, network in networks.items() if network.get("internal")}
        for name, service in SERVICES.items():
            if "ports" not in service and name != "worker":
                assert set(service["networks"]) <= inside

    @pytest.mark.parametrize("name", SERVICES)
    def test_that_stays_says_whether_it_is_well(self, name: str) -> None:
        service = SERVICES[name]
        assert ("healthcheck" in service) == (service["restart"] == "unless-stopped")

    @pytest.mark.parametrize("name", ["temporal", "temporal-schema"])
    def test_of_temporal_has_the_version_that_is_built_elsewhere(self, name: str) -> None:
        assert SERVICES[name]["image"].endswith(f":{SERVER_VERSION.removeprefix('v')}")


class TestOurServices:
    @pytest.mark.parametrize("name", OURS)
    def test_are_started_by_commands_that_exist(self, name: str) -> None:
        match SERVICES[name]["command"]:
            case ["python", "-m", module, *_]:
                assert importlib.util.find_spec(module)
            case ["python", script]:
                assert (ROOT / script).is_file()
            case other:
                raise AssertionError(other)

    @pytest.mark.parametrize("name", ["api", "worker", "watch"])
    def test_check_themselves_with_python_that_compiles(self, name: str) -> None:
        _, python, flag, program = SERVICES[name]["healthcheck"]["test"]
        assert (python, flag) == ("python", "-c")
        compile(program, name, "exec")

    @pytest.mark.parametrize("name", OURS)
    def test_get_settings_that_exist(self, name: str) -> None:
        given = {n.removesuffix("_FROM_FILE") for n in SERVICES[name]["environment"]}
        assert given <= settings_names()

    @pytest.mark.parametrize("name", ["api", "worker", "watch"])
    def test_start_with_the_example_filled_in(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for setting in settings_names():
            monkeypatch.delenv(setting, raising=False)
        given: dict[str, str] = SERVICES[name]["environment"]
        for setting, value in given.items():
            monkeypatch.setenv(setting.removesuffix("_FROM_FILE"), filled_in(value, example()))
        settings = load_settings()
        assert settings.is_production
        assert settings.public_url == "https://portal.example"
        assert settings.smtp_host == "smtp.example"
        assert settings.smtp_port == 587
