#!/usr/bin/env python3
"""Writes the reference parts of docs/messages.md from docs/asyncapi.yaml and docs/schemas.

  message-reference.py          writes them into the page
  message-reference.py check    exits 1, and says what differs, when the page is not up to date; also where the page's
                                own tables of outcomes, error codes and dead letters' advice are not the schemas'

A part begins with a line `<!-- made: NAME -->` and ends with `<!-- end -->`. Needs Debian's python3-yaml.
"""
import difflib
import json
import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/messages.md"
SCHEMAS = {path.name: json.loads(path.read_text()) for path in sorted((ROOT / "docs/schemas").glob("*.json"))}
ASYNCAPI = yaml.safe_load((ROOT / "docs/asyncapi.yaml").read_text())
MESSAGES = ASYNCAPI["components"]["messages"]


# --- Reading schemas


def resolved(node, home):
    """A schema without $ref and without an allOf of one: its own words win; with the file that its $refs count from."""
    while "$ref" in node:
        name, _, pointer = node["$ref"].partition("#")
        home = Path(name).name or home
        found = SCHEMAS[home]
        for key in filter(None, pointer.split("/")):
            found = found[key]
        node = found | {key: value for key, value in node.items() if key != "$ref"}
    parts = node.get("allOf", [])
    if len(parts) == 1:
        inner, home = resolved(parts[0], home)
        node = inner | {key: value for key, value in node.items() if key != "allOf"}
    return node, home


def alternatives(node, home):
    """What a value may be, without null: the schemas of `anyOf`, or the schema itself."""
    node, home = resolved(node, home)
    # Beside properties an `anyOf` says which of them are required.
    for part in ("properties" not in node and node.get("anyOf")) or [node]:
        part, place = resolved(part, home)
        if "anyOf" in part and "properties" not in part:
            yield from alternatives(part, place)
        elif part.get("type") != "null":
            yield part, place


def unique(texts):
    return list(dict.fromkeys(text for text in texts if text))


