#!/usr/bin/env python3
"""Checks that README, docs and examples say what the shipped files say. Prints every difference, and exits 1.

Links and their headings; the promise, which README and delivery-guarantees.md make in the same words; virtual host, users
and permissions (docker/rabbitmq/definitions.json); defaults of settings in sentences and in docker/.env.example, and that
each variable that is named exists (docs/configuration.md, which a test compares with the code's table); keys of the HTTP
API in curl lines; versions of Swift and RabbitMQ; the reference parts of docs/messages.md; the marks of shell blocks.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *(p for name in ("CONTRIBUTING.md", "SECURITY.md") if (p := ROOT / name).exists()),
         *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "examples").glob("*.md"))]
DEFINITIONS = json.loads((ROOT / "docker/rabbitmq/definitions.json").read_text())
# Paths that need no key, or are not the service's.
KEYLESS = r"/(webhooks|health|metrics|openapi\.yaml|asyncapi\.yaml|simulator)\b"
# Names in capitals that are no variables of the service: of make, compose, images, the shell and the standards.
OTHER_NAMES = {
    "SMS_BRIDGE_CONFIG", "SMS_BRIDGE_IMAGE", "RABBITMQ_IMAGE", "SECRETS_DIR", "SERVER_NAMES", "COMPOSE_PROFILES", "KEY",
    "BUILD_IMAGE", "RUN_IMAGE", "ACCESS_REFUSED", "PRECONDITION_FAILED",
}


def text(page):
    return page.read_text()


def place(page, offset, whole):
    return f"{page.relative_to(ROOT)}:{whole.count(chr(10), 0, offset) + 1}"


def without_blocks(whole):
    """A page with its fenced blocks emptied; the places stay."""
    return re.sub(r"^```.*?^```", lambda m: re.sub(r"[^\n]", " ", m[0]), whole, flags=re.M | re.S)


# --- Links


def anchors(page):
    """The anchors of a page's headings, as GitHub makes them."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", without_blocks(text(page)), re.M):
        name = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        name = re.sub(r"[^\w\- ]", "", name).replace(" ", "-")
        number = 0
        while (unique := name if number == 0 else f"{name}-{number}") in found:
            number += 1
        found.add(unique)
    return found


def links():
    for page in PAGES:
        whole = without_blocks(text(page))
        for match in re.finditer(r"\]\(([^)\s]+)\)", whole):
            target, _, anchor = match[1].partition("#")
            if re.match(r"[a-z]+:", match[1]):
                continue
            path = (page.parent / target).resolve() if target else page
            # Pictures are made by a script in a browser, and there is none where it has not been run.
            if path.parent == ROOT / "docs/images" and not path.parent.exists():
                continue
            if not path.exists():
                yield f"{place(page, match.start(), whole)}: {match[1]} is not there"
            elif anchor and path.suffix == ".md" and anchor not in anchors(path):
                yield f"{place(page, match.start(), whole)}: {target or page.name} has no heading #{anchor}"


# --- What is promised


def promise():
    guarantees = text(ROOT / "docs/delivery-guarantees.md")
    sentence = re.search(r"^\*\*(Every command .+?)\*\*", guarantees, re.M)
    if not sentence:
        yield "docs/delivery-guarantees.md: does not begin with what is promised, in bold"
    elif sentence[1] not in text(ROOT / "README.md"):
        yield f"README.md: lacks the promise of delivery-guarantees.md, in its words: {sentence[1]}"


# --- The broker


def broker():
    vhosts = {entry["name"] for entry in DEFINITIONS["vhosts"]}
    permissions = {entry["user"]: entry for entry in DEFINITIONS["permissions"]}
    compared = set()
    for page in PAGES:
        whole = text(page)
        for match in re.finditer(r"^rabbitmqctl [^\n]*-p (\S+)", whole, re.M):
            if match[1] not in vhosts:
                yield f"{place(page, match.start(), whole)}: the virtual host {match[1]} is not in definitions.json"
        given = {}
        for match in re.finditer(r"^rabbitmqctl set_permissions -p \S+ (\S+) '(.*?)' '(.*?)' '(.*?)'", whole, re.M):
            given.setdefault(match[1], []).append((match.start(), match.groups()[1:]))
        created = set(re.findall(r"[\w-]+", " ".join(re.findall(r"^for user in ([\w -]+);", whole, re.M))))
        for user, lines in given.items():
            at = place(page, lines[-1][0], whole)
            if user not in created:
                yield f"{at}: user {user} is not created in this page"
            if user in permissions:
                compared.add(user)
                shipped = tuple(permissions[user][kind] for kind in ("configure", "write", "read"))
                # The service has two sets: where it declares its topology, and the least.
                if shipped not in (patterns for _, patterns in lines):
                    yield f"{at}: user {user} has other permissions than in definitions.json: {' '.join(shipped)}"
    for user in permissions.keys() - compared - {"admin"}:
        yield f"docs: no page has the permissions of user {user} of definitions.json"
    table = re.findall(r"^\| `([\w-]+)` \|", text(ROOT / "docs/deployment.md").split("| user | may |")[-1].split("\n\n")[0], re.M)
    if set(table) != permissions.keys():
        yield f"docs/deployment.md: its users are {sorted(table)}, those of definitions.json {sorted(permissions)}"


