"""compose.yaml: held against the Compose specification, and what counts in it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from helpdesk.host.cli import COMMANDS
from store.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
OURS = ("helpdesk-1", "helpdesk-2", "migrate", "bot")
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]+)?\}")
OF_THE_IMAGE = {"helpdesk", "bot", *(entry.name for entry in COMMANDS)}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    given = {"STAFFEL_HOSTNAME": "help.example.org"}
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    found = yaml.safe_load(VARIABLE.sub(lambda each: given.get(each[1]) or each[2] or "", text))
    assert isinstance(found, dict)
    return found


def test_it_is_as_the_specification_says(compose: dict[str, Any]) -> None:
    # YAML's merge keys are resolved by then; the specification's reader doesn't know them.
    read = PyCompose.from_json(json.dumps(compose))
    read.validate()
    assert set(read.service_names()) == {*OURS, "postgres", "redis", "caddy"}


def test_a_field_that_the_specification_does_not_know_is_found(compose: dict[str, Any]) -> None:
    changed = compose | {"services": compose["services"] | {"bot": {"image": "x", "port": 5005}}}
    with pytest.raises(ValueError, match="port"):
        PyCompose.from_json(json.dumps(changed))


@pytest.mark.parametrize("name", OURS)
def test_our_containers_run_without_rights_on_a_root_that_they_can_not_write(
    compose: dict[str, Any], name: str
) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert service["command"][0] in OF_THE_IMAGE


def test_caddy_alone_has_ports_and_the_bot_meets_helpdesk_alone(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    assert compose["networks"]["bot"]["internal"] is True
    assert compose["networks"]["inside"]["internal"] is True
    assert list(services["bot"]["networks"]) == ["bot"]
    assert [name for name, each in services.items() if "bot" in each["networks"]] == ["helpdesk-1", "helpdesk-2", "bot"]


def test_every_setting_exists_and_no_secret_stands_in_the_file(compose: dict[str, Any]) -> None:
    of_the_bot = {"STAFFEL_ACTIONS_URL", "STAFFEL_BOT_HOST", "STAFFEL_BOT_RETENTION_DAYS"}
    known = {f"STAFFEL_{name}".upper() for name in Settings.model_fields} | of_the_bot
    for name in OURS:
        environment = compose["services"][name]["environment"]
        settings = {each.removesuffix("_FILE") for each in environment if each.startswith("STAFFEL_")}
        assert settings <= known
        pointers = {value for each, value in environment.items() if each.endswith("_FILE")}
        assert pointers == {f"/run/secrets/{secret}" for secret in compose["services"][name]["secrets"]}
    assert all(secret.keys() == {"file"} for secret in compose["secrets"].values())


def test_the_trusted_proxy_is_caddy_and_it_knows_both_instances(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert (
        services["helpdesk-1"]["environment"]["STAFFEL_TRUSTED_PROXIES"]
        == (services["caddy"]["networks"]["edge"]["ipv4_address"])
    )
    assert services["caddy"]["environment"]["STAFFEL_UPSTREAM"] == "helpdesk-1:8765 helpdesk-2:8765"
    for name in ("helpdesk-1", "helpdesk-2"):
        conditions = {other: each["condition"] for other, each in services[name]["depends_on"].items()}
        assert conditions["migrate"] == "service_completed_successfully"


def test_the_bots_actions_reach_helpdesk_by_a_name_of_its_network(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["bot"]["environment"]["STAFFEL_ACTIONS_URL"].startswith("http://helpdesk:8765/")
    for name in ("helpdesk-1", "helpdesk-2"):
        assert services[name]["networks"]["bot"]["aliases"] == ["helpdesk"]


def test_traces_are_off_and_one_variable_turns_them_on_in_both_programs(compose: dict[str, Any]) -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert "${STAFFEL_TRACES_URL:-}" in text
    for name in OURS:
        environment = compose["services"][name]["environment"]
        assert (environment["STAFFEL_TRACES_URL"], environment["STAFFEL_TRACES_SHARE"]) == (None, 1)
