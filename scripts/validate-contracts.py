#!/usr/bin/env python3
"""Checks the machine-readable contracts against their standards, their examples, and what the service sends.

  validate-contracts.py                   docs/schemas, docs/asyncapi.yaml, docs/openapi.yaml and all examples
  validate-contracts.py events FILE       messages from the broker, one JSON object a line:
                                          {"exchange", "routing_key", "properties": {…, "headers"}, "body"}
  validate-contracts.py responses FILE    answers over HTTP: {"method", "path", "status", "content_type", "body"}

Prints every problem with its file and place and exits 1, or one line and 0. Needs Debian's python3-jsonschema and
python3-yaml; never touches the network.
"""
import json
import re
import subprocess
import sys
import warnings
from pathlib import Path
from urllib.parse import urljoin

import yaml

warnings.simplefilter("ignore", DeprecationWarning)  # RefResolver, which newer versions of jsonschema still have
from jsonschema import Draft7Validator, Draft202012Validator, RefResolver
from jsonschema.exceptions import RefResolutionError, SchemaError, best_match

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://sms-bridge.example/"
EVENT_SCHEMAS = [  # type, its schema, the exchange's last word, the routing key
    (r"sms\.outbound\.(\w+)", "event-outbound", "outbound", r"{}"),
    (r"sms\.campaign\.(\w+)", "event-campaign", "outbound", r"campaign\.{}"),
    (r"sms\.status\.([\w-]+)", "event-status", "status", r"{}\.[\w-]+"),
    (r"sms\.inbound\.message", "event-inbound-message", "inbound", r"message\.[\w-]+"),
    (r"sms\.inbound\.help", "event-inbound-message", "inbound", r"help\.[\w-]+"),
    (r"sms\.inbound\.other", "event-inbound-other", "inbound", r"other\.[\w-]+"),
    (r"sms\.inbound\.(opt-out|opt-in)", "event-opt-out", "inbound", r"{}\.[\w-]+"),
]
COMMAND_SCHEMAS = {"send": "send", "send.bulk": "send", "campaign": "campaign", "cancel": "cancel"}


class Offline(RefResolver):
    """Resolves what it has and nothing else, each $ref once."""

    def __init__(self, address, document, store={}):
        super().__init__(address, document, store=store)
        self.known = {}

    def resolve(self, ref):  # without RefResolver's search for $id, which fails on properties of that name
        url = urljoin(self.resolution_scope, ref)
        if url not in self.known:
            self.known[url] = self.resolve_from_url(url)
        return url, self.known[url]

    def resolve_remote(self, uri):
        raise RefResolutionError(f"{uri} is not here")


class Documents:
    """The project's documents by their addresses under BASE."""

    def __init__(self):
        self.all = {f"schemas/{path.name}": json.loads(path.read_text()) for path in (ROOT / "docs/schemas").iterdir()}
        # Some versions of RefResolver never leave the scope of an $id; the addresses here say the same.
        self.ids = {address: schema.pop("$id", None) for address, schema in self.all.items()}
        for name in ("asyncapi.yaml", "openapi.yaml"):
            self.all[name] = yaml.safe_load((ROOT / "docs" / name).read_text())
        bundle = subprocess.run([ROOT / "scripts/embed-contracts.sh", "asyncapi"], check=True, capture_output=True)
        self.all["served asyncapi.yaml"] = yaml.safe_load(bundle.stdout)
        self.resolvers = {}

    def resolver(self, address):
        if address not in self.resolvers:
            store = {BASE + name: document for name, document in self.all.items()}
            self.resolvers[address] = Offline(BASE + address, self.all[address], store)
        return self.resolvers[address]

    def errors(self, instance, address, schema=None):
        """What is wrong with an instance by a schema in a document, or by the document."""
        schema = self.all[address] if schema is None else schema
        return errors(Draft202012Validator(schema, resolver=self.resolver(address)), instance)


def errors(validator, instance):
    """Each error with its place in the instance; of alternatives, the one that went furthest."""
    for error in validator.iter_errors(instance):
        cause = best_match([error], key=lambda e: len(e.absolute_path)) if error.context else error
        yield f"{'/'.join(map(str, cause.absolute_path)) or 'the whole'}: {cause.message[:300]}"


