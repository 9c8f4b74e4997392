#!/usr/bin/python3
"""Checks docker/kubernetes without a cluster: fields, references, labels, and what the service needs.

  check.py            every overlay, with and without the Prometheus operator
  check.py --write    writes components/prometheus-operator/prometheusrule.yaml from config/prometheus

Compares with `kubectl kustomize` where there is one that can do it, and with the API's own schemas where the Python
package kubernetes-validate is installed.
"""
import json
import os
import re
import shutil
import subprocess
import sys

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)

import build as kustomize  # noqa: E402
import fields  # noqa: E402

FOLDER = os.path.join(ROOT, "docker/kubernetes")
OPERATOR = os.path.join(FOLDER, "components/prometheus-operator")
RULE = os.path.join(OPERATOR, "prometheusrule.yaml")
# Made by hand before the overlay is applied (docs/kubernetes.md), with the keys that they have.
SECRETS = {
    "sms-bridge": {"AMQP_URL", "API_KEYS", "VONAGE_SIGNATURE_SECRET", "vonage.key"},
    "sms-bridge-store": {"STORE_URL"},
}
CONFIG_MAPS = {"sms-bridge-ca": {"ca.crt"}}


def rule_text():
    """The PrometheusRule: the groups of the alerts, as they are."""
    with open(os.path.join(ROOT, "config/prometheus/sms-bridge.rules.yaml"), encoding="utf-8") as file:
        groups = file.read().partition("\ngroups:\n")[2]
    body = "".join("  " + line if line.strip() else line for line in groups.splitlines(keepends=True))
    return (
        "# Written by scripts/kubernetes/check.py --write: change config/prometheus/sms-bridge.rules.yaml instead.\n"
        "# smsbridge_docs is an external label of Prometheus: spec.externalLabels, the address of docs/.\n"
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: sms-bridge\n  labels:\n"
        "    app.kubernetes.io/name: sms-bridge\nspec:\n  groups:\n" + body
    )


def field_problems(resource):
    kind = resource.get("apiVersion"), resource.get("kind")
    place = "/".join(str(part) for part in kustomize.identity(resource))
    if kind not in fields.KINDS:
        yield f"{place}: {kind} is not known to scripts/kubernetes/fields.py"
        return
    schema = {"!apiVersion": str, "!kind": str, "!metadata": fields.METADATA, "!spec": fields.KINDS[kind]}
    yield from fields.problems(resource, schema, place)


def selects(selector, labels):
    return all(labels.get(key) == value for key, value in selector.items())


