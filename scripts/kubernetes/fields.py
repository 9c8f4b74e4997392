"""The fields that the manifests may have, by kind: a part of the API's published schema, so that a misspelt field is found.

A dict has those fields; `[x]` is a list of x; `...` is anything; a name beginning with `!` is required.
"""
LABELS = {"*": str}
METADATA = {"!name": str, "labels": LABELS, "annotations": LABELS, "namespace": str}
SELECTOR = {"matchLabels": LABELS, "matchExpressions": [...]}
PROBE = {
    "httpGet": {"!path": str, "!port": ..., "scheme": str},
    "exec": {"!command": [str]},
    "initialDelaySeconds": int,
    "periodSeconds": int,
    "timeoutSeconds": int,
    "failureThreshold": int,
    "successThreshold": int,
}
QUANTITIES = {"cpu": ..., "memory": str, "ephemeral-storage": str, "storage": str}
CONTAINER = {
    "!name": str,
    "!image": str,
    "imagePullPolicy": str,
    "command": [str],
    "args": [str],
    "env": [{"!name": str, "value": str, "valueFrom": {"fieldRef": {"!fieldPath": str}}}],
    "ports": [{"name": str, "!containerPort": int, "protocol": str}],
    "startupProbe": PROBE,
    "livenessProbe": PROBE,
    "readinessProbe": PROBE,
    "lifecycle": {"preStop": {"sleep": {"!seconds": int}, "exec": {"!command": [str]}}},
    "resources": {"requests": QUANTITIES, "limits": QUANTITIES},
    "securityContext": {
        "allowPrivilegeEscalation": bool,
        "readOnlyRootFilesystem": bool,
        "capabilities": {"drop": [str], "add": [str]},
    },
    "volumeMounts": [{"!name": str, "!mountPath": str, "readOnly": bool, "subPath": str}],
}
ITEMS = [{"!key": str, "!path": str, "mode": int}]
POD = {
    "terminationGracePeriodSeconds": int,
    "automountServiceAccountToken": bool,
    "enableServiceLinks": bool,
    "securityContext": {
        "runAsNonRoot": bool,
        "runAsUser": int,
        "runAsGroup": int,
        "fsGroup": int,
        "fsGroupChangePolicy": str,
        "seccompProfile": {"!type": str},
    },
    "topologySpreadConstraints": [
        {"!maxSkew": int, "!topologyKey": str, "!whenUnsatisfiable": str, "labelSelector": SELECTOR}
    ],
    "!containers": [CONTAINER],
    "volumes": [
        {
            "!name": str,
            "emptyDir": {"sizeLimit": str, "medium": str},
            "secret": {"!secretName": str, "defaultMode": int, "items": ITEMS, "optional": bool},
            "configMap": {"!name": str, "defaultMode": int, "items": ITEMS, "optional": bool},
        }
    ],
}
PEER = {
    "podSelector": SELECTOR,
    "namespaceSelector": SELECTOR,
    "ipBlock": {"!cidr": str, "except": [str]},
}
POLICY_PORT = {"port": ..., "protocol": str, "endPort": int}

KINDS = {
    ("v1", "Service"): {
        "clusterIP": str,
        "type": str,
        "!selector": LABELS,
        "!ports": [{"name": str, "!port": int, "targetPort": ..., "protocol": str}],
    },
    ("apps/v1", "StatefulSet"): {
        "!serviceName": str,
        "replicas": int,
        "podManagementPolicy": str,
        "updateStrategy": ...,
        "!selector": SELECTOR,
        "!template": {"metadata": {"labels": LABELS, "annotations": LABELS}, "!spec": POD},
        "volumeClaimTemplates": [
            {
                "!metadata": METADATA,
                "!spec": {"!accessModes": [str], "storageClassName": str, "!resources": {"requests": QUANTITIES}},
            }
        ],
    },
    ("networking.k8s.io/v1", "NetworkPolicy"): {
        "!podSelector": SELECTOR,
        "policyTypes": [str],
        "ingress": [{"from": [PEER], "ports": [POLICY_PORT]}],
        "egress": [{"to": [PEER], "ports": [POLICY_PORT]}],
    },
    ("policy/v1", "PodDisruptionBudget"): {"maxUnavailable": ..., "minAvailable": ..., "!selector": SELECTOR},
    ("monitoring.coreos.com/v1", "PodMonitor"): {
        "!selector": SELECTOR,
        "!podMetricsEndpoints": [{"!port": str, "path": str, "interval": str, "scrapeTimeout": str}],
    },
    ("monitoring.coreos.com/v1", "PrometheusRule"): {
        "!groups": [
            {
                "!name": str,
                "!rules": [
                    {
                        "!alert": str,
                        "!expr": str,
                        "for": str,
                        "labels": LABELS,
                        "annotations": LABELS,
                    }
                ],
            }
        ]
    },
}


def problems(value, schema, place):
    """What of a value the schema does not have, each with its place."""
    if schema is ...:
        return
    if isinstance(schema, list):
        if not isinstance(value, list):
            yield f"{place} is not a list"
            return
        for number, element in enumerate(value):
            name = element.get("name", number) if isinstance(element, dict) else number
            yield from problems(element, schema[0], f"{place}[{name}]")
    elif isinstance(schema, dict):
        if not isinstance(value, dict):
            yield f"{place} is not an object"
            return
        if "*" in schema:
            for key, element in value.items():
                yield from problems(element, schema["*"], f"{place}.{key}")
            return
        known = {key.lstrip("!"): inner for key, inner in schema.items()}
        for key, element in value.items():
            if key in known:
                yield from problems(element, known[key], f"{place}.{key}")
            else:
                yield f"{place} has no field {key}"
        for key in schema:
            if key.startswith("!") and key[1:] not in value:
                yield f"{place}.{key[1:]} is missing"
    elif type(value) is not schema:
        yield f"{place} is {value!r}, and no {schema.__name__}"