class Report:
    def __init__(self):
        self.problems, self.checks = 0, 0

    def __call__(self, place, problems):
        self.checks += 1
        try:
            for problem in problems:
                self.problems += 1
                print(f"{place}: {problem}")
        except (RefResolutionError, TypeError, re.error) as error:  # by a schema that is wrong itself
            self.problems += 1
            print(f"{place}: cannot be checked: {error}")

    def end(self, what):
        if self.problems:
            sys.exit(f"{self.problems} problems in {self.checks} checks of {what}")
        print(f"{what}: {self.checks} checks, no problem")


def walk(node, path=""):
    """Every object in a document with its JSON pointer."""
    if isinstance(node, dict):
        yield path, node
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from walk(child, f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}")


# --- What holds without the service


def check_refs(report, docs, address):
    for path, node in walk(docs.all[address]):
        if isinstance(node.get("$ref"), str):
            try:
                docs.resolver(address).resolve(node["$ref"])
                report(address, [])
            except RefResolutionError as error:
                report(f"{address}#{path}", [f"{node['$ref']} cannot be resolved: {error}"])


def check_schema(report, schema, place):
    try:
        Draft202012Validator.check_schema(schema)
        report(place, [])
    except SchemaError as error:
        report(place, [f"is not a JSON Schema: {'/'.join(map(str, error.absolute_path))}: {error.message}"])


def check_schema_examples(report, docs, address):
    """`examples` and `default` of schemas, wherever they stand."""
    for path, node in walk(docs.all[address]):
        if {"type", "enum", "const", "anyOf", "allOf", "pattern", "properties"} & node.keys():
            examples = node.get("examples") if isinstance(node.get("examples"), list) else []
            for example in examples + ([node["default"]] if "default" in node else []):
                report(f"{address}#{path}", docs.errors(example, address, node))


def check_schemas(report, docs):
    for address in sorted(name for name in docs.all if name.startswith("schemas/")):
        schema = docs.all[address]
        check_schema(report, schema, address)
        report(address, [] if docs.ids[address] == BASE + address else [f"its $id is not {BASE + address}"])
        check_refs(report, docs, address)
        check_schema_examples(report, docs, address)


def check_standard(report, docs, address, validator, fixture):
    schema = json.loads((ROOT / "Tests/Fixtures" / fixture).read_text())
    resolver = Offline(schema.get("$id", BASE + fixture), schema)
    report(address, errors(validator(schema, resolver=resolver), docs.all[address]))


def check_asyncapi(report, docs, address):
    check_standard(report, docs, address, Draft7Validator, "asyncapi-3.0.0.json")
    check_refs(report, docs, address)
    document = docs.all[address]
    for name, operation in document["operations"].items():
        for part in [operation] + ([operation["reply"]] if "reply" in operation else []):
            home = part["channel"]["$ref"] + "/messages/"
            strangers = [m["$ref"] for m in part["messages"] if not m["$ref"].startswith(home)]
            report(f"{address}#/operations/{name}", [f"{ref} is not a message of its channel" for ref in strangers])
    for name, message in document["components"]["messages"].items():
        for example in message["examples"]:
            for part in {"payload", "headers"} & example.keys():
                place = f"{address}#/components/messages/{name}/examples/{example['name']}/{part}"
                report(place, docs.errors(example[part], address, message[part]))


def check_openapi(report, docs, address):
    check_standard(report, docs, address, Draft202012Validator, "openapi-3.1.json")
    check_refs(report, docs, address)
    for path, node in walk(docs.all[address]):
        if isinstance(node.get("schema"), dict):
            check_schema(report, node["schema"], f"{address}#{path}/schema")
            values = [("example", node["example"])] if "example" in node else []
            values += [(name, example["value"]) for name, example in node.get("examples", {}).items()]
            for name, value in values:
                report(f"{address}#{path}/{name}", docs.errors(value, address, node["schema"]))
    for name, schema in docs.all[address]["components"]["schemas"].items():
        check_schema(report, schema, f"{address}#/components/schemas/{name}")
    check_schema_examples(report, docs, address)


def check_prose(report, docs):
    """Commands and events in the code blocks of the pages."""
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = page.read_text()
        blocks = list(re.finditer(r"^```json\n(.*?)^```", text, re.M | re.S))
        for block in blocks + list(re.finditer(r"-b '(\{.*?\})'", text, re.S)):
            place = f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, block.start()) + 1}"
            try:
                value = json.loads(block[1])
            except ValueError as error:
                report(place, [f"is not JSON: {error}"])
                continue
            keys = value.keys() if isinstance(value, dict) else set()
            if "specversion" in keys:
                report(place, event_errors(docs, {"body": value}))
            elif "text" in keys and {"to", "recipients"} & keys:
                name = "campaign" if "recipients" in keys else "send"
                report(place, docs.errors(value, f"schemas/command-{name}.json"))