def reference_problems(resources, variables):
    """What one resource says of another that is not so."""
    sets = [resource for resource in resources if resource["kind"] == "StatefulSet"]
    if len(sets) != 1:
        yield f"there are {len(sets)} StatefulSets, and not one"
        return
    (stateful,) = sets
    spec = stateful["spec"]
    labels = spec["template"]["metadata"]["labels"]
    pod = spec["template"]["spec"]
    (container,) = pod["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    services = {resource["metadata"]["name"]: resource for resource in resources if resource["kind"] == "Service"}

    for resource in resources:
        name = "/".join(kustomize.identity(resource))
        inner = resource["spec"]
        selector = inner.get("podSelector", inner.get("selector", {}))
        selector = selector.get("matchLabels", selector)
        if resource["kind"] != "PrometheusRule" and not selects(selector, labels):
            yield f"{name} selects {selector}, which the pods are not: {labels}"
        if resource["kind"] == "Service":
            for port in inner["ports"]:
                if port.get("targetPort") not in ports:
                    yield f"{name}: the pods have no port {port.get('targetPort')}"
        if resource["kind"] == "NetworkPolicy":
            for rule in inner.get("ingress", []):
                for port in rule.get("ports", []):
                    if port["port"] not in ports:
                        yield f"{name}: the pods have no port {port['port']}"
        if resource["kind"] == "PodMonitor":
            for endpoint in inner["podMetricsEndpoints"]:
                if endpoint["port"] not in ports:
                    yield f"{name}: the pods have no port {endpoint['port']}"
    if spec["serviceName"] not in services:
        yield f"there is no Service {spec['serviceName']}, which the StatefulSet names"
    webhooks = [s for s in services.values() if [p["targetPort"] for p in s["spec"]["ports"]] == ["webhooks"]]
    if not webhooks:
        yield "no Service reaches the webhooks alone"

    # Volumes, secrets, mounts.
    claims = {claim["metadata"]["name"]: claim for claim in spec.get("volumeClaimTemplates", [])}
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    for name in mounts:
        if name not in volumes and name not in claims:
            yield f"the volume {name} is mounted, and there is none"
    for name in list(volumes) + list(claims):
        if name not in mounts:
            yield f"the volume {name} is not mounted"
    there = set()
    for name, volume in volumes.items():
        for kind, key, known in (("secret", "secretName", SECRETS), ("configMap", "name", CONFIG_MAPS)):
            source = volume.get(kind)
            if source is None:
                continue
            if source[key] not in known:
                yield f"docs/kubernetes.md makes no {kind} {source[key]}"
                continue
            for item in source.get("items", []):
                if item["key"] not in known[source[key]]:
                    yield f"the {kind} {source[key]} has no key {item['key']}"
                there.add(f"{mounts.get(name)}/{item['path']}")

    # The environment: known variables, no secret among them, and files that are mounted.
    environment = {variable["name"]: variable.get("value") for variable in container["env"]}
    for name, value in environment.items():
        if name not in variables:
            yield f"there is no variable {name} (docs/configuration.md)"
        secret = name + "_FILE" in variables
        if secret and name != "STORE_URL":
            yield f"{name} is a secret, and belongs into a file: {name}_FILE"
        if (name.endswith("_FILE") or name.endswith("_PATH")) and value not in there:
            yield f"{name} names {value}, which nothing mounts"
    if environment.get("PORT", "3000") != str(ports.get("http")):
        yield "PORT is not the port http"
    if environment.get("WEBHOOK_PORT") != str(ports.get("webhooks")):
        yield "WEBHOOK_PORT is not the port webhooks"

    # What a restart and an end need.
    for probe, path in (("startupProbe", "live"), ("livenessProbe", "live"), ("readinessProbe", "webhooks")):
        request = container.get(probe, {}).get("httpGet", {})
        if request.get("path") != f"/health/{path}" or request.get("port") not in ports:
            yield f"{probe} does not ask /health/{path}"
    sleep = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    if not sleep or pod["terminationGracePeriodSeconds"] < sleep + 25 + 10:
        yield "terminationGracePeriodSeconds has no room for preStop, SHUTDOWN_GRACE (25 s) and 10 s more"
    image = container["image"]
    if not re.search(r"(:[\w.-]+|@sha256:[0-9a-f]{64})$", image) or image.endswith(":latest"):
        yield f"the image {image} has no fixed tag"

    # The store.
    file = environment.get("STORE_URL_FILE")
    if file:
        if claims or environment.get("STORE_URL"):
            yield "a store at another host, and one in the pod"
    else:
        if spec.get("replicas") != 1:
            yield "an embedded store serves one replica"
        if [claim["spec"]["accessModes"] for claim in claims.values()] != [["ReadWriteOncePod"]]:
            yield "the volume of an embedded store is of one pod: ReadWriteOncePod"
        folder = environment.get("STORE_URL", "").partition("sqlite:")[2].rpartition("/")[0]
        if folder not in {mounts.get(name) for name in claims}:
            yield f"STORE_URL is not on the volume that is kept: {folder}"


def published_problems(resources):
    """By the API's own schemas, where the package with them is installed."""
    try:
        import kubernetes_validate
    except ImportError:
        return
    for resource in resources:
        if resource["apiVersion"].startswith("monitoring."):
            continue
        try:
            kubernetes_validate.validate(resource, "1.31", strict=True)
        except Exception as error:  # noqa: BLE001 - its own kinds of error differ by version
            yield f"{'/'.join(kustomize.identity(resource))}: {str(error)[:300]}"


def kubectl_problems(folder, resources):
    """Whether kubectl builds the same."""
    kubectl = shutil.which("kubectl")
    if not kubectl:
        return
    run = subprocess.run([kubectl, "kustomize", folder], capture_output=True, text=True, check=False, timeout=120)
    if run.returncode:
        # One that is too old for components does not count.
        version = subprocess.run([kubectl, "version", "--client"], capture_output=True, text=True, check=False)
        if "Kustomize Version" in version.stdout:
            yield f"kubectl kustomize: {run.stderr.strip()[:300]}"
        return
    theirs = {kustomize.identity(r): r for r in yaml.safe_load_all(run.stdout) if r}
    ours = {kustomize.identity(r): r for r in resources}
    for name in sorted(set(theirs) | set(ours), key=str):
        if normal(theirs.get(name)) != normal(ours.get(name)):
            yield f"{name}: kubectl kustomize builds another one"


def normal(node):
    """Without the order of lists whose elements have names, which kustomize is free in."""
    if isinstance(node, dict):
        return {key: normal(value) for key, value in node.items()}
    if isinstance(node, list):
        return sorted((normal(element) for element in node), key=lambda value: json.dumps(value, sort_keys=True))
    return node


def main():
    if sys.argv[1:] == ["--write"]:
        with open(RULE, "w", encoding="utf-8") as file:
            file.write(rule_text())
        return 0
    if sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 64
    with open(os.path.join(ROOT, "docs/configuration.md"), encoding="utf-8") as file:
        variables = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", file.read()))
    found = []
    with open(RULE, encoding="utf-8") as file:
        if file.read() != rule_text():
            found.append("prometheusrule.yaml differs from the alerts: run scripts/kubernetes/check.py --write")
    overlays = sorted(os.listdir(os.path.join(FOLDER, "overlays")))
    count = 0
    for overlay in overlays:
        folder = os.path.join(FOLDER, "overlays", overlay)
        try:
            plain = kustomize.build(folder)
            resources = kustomize.build(OPERATOR, plain)
        except kustomize.Problem as problem:
            found.append(f"{overlay}: {problem}")
            continue
        count += len(resources)
        problems = [problem for resource in resources for problem in field_problems(resource)]
        # What has other fields cannot be asked for its references.
        problems = problems or list(reference_problems(resources, variables))
        problems += published_problems(resources)
        problems += kubectl_problems(folder, plain)
        found += [f"{overlay}: {problem}" for problem in problems]
    for problem in found:
        print(f"docker/kubernetes: {problem}", file=sys.stderr)
    if not found:
        print(f"docker/kubernetes: {len(overlays)} overlays, {count} resources, nothing wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
