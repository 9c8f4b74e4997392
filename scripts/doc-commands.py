#!/usr/bin/env python3
"""Runs the command lines of README.md, docs, examples and CONTRIBUTING.md against a running service.

  scripts/with-stage.sh scripts/doc-commands.py          runs them all
  scripts/with-stage.sh scripts/doc-commands.py PAGE...  those of some pages
  doc-commands.py check                                  only looks whether each block says what is to be done with it

Every block of shell lines (```sh) has a line above it, and one in Python may have it:

  <!-- run -->                   it is run, and has to end with 0
  <!-- run: exit 65 -->          … with 65
  <!-- not run: REASON -->       it is not
  <!-- file: NAME -->            above any other block: the page's later commands find it as this file

The blocks of a page run in order, each by `bash -eu`, in a folder of the page's own that looks like the repository. The
ports, the broker and the key that pages name (localhost:3000, localhost:4000, amqp://localhost, $KEY) are those of the
running service.
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md", "examples/*.md"]
LIMIT = 120  # seconds, for one block
# The first words of lines that a shell would run, for finding blocks without a language that should have one.
PROGRAMS = ("amqp-", "cd ", "cp ", "curl ", "docker", "git ", "java ", "make ", "ngrok", "openssl", "printf ", "python3 ",
            "rabbitmqctl", "scripts/", "source ", "sms-bridge ", "swift ", "go ", "ruby ", "php ", "umask", "kubectl ", "jq ")


class Block:
    def __init__(self, page, line, language, mark, text):
        self.page, self.line, self.language, self.mark, self.text = page, line, language, mark, text

    def __str__(self):
        return f"{self.page}:{self.line}"

    @property
    def is_shell(self):
        return self.language in ("sh", "bash", "shell") or self.language == "" and self.text.startswith(PROGRAMS)

    @property
    def exit(self):
        """The exit code that a block has to end with; None for one that is not run."""
        match = re.fullmatch(r"run(?:: exit (\d+))?", self.mark)
        return int(match[1] or 0) if match else None

    def problem(self):
        if not self.is_shell:
            if self.language == "python" and self.exit is not None:
                return None
            return None if not self.mark or self.mark.startswith("file: ") else f"{self.mark!r} is above no shell block"
        if self.language == "":
            return "a block of shell lines has no language: write ```sh"
        if not self.mark:
            return "nothing says whether this block is run: write <!-- run --> or <!-- not run: REASON --> above it"
        if self.exit is None and not re.fullmatch(r"not run: .+", self.mark):
            return f"{self.mark!r} says neither run nor not run"
        return None


def blocks(page):
    """The fenced blocks of a page, each with the comment above it."""
    lines = (ROOT / page).read_text().splitlines()
    mark, start = "", None
    for number, line in enumerate(lines, 1):
        if start is None:
            comment = re.fullmatch(r"<!-- ((?:not )?run.*|file: .+) -->", line.strip())
            fence = re.match(r"```(\w*)", line)
            if fence:
                start, language = number, fence[1]
            elif comment:
                mark = comment[1]
            elif line.strip():
                mark = ""
        elif line.startswith("```"):
            yield Block(page, start, language, mark, "\n".join(lines[start:number - 1]) + "\n")
            mark, start = "", None


def pages():
    return [str(path.relative_to(ROOT)) for pattern in PAGES for path in sorted(ROOT.glob(pattern))]


def lay_out(folder):
    """Makes a folder look like the repository, with what `make run` leaves there."""
    for name in ("examples", "scripts", "docs", "config", "docker"):
        (folder / name).symlink_to(ROOT / name)
    bridge = subprocess.run(["which", "sms-bridge"], check=True, capture_output=True, text=True).stdout.strip()
    (folder / ".build/debug").mkdir(parents=True)
    (folder / ".build/debug/sms-bridge").symlink_to(os.path.realpath(bridge))
    (folder / ".local/run").mkdir(parents=True)
    (folder / ".local/run/env").symlink_to(ROOT / ".local/stage/env")
    (folder / "service.log").symlink_to(ROOT / ".local/stage/service.log")
    (folder / "bin").mkdir()
    # Debian's own Python, for which the modules are installed.
    (folder / "bin/python3").symlink_to("/usr/bin/python3")
    # That of the private broker; and a refusal over HTTP fails the line.
    for program, command in (("rabbitmqctl", f"{ROOT}/scripts/rabbitmq.sh ctl"), ("curl", "/usr/bin/curl --fail-with-body")):
        (folder / "bin" / program).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (folder / "bin" / program).chmod(0o755)


def translated(text):
    """A block with the running service's addresses."""
    host = {port: os.environ[name].split("//")[1] for port, name in (("3000", "API_URL"), ("4000", "SIMULATOR_URL"))}
    for port, address in host.items():
        text = re.sub(rf"\b(localhost|127\.0\.0\.1):{port}\b", address, text)
    return re.sub(r"amqp://localhost\b(?!:)", os.environ["AMQP_URL"].rstrip("/"), text)


def run_page(page):
    """Runs a page's blocks; how many were run, and how many failed."""
    ran = failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder)
        environment = os.environ | {"KEY": os.environ["API_KEY"], "PATH": f"{folder}/bin:{os.environ['PATH']}"}
        for block in blocks(page):
            if block.mark.startswith("file: "):
                (folder / block.mark.removeprefix("file: ")).write_text(block.text)
            if block.exit is None:
                continue
            ran += 1
            try:
                runner = ["bash", "-eu", "-o", "pipefail", "-c"] if block.is_shell else ["/usr/bin/python3", "-c"]
                done = subprocess.run([*runner, translated(block.text)], cwd=folder, env=environment,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      text=True, errors="replace", timeout=LIMIT)
                code, output = done.returncode, done.stdout
            except subprocess.TimeoutExpired as error:
                code, output = f"no end within {LIMIT} s", (error.stdout or b"").decode(errors="replace")
            if code == block.exit:
                print(f"{block}: ends with {code}, as it should", flush=True)
            else:
                failed += 1
                print(f"{block}: has to end with {block.exit}, and: {code}\n{block.text}--- its output\n{output}", flush=True)
    return ran, failed


def main(arguments):
    problems = [f"{block}: {problem}" for page in pages() for block in blocks(page) if (problem := block.problem())]
    for problem in problems:
        print(problem)
    if problems or arguments == ["check"]:
        sys.exit(1 if problems else 0)
    for name in ("AMQP_URL", "API_URL", "API_KEY", "SIMULATOR_URL"):
        if name not in os.environ:
            sys.exit(f"{name} is not set: run this by scripts/with-stage.sh")
    results = [run_page(page) for page in arguments or pages()]
    ran, failed = (sum(numbers) for numbers in zip(*results))
    print(f"{ran - failed} passed, {failed} failed")
    sys.exit(1 if failed or not ran else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