# --- What the service says


def event_errors(docs, message):
    """An event's body against its schema, and what is known of its routing against its type."""
    body, properties = message.get("body"), message.get("properties")
    kind = body.get("type") if isinstance(body, dict) else None
    found = [(re.fullmatch(pattern, str(kind)), *rest) for pattern, *rest in EVENT_SCHEMAS]
    match, name, exchange, key = next((entry for entry in found if entry[0]), (None,) * 4)
    if not match:
        yield f"no event has the type {kind!r}"
        return
    yield from docs.errors(body, f"schemas/{name}.json")
    if properties is not None:
        schema = {"$ref": "#/components/schemas/eventProperties"}
        yield from (f"properties/{problem}" for problem in docs.errors(properties, "asyncapi.yaml", schema))
        for ours, theirs in (("message_id", "id"), ("type", "type")):
            if properties.get(ours) != body.get(theirs):
                yield f"properties/{ours}: {properties.get(ours)!r} is not the body's {theirs}, {body.get(theirs)!r}"
    if message.get("exchange"):  # a reply goes through the default exchange
        if not message["exchange"].endswith("." + exchange):
            yield f"exchange: {message['exchange']} is not for {kind}"
        if not re.fullmatch(key.format(*match.groups()), message["routing_key"]):
            yield f"routing_key: {message['routing_key']} is not for {kind}"


def message_errors(docs, message):
    headers = (message.get("properties") or {}).get("headers") or {}
    exchange, key = message.get("exchange", ""), message.get("routing_key", "")
    if "sms-error-code" in headers or exchange == "" and key.endswith(".dead"):
        yield from docs.errors(headers, "schemas/dead-letter-headers.json")
    elif exchange.endswith(".commands") and key in COMMAND_SCHEMAS:
        yield from docs.errors(message.get("body"), f"schemas/command-{COMMAND_SCHEMAS[key]}.json")
    else:
        yield from event_errors(docs, message)


def response_errors(docs, answer):
    path, method = answer["path"].split("?")[0], answer["method"].lower()
    templates = [t for t in docs.all["openapi.yaml"]["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", t), path)]
    if not templates:
        yield f"no path is {path}"
        return
    template = min(templates, key=lambda t: t.count("{"))
    operation = docs.all["openapi.yaml"]["paths"][template].get(method)
    responses = (operation or {}).get("responses", {})
    response = responses.get(str(answer["status"]), responses.get("default"))
    if response is None:
        yield f"{answer['method']} {template} has no response {answer['status']}"
        return
    if "$ref" in response:
        response = docs.resolver("openapi.yaml").resolve(response["$ref"])[1]
    media = (answer.get("content_type") or "").split(";")[0].strip().lower()
    content, body = response.get("content", {}), answer.get("body")
    if not content and body in (None, ""):
        return
    if media not in content:
        yield f"{answer['status']} of {template} has the type {media!r}; documented are {sorted(content)}"
        return
    yield from docs.errors(body, "openapi.yaml", content[media].get("schema", {}))


def check_lines(report, docs, file, errors):
    for number, line in enumerate(Path(file).read_text().splitlines(), 1):
        try:
            report(f"{file}:{number}", errors(docs, json.loads(line)))
        except (ValueError, KeyError, AttributeError) as error:
            report(f"{file}:{number}", [f"cannot be read: {type(error).__name__}: {error}"])


def main(arguments):
    docs, report = Documents(), Report()
    match arguments:
        case []:
            check_schemas(report, docs)
            check_asyncapi(report, docs, "asyncapi.yaml")
            check_asyncapi(report, docs, "served asyncapi.yaml")
            refs = [node["$ref"] for _, node in walk(docs.all["served asyncapi.yaml"]) if "$ref" in node]
            report("served asyncapi.yaml", [f"{ref} is not in the document" for ref in refs if ref[0] != "#"])
            check_openapi(report, docs, "openapi.yaml")
            check_prose(report, docs)
            report.end("the contracts")
        case ["events", file]:
            check_lines(report, docs, file, message_errors)
            report.end(file)
        case ["responses", file]:
            check_lines(report, docs, file, response_errors)
            report.end(file)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