def code(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def kind(node, home):
    """What a value is, for people."""
    names = []
    for part, place in alternatives(node, home):
        if "enum" in part:
            names.append(", ".join(code(value) for value in part["enum"] if value is not None))
        elif "const" in part:
            names.append(f"always {code(part['const'])}")
        else:
            types = part.get("type", [])
            for name in [types] if isinstance(types, str) else types:
                if name == "array":
                    names.append(f"array of {kind(part.get('items', {}), place)}")
                elif name == "object" and isinstance(part.get("additionalProperties"), dict):
                    names.append(f"object, each value {kind(part['additionalProperties'], place)}")
                elif name == "string" and part.get("format") == "date-time":
                    names.append("RFC 3339 time")
                elif name != "null":
                    names.append(name)
    return " or ".join(unique(names)) or "any"


# Patterns in words; others are shown as they are.
FORMS = {
    r"^[ -~]{1,100}$": "1 to 100 printable ASCII characters",
    r"^\+[1-9][0-9]{6,14}$": "E.164: `+` and 7 to 15 digits",
    r"^[0-9]{3,6}$": "3 to 6 digits",
    r"^[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*$": "letters A-Z and digits, one letter at least",
    r"^(?!sms(\.|$))": "does not begin with our prefix, `sms`",
    r"^sms\.[a-z]+\.[A-Za-z0-9_-]+$": "",
}


def span(low, high, unit=""):
    def text(number):
        return f"{number:,}"

    if unit and (low, high) == (1, None):
        return "not empty"
    if low is not None and high is not None:
        return f"{text(low)} to {text(high)}{unit}"
    if high is not None:
        return f"at most {text(high)}{unit}"
    return f"at least {text(low)}{unit}" if low is not None else ""


def limits(node, home):
    found = []
    for part, _ in alternatives(node, home):
        texts = [
            span(part.get("minLength"), part.get("maxLength"), " characters"),
            span(part.get("minimum"), part.get("maximum")),
            span(part.get("minItems"), part.get("maxItems"), " entries"),
        ]
        # The form of a time is RFC 3339's.
        if "pattern" in part and part.get("format") != "date-time":
            texts.append(FORMS.get(part["pattern"], code(part["pattern"])))
        found.append(", ".join(filter(None, texts)))
    return "; or ".join(unique(found))


def fields(node, home, prefix=""):
    """Every field below a schema as (path, schema, its file, whether it is required)."""
    for part, place in alternatives(node, home):
        suffix = ""
        if "items" in part:
            yield from fields(part["items"], place, f"{prefix.rstrip('.')}[].")
        for name, child in part.get("properties", {}).items():
            path = f"{prefix}{suffix}{name}"
            yield path, child, place, name in part.get("required", [])
            yield from fields(child, place, f"{path}.")


def at(value, path):
    """The value at a path such as `error.problems[].field` in an example; None where there is none."""
    for key in path.replace("[]", ".[]").split("."):
        if key == "[]":
            value = next((entry for entry in value if isinstance(entry, dict)), None) if isinstance(value, list) else None
        else:
            value = value.get(key) if isinstance(value, dict) else None
        if value is None:
            return None
    return value


def example(path, node, home, payloads):
    own = next((part["examples"][0] for part, _ in alternatives(node, home) if part.get("examples")), None)
    found = next((value for value in (at(payload, path) for payload in payloads) if value is not None), own)
    return "" if found is None or len(json.dumps(found)) > 90 else code(found)


# --- Writing Markdown


def table(head, rows):
    # A column without anything in it is left out.
    kept = [i for i, _ in enumerate(head) if any(row[i] for row in rows)]
    lines = [[head[i] for i in kept], ["---"] * len(kept)]
    lines += [[row[i].replace("|", "\\|").replace("\n", " ") for i in kept] for row in rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def examples(message):
    for entry in message.get("examples", []):
        if "payload" not in entry:
            continue
        note = entry.get("summary") or re.sub(r"(?<=[a-z])[A-Z]", lambda m: f" {m[0].lower()}", entry["name"])
        text = json.dumps(entry["payload"], ensure_ascii=False, indent=2)
        yield f"{note[0].upper()}{note[1:].rstrip('.')}:\n\n```json\n{text}\n```"


def schema_of(message):
    reference = message.get("payload", {}).get("$ref", "")
    return Path(reference).name if reference else None


def descriptions(node, home):
    node, _ = resolved(node, home)
    return node.get("description", "")


def command_rows(name, payloads):
    required = SCHEMAS[name].get("required", [])
    # What is required among alternatives, as `id` or `campaign_id`.
    choices = [part for part in SCHEMAS[name].get("oneOf", [])]
    found = {path: (child, place, must) for path, child, place, must in fields(SCHEMAS[name], name)}
    for part in choices:
        for field in part.get("required", []):
            child = part["properties"][field]
            found[field] = (child, name, False)
    for path, (child, place, must) in found.items():
        node, _ = resolved(child, place)
        default = code(node["default"]) if "default" in node else ""
        if must:
            default = "**required**"
        elif any(path in part.get("required", []) for part in choices):
            default = "**one of them**"
        yield (code(path), kind(child, place), default, limits(child, place), example(path, child, place, payloads),
               node.get("description", ""))


def commands():
    channels = ASYNCAPI["channels"].values()
    keys = [c for c in channels if c["bindings"]["amqp"]["is"] == "routingKey"
            and c["bindings"]["amqp"]["exchange"]["name"] == "sms.commands"]
    queues = {c["bindings"]["amqp"]["queue"]["x-bound-to"]["routingKey"]: c["address"] for c in channels
              if c["bindings"]["amqp"]["is"] == "queue"}
    rows = []
    for channel in keys:
        names = [Path(m["$ref"]).name for m in channel["messages"].values()]
        rows.append((code(channel["address"]), code(queues.get(channel["address"], "")),
                     ", ".join(f"[`{n}`](#{n})" for n in names),
                     ". ".join(filter(None, [channel["title"], channel.get("description", "")]))))
    parts = ["Exchange `sms.commands` (direct).", table(["routing key", "queue", "body", ""], rows)]
    for name in unique(Path(m["$ref"]).name for c in keys for m in c["messages"].values()):
        schema = schema_of(MESSAGES[name])
        payloads = [entry["payload"] for entry in reversed(MESSAGES[name]["examples"])]
        parts += [f"### {name}", SCHEMAS[schema]["description"],
                  table(["field", "type", "default", "limits", "example", ""], list(command_rows(schema, payloads)))]
        parts += examples(MESSAGES[name])
    schemas = ASYNCAPI["components"]["schemas"]
    for title, key in (("Properties of a command", "commandProperties"), ("Headers of a command", "commandHeaders")):
        rows = [(code(path), kind(node, None), limits(node, None), node.get("description", ""))
                for path, node, _, _ in fields(schemas[key], None)]
        parts += [f"### {title}", table(["name", "value", "limits", ""], rows)]
    return "\n\n".join(parts)


def conditions(schema):
    """When a field of `data` is there although it is not required: {field: text}, from `if` the type is this."""
    found = {}
    for rule in schema.get("allOf", []):
        kind_of = rule.get("if", {}).get("properties", {}).get("type", {}).get("const")
        for branch, words in (("then", "with"), ("else", "without")):
            data = rule.get(branch, {}).get("properties", {}).get("data", {})
            for field in data.get("required", []) if kind_of else []:
                outcome = code(kind_of.rsplit(".", 1)[1])
                found[field] = f"with {outcome}" if words == "with" else f"unless {outcome}"
    return found


def type_names(schema):
    node = schema["properties"].get("type", {})
    return node.get("enum") or ([node["const"]] if "const" in node else [])


def events():
    channels = [c for c in ASYNCAPI["channels"].values() if c["bindings"]["amqp"]["is"] == "routingKey"
                and c["bindings"]["amqp"]["exchange"]["name"] not in ("", "sms.commands")]
    heading = {}
    rows = []
    for channel in channels:
        for message in channel["messages"].values():
            name = Path(message["$ref"]).name
            title = SCHEMAS[schema_of(MESSAGES[name])]["title"]
            heading[name] = title
            anchor = re.sub(r"[^a-z0-9 _-]", "", title.lower()).replace(" ", "-")
            rows.append((code(channel["bindings"]["amqp"]["exchange"]["name"]), code(channel["address"]),
                         f"[{code(title)}](#{anchor})", channel["title"]))
    parts = [table(["exchange", "routing key", "event", ""], rows)]
    envelope = []
    for path, node, place, must in fields(SCHEMAS["common.json"]["$defs"]["cloudEvent"], "common.json"):
        envelope.append((code(path), kind(node, place), limits(node, place), "always" if must else "",
                         descriptions(node, place)))
    parts += ["### The envelope", SCHEMAS["common.json"]["$defs"]["cloudEvent"]["description"]
              + " Besides these it has `data`, which is different for each type.",
              table(["field", "type", "limits", "there", ""], envelope)]
    rows = [(code(path), kind(node, None), limits(node, None), node.get("description", ""))
            for path, node, _, _ in fields(ASYNCAPI["components"]["schemas"]["eventProperties"], None)]
    parts += ["### Properties of an event", table(["name", "value", "limits", ""], rows)]
    for name, title in heading.items():
        home = schema_of(MESSAGES[name])
        schema = SCHEMAS[home]
        when = conditions(schema)
        payloads = [entry["payload"].get("data", {}) for entry in MESSAGES[name]["examples"]]
        rows = []
        for path, node, place, must in fields(schema["properties"]["data"], home):
            there = "always" if must and "." not in path else when.get(path, "")
            rows.append((code(path), kind(node, place), limits(node, place), there,
                         example(path, node, place, payloads), descriptions(node, place)))
        parts += [f"### {code(title)}", schema["description"]]
        types = type_names(schema)
        if len(types) > 1:
            parts.append("Types: " + ", ".join(map(code, types)) + ".")
        if rows:
            parts.append(table(["field of `data`", "type", "limits", "there", "example", ""], rows))
        parts += examples(MESSAGES[name])
    return "\n\n".join(parts)


def dead_letters():
    schema = SCHEMAS["dead-letter-headers.json"]
    payload = [entry["headers"] for entry in MESSAGES["deadLetter"]["examples"]]
    rows = [(code(path), kind(node, place), limits(node, place), example(path, node, place, payload),
             descriptions(node, place)) for path, node, place, _ in fields(schema, "dead-letter-headers.json")]
    return schema["description"] + "\n\n" + table(["header", "value", "limits", "example", ""], rows)


MADE = {"commands": commands, "events": events, "dead letters": dead_letters}


# --- The page


def written(text):
    def part(match):
        return f"<!-- made: {match[1]} -->\n\n{MADE[match[1]]()}\n\n<!-- end -->"
    return re.sub(r"<!-- made: ([a-z ]+) -->\n.*?<!-- end -->", part, text, flags=re.S)


def cells_of(text, heading):
    """The names in the first column of the table below a heading."""
    section = text.split(f"\n## {heading}\n", 1)[-1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([a-z_]+)`", section, re.M))


def problems(text):
    fresh = written(text)
    if fresh != text:
        lines = difflib.unified_diff(text.splitlines(), fresh.splitlines(), "the page", "the schemas", lineterm="", n=0)
        yield "differs from the schemas: run scripts/message-reference.py\n" + "\n".join(list(lines)[:20])
    missing = [name for name in MADE if f"<!-- made: {name} -->" not in text]
    if missing:
        yield f"has no part {', '.join(missing)}"
    outcomes = {name.rsplit(".", 1)[1] for name in type_names(SCHEMAS["event-outbound.json"])}
    codes = set(SCHEMAS["common.json"]["$defs"]["errorCode"]["enum"])
    for heading, wanted in (("Outcomes", outcomes), ("Error codes", codes)):
        found = cells_of(text, heading)
        if found != wanted:
            yield f"the table below {heading!r} lacks {sorted(wanted - found)} and has {sorted(found - wanted)} too many"


def main(arguments):
    text = PAGE.read_text()
    if arguments == ["check"]:
        found = list(problems(text))
        for problem in found:
            print(f"docs/messages.md: {problem}")
        sys.exit(1 if found else 0)
    if arguments:
        sys.exit(__doc__)
    PAGE.write_text(written(text))
    # What the script cannot write.
    for problem in problems(PAGE.read_text()):
        print(f"docs/messages.md: {problem}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
