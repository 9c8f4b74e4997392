"""What processes use between two moments, by the kernel's own figures."""

import contextlib
import os
import pathlib
import re
import resource
import time


def cpu(pid):
    """CPU seconds of a process with all its threads, also ended ones, by its own clock (clock_getcpuclockid)."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def memory(pid, what):
    """A line of /proc/PID/status in MB: VmHWM for the peak, VmRSS, RssAnon."""
    found = re.search(rf"^{what}:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M)
    return int(found[1]) / 1024


def busy():
    """CPU seconds of the whole machine."""
    fields = [int(field) for field in open("/proc/stat").readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def own():
    """CPU seconds of this process and of its ended children."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


class Switches:
    """How often the threads of a process have waited; what ended threads had is kept from the last look at them."""

    def __init__(self, pid):
        self.pid, self.seen = pid, {}

    def look(self):
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{self.pid}/task"):
                with contextlib.suppress(OSError):
                    text = pathlib.Path(f"/proc/{self.pid}/task/{thread}/status").read_text()
                    self.seen[thread] = int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.M)[1])
        return sum(self.seen.values())


class Window:
    """What was used between two moments: seconds, CPU by process, switches, counts, and the foreign load."""

    def __init__(self, service, **others):
        self.service = service
        self.pids = {"service": service.pid, **others}
        self.switches = Switches(service.pid)
        self.before = self.state()

    def state(self):
        counts = {"switches": self.switches.look(), **self.service.counts()}
        return time.monotonic(), {name: cpu(pid) for name, pid in self.pids.items()}, busy(), own(), counts

    def close(self):
        (begun, cpu_before, busy_before, own_before, counts_before), after = self.before, self.state()
        self.seconds = after[0] - begun
        self.cpu = {name: after[1][name] - cpu_before[name] for name in self.pids}
        known = sum(self.cpu.values()) + after[3] - own_before
        self.foreign = max(0.0, after[2] - busy_before - known) / self.seconds
        self.counts = {name: after[4][name] - counts_before.get(name, 0) for name in after[4]}
        return self
