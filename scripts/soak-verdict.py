#!/usr/bin/env python3
"""soak-verdict.py FOLDER COUNT LIMIT: balances the books of a soak of replicas.

FOLDER has messages.json (what the provider got), events (a JSON line for each published event), incidents (a line for
each thing that was done to the system) and replica-*.log. Every recipient must have exactly one message at the provider
and exactly one outcome, `accepted`; with LIMIT (a number) no sliding second may hold more messages. One that has no message
and the outcome `failed` with `uncertain` is in order where a replica was frozen: what it had begun is not sent again as long
as it may wake (docs/deployment.md, "Several replicas"). Exit code 1 where the books do not balance."""
import collections
import datetime
import glob
import json
import sys

folder, count, limit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
OUTCOMES = {"accepted", "rejected", "failed", "suppressed", "expired", "invalid", "cancelled"}


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def digits(number):
    return str(number or "").lstrip("+")


listed = json.load(open(f"{folder}/messages.json"))
messages = listed if isinstance(listed, list) else listed["messages"]
wanted = {f"1212{2000000 + i:07d}" for i in range(count)}
sent = collections.Counter(digits(message["to"]) for message in messages)

outcomes = collections.defaultdict(set)  # of a recipient: its outcomes and the ids of their events
commands = collections.defaultdict(set)  # of a recipient: its commands
doubtful = set()  # recipients whose only outcome says that nothing is known of their request
publications, uncertain, attempts = collections.Counter(), {}, collections.Counter()
for line in open(f"{folder}/events"):
    event = json.loads(line)
    word = event["type"].removeprefix("sms.outbound.")
    data = event.get("data", {})
    if word == "uncertain":
        uncertain.setdefault(event["id"], moment(event["time"]))
    if word not in OUTCOMES or "to" not in data:
        continue
    publications[event["id"]] += 1
    outcomes[digits(data["to"])].add((word, event["id"]))
    if word == "failed" and data["error"]["code"] == "uncertain":
        doubtful.add(digits(data["to"]))
    commands[digits(data["to"])].add(data.get("command_id"))
    attempts[data.get("attempts", 0)] += 1

words = collections.Counter(word for own in outcomes.values() for word, _ in own)
owners = collections.Counter(identity for own in outcomes.values() for _, identity in own)
happened = [line.split() for line in open(f"{folder}/incidents")]
incidents = collections.Counter(words[0] for words in happened)
kills = [float(words[2]) for words in happened if words[0] == "kill"]
if not incidents["freeze"]:
    doubtful.clear()
checks = {
    "recipients without a message": [n for n in wanted if sent[n] == 0 and n not in doubtful],
    "recipients with two messages or more": [n for n in sent if sent[n] > 1],
    "messages to numbers that are no recipients": [n for n in sent if n not in wanted],
    "recipients without an outcome": [n for n in wanted if not outcomes[n]],
    "recipients with two outcomes or more": [n for n, own in outcomes.items() if len(own) > 1],
    "recipients with another outcome than accepted": [n for n in wanted if n not in doubtful and any(w != "accepted" for w, _ in outcomes[n])],
    "recipients with two commands or more": [n for n, own in commands.items() if len(own) > 1],
    "events' ids that two recipients share": [identity for identity, times in owners.items() if times > 1],
}

moments = sorted(moment(message["received_at"]) for message in messages)
most, first = 0, 0
for last, end in enumerate(moments):
    while moments[first] <= end - 1:
        first += 1
    most = max(most, last - first + 1)
if limit and most > limit:
    checks[f"more than {limit} messages in one second"] = [f"{most}"]

takeovers = 0
for log in glob.glob(f"{folder}/replica-*.log"):
    takeovers += sum("of processes that are gone were taken over" in line for line in open(log, errors="replace"))
# What a replica had begun when it was killed is decided by another one when its lease is over.
decided = sorted(min((at - kill for kill in kills if kill <= at), default=0) for at in uncertain.values())
steady = moments[: len(moments) * 95 // 100]
gaps = sorted((after - before for before, after in zip(steady, steady[1:])), reverse=True)
span = moments[-1] - moments[0] if len(moments) > 1 else 0
print(f"recipients {count}, messages {len(messages)}, outcomes {dict(words)}, attempts {dict(attempts)}")
print(f"at most {most} in one second, mean {(len(moments) - 1) / span if span else 0:.2f}/s over {span:.0f} s")
if steady:
    print(f"without the last twentieth: mean {(len(steady) - 1) / (steady[-1] - steady[0]):.2f}/s, "
          f"longest pauses {', '.join(f'{gap:.1f}' for gap in gaps[:5])} s")
if kills and decided:
    print(f"a killed replica's attempts were called uncertain {decided[len(decided) // 2]:.1f} s after the latest kill at the "
          f"median, {decided[len(decided) * 99 // 100]:.1f} s at 99 %")
print(f"not sent, for their replica was frozen before the request: {sum(sent[n] == 0 for n in doubtful)}; "
      f"sent by it, outcome unknown: {sum(sent[n] > 0 for n in doubtful)}")
print(f"incidents {dict(incidents)}; uncertain for a while {len(uncertain)}, spools taken over {takeovers}, "
      f"outcomes published again under the same id {sum(times - 1 for times in publications.values())}")
wrong = {name: found for name, found in checks.items() if found}
for name, found in wrong.items():
    print(f"WRONG: {name}: {len(found)}, such as {', '.join(map(str, found[:5]))}")
if not incidents:
    print("WRONG: nothing has happened to the system")
sys.exit(1 if wrong or not incidents else 0)
