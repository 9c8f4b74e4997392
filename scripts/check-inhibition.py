#!/usr/bin/python3
"""That one outage is one page: which alerts of config/prometheus are left when others fire, by the inhibition of
config/alertmanager. amtool has no command for that, so the matchers are read here."""
import os
import re
import sys

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# What fires together in an outage, and which of them page the operator.
OUTAGES = [
    ("the process is gone", ["Down", "BrokerDown", "NoReceipts"], ["Down"]),
    (
        "the broker is gone",
        ["BrokerDown", "BrokerBlocked", "QueueNotConsumed", "BacklogStands", "OldestCommand", "SpoolFills", "StepFails"],
        ["BrokerDown"],
    ),
    ("the broker is in alarm", ["BrokerBlocked", "BacklogStands", "OldestCommand", "SpoolFills"], ["BrokerBlocked"]),
    ("the disk is full", ["StoreBroken", "WebhooksFailing", "BacklogStands", "StepFails", "DiskFills"], ["StoreBroken"]),
    (
        "the account is refused",
        ["AccountRefused", "ProviderDown", "BacklogStands", "CommandsLate", "OldestCommand", "CampaignStands"],
        ["AccountRefused"],
    ),
    ("Vonage is away", ["ProviderDown", "BacklogStands", "UncertainGrows", "NoReceipts"], ["ProviderDown"]),
    ("a secret was changed", ["WebhooksLost", "WebhooksUnverified", "NoReceipts"], ["WebhooksLost"]),
    ("a message went twice while the broker was away", ["BrokerDown", "SecondMessage"], ["BrokerDown", "SecondMessage"]),
]


def load(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return yaml.safe_load(file)


def matches(matchers, labels):
    for matcher in matchers:
        name, operator, value = re.fullmatch(r'(\w+) (=~|!~|!=|=) "(.*)"', matcher).groups()
        label = labels.get(name, "")
        found = re.fullmatch(value, label) is not None if "~" in operator else label == value
        if found == operator.startswith("!"):
            return False
    return True


def main():
    rules = {
        rule["alert"]: {"alertname": rule["alert"], "job": "j", **rule["labels"]}
        for group in load("config/prometheus/sms-bridge.rules.yaml")["groups"]
        for rule in group["rules"]
    }
    inhibit = load("config/alertmanager/alertmanager.yaml")["inhibit_rules"]
    wrong = []
    for outage, names, wanted in OUTAGES:
        firing = [rules["SmsBridge" + name] for name in names]
        left = [
            alert
            for alert in firing
            if not any(
                matches(rule["target_matchers"], alert)
                and any(other is not alert and matches(rule["source_matchers"], other) for other in firing)
                for rule in inhibit
            )
        ]
        names = [alert["alertname"].removeprefix("SmsBridge") for alert in left]
        if names != wanted:
            wrong.append(f"{outage}: {names} are notified, and not {wanted}")
    for line in wrong:
        print(f"config/alertmanager: {line}", file=sys.stderr)
    if not wrong:
        print(f"config/alertmanager: {len(OUTAGES)} outages, one page each")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
