#!/usr/bin/python3
"""That check.py finds what it is there for: each test breaks the manifests in one way."""
import copy
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import build as kustomize  # noqa: E402
import check  # noqa: E402

VARIABLES = {
    "AMQP_URL", "AMQP_URL_FILE", "AMQP_DECLARE", "API_KEYS", "API_KEYS_FILE", "VONAGE_SIGNATURE_SECRET",
    "VONAGE_SIGNATURE_SECRET_FILE", "VONAGE_PRIVATE_KEY_PATH", "VONAGE_APPLICATION_ID", "VONAGE_NUMBER", "WEBHOOK_PORT",
    "STORE_URL", "STORE_URL_FILE",
}


class CheckTests(unittest.TestCase):
    def resources(self, overlay):
        built = kustomize.build(os.path.join(check.FOLDER, "overlays", overlay))
        return copy.deepcopy(kustomize.build(check.OPERATOR, built))

    def problems(self, resources):
        found = [problem for resource in resources for problem in check.field_problems(resource)]
        return found or list(check.reference_problems(resources, VARIABLES))

    def broken(self, change, overlay="sqlite"):
        resources = self.resources(overlay)
        by_kind = {}
        for resource in resources:
            by_kind.setdefault(resource["kind"], []).append(resource)
        stateful = by_kind["StatefulSet"][0]["spec"]
        change(by_kind, stateful, stateful["template"]["spec"]["containers"][0])
        return self.problems(resources)

    def test_nothing_is_wrong(self):
        for overlay in ("sqlite", "postgres"):
            self.assertEqual(self.problems(self.resources(overlay)), [])

    def test_each_fault_is_found(self):
        def drop(_, stateful, __):
            stateful["template"]["spec"]["volumes"].pop()

        faults = {
            "misspelt field": lambda k, s, c: c.update(readynessProbe={}),
            "wrong type": lambda k, s, c: s.update(replicas="1"),
            "selector": lambda k, s, c: k["Service"][0]["spec"]["selector"].update({"app": "other"}),
            "target port": lambda k, s, c: k["Service"][0]["spec"]["ports"][0].update(targetPort="web"),
            "policy port": lambda k, s, c: k["NetworkPolicy"][0]["spec"]["ingress"][0]["ports"][0].update(port="web"),
            "monitored port": lambda k, s, c: k["PodMonitor"][0]["spec"]["podMetricsEndpoints"][0].update(port="x"),
            "volume": drop,
            "secret": lambda k, s, c: s["template"]["spec"]["volumes"][1]["secret"].update(secretName="other"),
            "key": lambda k, s, c: s["template"]["spec"]["volumes"][1]["secret"]["items"][0].update(key="other"),
            "secret in the environment": lambda k, s, c: c["env"].append({"name": "API_KEYS", "value": "x"}),
            "unknown variable": lambda k, s, c: c["env"].append({"name": "SEND_RAET", "value": "1/s"}),
            "file": lambda k, s, c: c["env"][0].update(value="/run/secrets/elsewhere"),
            "probe": lambda k, s, c: c["readinessProbe"]["httpGet"].update(path="/health/ready"),
            "no time to end": lambda k, s, c: s["template"]["spec"].update(terminationGracePeriodSeconds=30),
            "no preStop": lambda k, s, c: c.pop("lifecycle"),
            "image without a tag": lambda k, s, c: c.update(image="sms-bridge"),
            "latest": lambda k, s, c: c.update(image="sms-bridge:latest"),
            "two replicas of one database": lambda k, s, c: s.update(replicas=2),
            "a volume of several pods": lambda k, s, c: s["volumeClaimTemplates"][0]["spec"].update(
                accessModes=["ReadWriteOnce"]
            ),
            "a database that is not kept": lambda k, s, c: [
                v.update(value="sqlite:/tmp/x.db") for v in c["env"] if v["name"] == "STORE_URL"
            ],
            "service name": lambda k, s, c: s.update(serviceName="other"),
        }
        for name, change in faults.items():
            with self.subTest(name):
                self.assertNotEqual(self.broken(change), [])

    def test_a_patch_of_nothing_is_refused(self):
        with self.assertRaises(kustomize.Problem):
            kustomize.build(HERE)


if __name__ == "__main__":
    unittest.main()
