"""What is measured, and what stands beside it: the service, a private broker, a provider in C.

Each is a process of our own on loopback, and is ended by its id.
"""

import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import amqp

HERE = pathlib.Path(__file__).resolve().parent
RABBIT = HERE.parent / "rabbitmq.sh"
SECRET = "a-signature-secret-of-the-measurements-0123456789"
KEY = "a-key-of-the-measurements"
RESULTS = "bench.results"
# The order of count.c.
KINDS = ("allocations", "writes", "bytes written", "file writes", "file bytes", "syncs", "reads", "waits")
SLOTS, SLOT = 1024, 64


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


# --- Processes


def free_port():
    """A port that is free, below the range that the system gives to outgoing connections by itself."""
    for port in random.sample(range(18_000, 20_000), 200):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise SystemExit("no free port found")


def wait_until(seconds, what, is_done, process=None):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process and process.poll() is not None:
            raise SystemExit(f"{what}: the process ended with {process.returncode}")
        if is_done():
            return
        time.sleep(0.02)
    raise SystemExit(f"{what}: not within {seconds} s")


def stop(process, grace=30):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def ask(port, path, data=None, headers=None, method=None, limit=30):
    """The status and body of a request to this host; status 0 where there is no answer."""
    headers = {"Authorization": f"Bearer {KEY}", **(headers or {})}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=limit) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


class Service:
    """A running `sms-bridge serve`; `settings` are variables, `is_counted` preloads count.c."""

    def __init__(self, stage, settings=None, is_counted=False, store=None):
        self.port = free_port()
        self.counter = None
        environment = {
            **stage.environment,
            "PORT": str(self.port),
            "STORE_URL": f"sqlite:{store or stage.fresh('store') / 'ledger.db'}",
            **(settings or {}),
        }
        if is_counted:
            self.counter = stage.folder / "counts"
            self.counter.write_bytes(bytes(SLOTS * SLOT))
            environment |= {"BENCH_COUNTS": str(self.counter), "LD_PRELOAD": str(stage.tools["count"])}
        self.log = stage.folder / "service.log"
        with open(self.log, "w") as log:
            self.begun = time.monotonic()
            self.process = subprocess.Popen([stage.binary, "serve"], cwd=stage.folder, env=environment, stdout=log,
                                            stderr=log, start_new_session=True)
        self.pid = self.process.pid
        stage.processes.append(self.process)

    def counts(self):
        """What count.c has counted so far; empty without it."""
        if not self.counter:
            return {}
        numbers = struct.unpack(f"={SLOTS * SLOT // 8}Q", self.counter.read_bytes())
        return {name: sum(numbers[place::SLOT // 8]) for place, name in enumerate(KINDS)}

    def is_ready(self):
        return ask(self.port, "/health/ready")[0] == 200

    def wait_until_ready(self, seconds=120):
        """Returns the seconds since the start."""
        wait_until(seconds, f"the service is not ready ({self.log})", self.is_ready, self.process)
        return time.monotonic() - self.begun

    def stop(self):
        stop(self.process)
        if self.process.returncode != 0:
            raise SystemExit(f"the service ended with {self.process.returncode}, see {self.log}")


class Provider:
    """The provider in C; `delay` in milliseconds."""

    def __init__(self, stage, delay=0):
        self.process = subprocess.Popen([stage.tools["provider"], str(stage.provider_port), str(delay)],
                                        start_new_session=True)
        stage.processes.append(self.process)
        self.port, self.pid = stage.provider_port, self.process.pid
        wait_until(10, "the provider", lambda: self.counts() is not None, self.process)

    def counts(self):
        status, body = ask(self.port, "/counts")
        return json.loads(body) if status == 200 else None

    def stop(self):
        stop(self.process, 5)


class Stage:
    """A folder, the tools in C, a broker, and whatever runs on them; `with Stage(binary) as stage`."""

    def __init__(self, binary, cores=2):
        self.binary = pathlib.Path(binary).resolve()
        if not os.access(self.binary, os.X_OK):
            raise SystemExit(f"{self.binary} is not a program; build it: swift build -c release --product sms-bridge")
        if cores:
            # So that figures of machines with more are comparable.
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
        self.processes, self.tools = [], {}

    def __enter__(self):
        # Tools and subprocesses end by the with-blocks, also on SIGTERM.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sms-bridge-bench."))
        try:
            self.build()
            self.start_broker()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, error=None, *_):
        log = self.folder / "service.log"
        if error and log.exists():
            print(f"--- the end of {log}", *log.read_text().splitlines()[-8:], sep="\n", file=sys.stderr)
        for process in reversed(self.processes):
            stop(process)
        if (self.folder / "rabbitmq").exists():
            self.rabbit("wipe")
        if not os.environ.get("BENCH_KEEP"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def build(self):
        compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
        if not compiler:
            raise SystemExit("a C compiler is needed: cc, clang or gcc")
        for name, options in {"provider": [], "load": [], "count": ["-shared", "-fPIC"]}.items():
            self.tools[name] = self.folder / name
            source = HERE / f"{name}.c"
            subprocess.run([compiler, "-std=gnu11", "-O2", *options, "-o", self.tools[name], source], check=True)
        self.private_key = self.folder / "private.pem"
        make_key = ["openssl", "genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        subprocess.run([*make_key, "-out", self.private_key], check=True)

    def rabbit(self, *arguments):
        environment = {**os.environ, "SMS_BRIDGE_RABBIT_DIR": str(self.folder / "rabbitmq")}
        command = [RABBIT, *arguments]
        return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout

    def start_broker(self):
        say("starting a private RabbitMQ node")
        self.rabbit("start")
        self.url = re.search(r"AMQP_URL='([^']*)'", self.rabbit("env"))[1]
        self.broker = int((self.folder / "rabbitmq/os.pid").read_text().split()[0])
        self.provider_port = free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "AMQP_URL": self.url,
            "VONAGE_API_URL": f"http://127.0.0.1:{self.provider_port}",
            "VONAGE_APPLICATION_ID": "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
            "VONAGE_PRIVATE_KEY_PATH": str(self.private_key),
            "VONAGE_NUMBER": "14155550100",
            "VONAGE_SIGNATURE_SECRET": SECRET,
            "HTTP_HOST": "127.0.0.1",
            "API_KEYS": KEY,
            "API_RATE_LIMIT": "0",
            "SEND_RATE": "0",
            "LOG_FORMAT": "json",
        }
        subprocess.run([self.binary, "topology", "declare"], cwd=self.folder, env=self.environment, check=True,
                       stdout=subprocess.DEVNULL)
        self.amqp = amqp.Connection(self.url)
        self.amqp.declare(RESULTS)

    def fresh(self, name):
        """An empty folder; what was in it before is deleted."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def bind_results(self, exchange, key):
        """The results' queue, empty and bound to one exchange."""
        self.amqp.bind(RESULTS, exchange, key)
        self.amqp.purge(RESULTS)

    def watch(self, queue, goal, service, look=lambda: None, limit=600, before=0):
        """Waits until a queue holds a message, calls `look`, then until it holds `goal`; returns both depths.

        Looks every 10 ms, which costs some hundredths of a core.
        """
        end, first = time.monotonic() + limit, None
        while time.monotonic() < end:
            depth = self.amqp.depth(queue) - before
            if depth > 0 and first is None:
                first = depth
                look()
            if depth >= goal:
                return first, depth
            if service.process.poll() is not None:
                raise SystemExit(f"the service ended with {service.process.returncode}, see {service.log}")
            time.sleep(0.01)
        raise SystemExit(f"{queue} holds {depth} of {goal} messages after {limit} s, see {service.log}")
