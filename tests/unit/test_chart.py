"""The Helm chart: linted and rendered by Helm's own engine, and every object held against Kubernetes' schemas."""

import json
from pathlib import Path
from typing import Any

import helm_python
import kubernetes_validate
import pytest
import yaml

CHART = Path(__file__).resolve().parents[2] / "deploy" / "chart"
GIVEN: dict[str, Any] = {
    "image": {"repository": "images.example.org/staffel"},
    "publicUrl": "https://help.example.org",
    "trustedProxies": ["10.0.0.0/8", "192.0.2.7"],
    "settings": {"STAFFEL_COMPANY": "Muster AG", "STAFFEL_MAIL_AFTER": 120},
}

type Manifest = dict[str, Any]


def render(**values: object) -> dict[tuple[str, str], Manifest]:
    """The objects of the chart by kind and name."""
    with helm_python.Chart.load(CHART) as chart:
        chart.validate_schema(GIVEN | values)
        files = chart.render(GIVEN | values, name="staffel", namespace="service")
    texts = (text for name, text in files.items() if name.endswith(".yaml"))
    found = [each for text in texts for each in yaml.safe_load_all(text) if each]
    return {(each["kind"], each["metadata"]["name"]): each for each in found}


def pods(manifests: dict[tuple[str, str], Manifest]) -> dict[str, Manifest]:
    """The pod of each component."""
    kinds = ("Deployment", "StatefulSet", "Job")
    templates = [each["spec"]["template"] for (kind, _), each in manifests.items() if kind in kinds]
    return {each["metadata"]["labels"]["app.kubernetes.io/component"]: each for each in templates}


def environment_of(pod: Manifest) -> dict[str, Any]:
    """Variables of a pod's only container: the value, or where it comes from."""
    (container,) = pod["spec"]["containers"]
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container["env"]}


def test_helm_finds_nothing_to_complain_about() -> None:
    report = helm_python.lint(CHART, GIVEN, strict=True)
    assert report["errors"] == []
    assert [each for each in report["messages"] if each["severity"] > 1] == []


@pytest.mark.parametrize("version", ["1.25", kubernetes_validate.latest_version()])
@pytest.mark.parametrize(
    "values",
    [
        {},
        {"ingress": {"enabled": False}, "networkPolicy": {"enabled": False}},
        {
            "bot": {"persistence": {"enabled": False, "size": "1Gi"}, "nodeSelector": {"disk": "fast"}},
            "networkPolicy": {
                "ingressFrom": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}]
            },
            "imagePullSecrets": [{"name": "images"}],
            "traces": {"url": "http://collector.monitoring:4318"},
        },
    ],
    ids=["as it is", "without ingress and policies", "otherwise"],
)
def test_kubernetes_knows_every_object_and_every_field(values: Manifest, version: str) -> None:
    manifests = render(**values)
    for manifest in manifests.values():
        kubernetes_validate.validate(json.loads(json.dumps(manifest)), version, strict=True)
    assert len(manifests) == (11 if not values or "bot" in values else 6)


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ({"image": {}}, "/image"),
        ({"publicUrl": "http://help.example.org"}, "/publicUrl"),
        ({"trustedProxies": []}, "/trustedProxies"),
        ({"settings": {"COMPANY": "x"}}, "'COMPANY'"),
        ({"traces": {"url": "collector:4318"}}, "/traces/url"),
    ],
)
def test_what_has_to_be_set_is_asked_for(missing: Manifest, told: str) -> None:
    with pytest.raises(helm_python.HelmValuesError, match=told):
        render(**missing)


def test_every_pod_runs_without_rights_on_a_root_that_it_can_not_write() -> None:
    found = pods(render())
    assert set(found) == {"helpdesk", "bot", "migrate"}
    for pod in found.values():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        (container,) = spec["containers"]
        assert container["image"] == "images.example.org/staffel:0.1.0"
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/var/lib/staffel", "/tmp"}
        assert set(container["resources"]["requests"]) == {"cpu", "memory"}
        assert set(container["resources"]["limits"]) == {"memory"}


def test_secrets_come_from_the_secret_and_settings_from_the_values() -> None:
    found = pods(render(secretName="ours"))
    environment = environment_of(found["helpdesk"])
    for name, key in (("STAFFEL_SECRET_KEY", "secret-key"), ("STAFFEL_DATABASE_URL", "database-url")):
        assert environment[name] == {"secretKeyRef": {"name": "ours", "key": key}}
    assert environment["STAFFEL_TRUSTED_PROXIES"] == "10.0.0.0/8,192.0.2.7"
    assert environment["STAFFEL_MAIL_AFTER"] == "120"
    assert environment_of(found["migrate"]) == environment
    assert "STAFFEL_SECRET_KEY" not in environment_of(found["bot"])


def test_the_database_is_ready_before_pods_of_a_version_start() -> None:
    job = render()["Job", "staffel-migrate"]
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == ["migrate"]


def test_health_and_disruption_leave_an_instance_at_work() -> None:
    manifests = render()
    deployment = manifests["Deployment", "staffel"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz?for=traffic"
    assert deployment["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert deployment["spec"]["replicas"] == 2
    assert manifests["PodDisruptionBudget", "staffel"]["spec"]["maxUnavailable"] == 1


def test_only_helpdesk_reaches_the_bot() -> None:
    manifests = render()
    labels = pods(manifests)
    policy = manifests["NetworkPolicy", "staffel-bot"]["spec"]
    assert policy["podSelector"]["matchLabels"].items() <= labels["bot"]["metadata"]["labels"].items()
    (rule,) = policy["ingress"]
    (peer,) = rule["from"]
    assert peer["podSelector"]["matchLabels"].items() <= labels["helpdesk"]["metadata"]["labels"].items()
    assert peer["podSelector"]["matchLabels"]["app.kubernetes.io/component"] == "helpdesk"
    assert rule["ports"] == [{"protocol": "TCP", "port": 5005}]
    assert {each["ports"][0]["port"] for each in policy["egress"]} == {8765, 53}


def test_without_a_receiver_there_are_no_traces() -> None:
    found = pods(render())
    assert not any("TRACES" in name for pod in found.values() for name in environment_of(pod))


def test_both_programs_are_told_of_the_receiver_of_traces_and_the_bot_is_let_out_to_it() -> None:
    url = "http://collector.monitoring:4318"
    peers = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}]
    manifests = render(traces={"url": url, "share": 0.1, "receiver": peers, "port": 4319})
    for pod in pods(manifests).values():
        environment = environment_of(pod)
        assert (environment["STAFFEL_TRACES_URL"], environment["STAFFEL_TRACES_SHARE"]) == (url, "0.1")
    rule = manifests["NetworkPolicy", "staffel-bot"]["spec"]["egress"][-1]
    assert rule == {"to": peers, "ports": [{"protocol": "TCP", "port": 4319}]}


def test_what_is_for_the_private_network_has_nobody_behind_it() -> None:
    manifests = render()
    (rule,) = manifests["Ingress", "staffel"]["spec"]["rules"]
    services = {path["path"]: path["backend"]["service"]["name"] for path in rule["http"]["paths"]}
    assert services == {"/internal": "staffel-closed", "/metrics": "staffel-closed", "/": "staffel"}
    selector = manifests["Service", "staffel-closed"]["spec"]["selector"]
    assert not any(selector.items() <= pod["metadata"]["labels"].items() for pod in pods(manifests).values())