# --- Settings


def settings():
    """Each variable of docs/configuration.md with its default; None for none."""
    rows = re.findall(r"^\| `([A-Z_]+)`(?:, `([A-Z_]+)`)? \| (?:`(.*?)`)? \|", text(ROOT / "docs/configuration.md"), re.M)
    return {name: default or None for names in rows for name, default in ((names[0], names[2]), (names[1], "")) if name}


def seconds(words):
    """A duration such as `30d`, `30 days` or `25 s`; None for what is none."""
    units = {"ms": 0.001, "s": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "minutes": 60, "h": 3600, "hours": 3600,
             "d": 86400, "days": 86400}
    match = re.fullmatch(r"(\d+) ?([a-z]+)", words)
    return int(match[1]) * units[match[2]] if match and match[2] in units else None


def defaults():
    known = settings()
    for page in PAGES:
        whole = text(page)
        for match in re.finditer(r"`([A-Z][A-Z_]+)` \(([^)]*)\)|`([A-Z][A-Z_]+)`, (?:default )?`?([\w/.]+)`? by default", whole):
            name, said = match[1] or match[3], (match[2] or match[4]).strip("`").removesuffix(" by default")
            default = known.get(name)
            is_value = re.fullmatch(r"[\d.]+ ?[a-z/\d]*", said)
            if default is None or not is_value:
                continue
            if said != default and (seconds(said) is None or seconds(said) != seconds(default)):
                yield f"{place(page, match.start(), whole)}: the default of {name} is {default}, not {said}"


def env_example():
    known = settings()
    path = ROOT / "docker/.env.example"
    rest = text(path).split("The service's other settings", 1)[-1]
    for name, value in re.findall(r"^#([A-Z_]+)=(.*)$", rest, re.M):
        default = known.get(name, "")
        if name not in known:
            yield f"docker/.env.example: there is no variable {name}"
        elif default is not None and value != default:
            yield f"docker/.env.example: the default of {name} is {default}, not {value}"


def names():
    known = settings()
    compose = "".join(path.read_text() for path in (ROOT / "docker").glob("compose*.yaml"))
    families = {name.split("_")[0] for name in known}
    for page in PAGES:
        whole = text(page)
        for match in re.finditer(r"`([A-Z]+(?:_[A-Z0-9]+)+)(?:=[^`]*)?`", whole):
            name = match[1]
            if name.split("_")[0] in families and name not in known | dict.fromkeys(OTHER_NAMES) and f"{name}:-" not in compose:
                yield f"{place(page, match.start(), whole)}: there is no variable {name}"


# --- HTTP


def keys():
    for page in PAGES:
        whole = text(page)
        # A command goes on behind a backslash at the line's end.
        for match in re.finditer(r"\bcurl [^\n`\\]*(?:\\\n?[^\n`\\]*)*", whole):
            command = match[0]
            address = re.search(r"(?:localhost|127\.0\.0\.1):3000(\S*)|\blocalhost:\$PORT(\S*)", command)
            if address and not re.match(KEYLESS, address[1] or "/") and "Authorization:" not in command:
                yield f"{place(page, match.start(), whole)}: curl without Authorization is answered 401"


# --- Versions


def versions():
    readme = text(ROOT / "README.md")
    swift = re.search(r"swift-tools-version: *([\d.]+)", text(ROOT / "Package.swift"))[1]
    if f"Swift {swift} or newer" not in readme:
        yield f"README.md: Package.swift needs Swift {swift}"
    compose = text(ROOT / "docker/compose.yaml")
    image = re.search(r"RABBITMQ_IMAGE:-rabbitmq:([\d.]+)-", compose)[1]
    workflow = ROOT / ".github/workflows/ci.yml"
    tried = {image, *re.findall(r"rabbitmq:([\d.]+)-management", text(workflow) if workflow.exists() else "")}
    for version in sorted(tried):
        for page in ("README.md", "docs/deployment.md"):
            if version not in text(ROOT / page):
                yield f"{page}: does not say that RabbitMQ {version} was tried"
    demo = text(ROOT / "docker/compose.demo.yaml")
    if f"rabbitmq:{image}-" not in demo:
        yield f"docker/compose.demo.yaml: its RabbitMQ is not compose.yaml's, {image}"


def scripts():
    for command in (["message-reference.py", "check"], ["doc-commands.py", "check"]):
        done = subprocess.run([sys.executable, ROOT / "scripts" / command[0], *command[1:]], capture_output=True, text=True)
        yield from (done.stdout + done.stderr).splitlines()


def main():
    checks = (links, promise, broker, defaults, env_example, names, keys, versions, scripts)
    problems = [problem for check in checks for problem in check()]
    print("\n".join(problems) if problems else f"{len(PAGES)} pages say what the shipped files say")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
