"""Processor time, memory and wake-ups of a process, as the kernel counts them."""
import os
import pathlib
import threading

TICK = os.sysconf("SC_CLK_TCK")


def cpu_s(pid):
    """User and system time of the whole process, ended threads included. Steps of 10 ms."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _status(pid, key):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().split("\n"):
        if line.startswith(key + ":"):
            return int(line.split()[1])
    return 0


def resident_mb(pid):
    return _status(pid, "VmRSS") / 1024


def data_mb(pid):
    """Without pages of files, which come and go: what a process makes itself."""
    return _status(pid, "RssAnon") / 1024


class Peak:
    """The most data_mb while it is entered."""

    def __init__(self, pid):
        self.pid, self.data_mb, self.over = pid, data_mb(pid), threading.Event()
        self.looking = threading.Thread(target=self._look)

    def _look(self):
        while not self.over.wait(0.02):
            self.data_mb = max(self.data_mb, data_mb(self.pid))

    def __enter__(self):
        self.looking.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.looking.join()


def _threads(pid):
    return list(pathlib.Path(f"/proc/{pid}/task").iterdir())


def fine_cpu_s(pid):
    """The same in nanosecond steps, of the threads that live now: for idle processes."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in _threads(pid)) / 1e9


def wakeups(pid):
    """{thread: times it went to sleep by itself}: each is one wake-up."""
    found = {}
    for task in _threads(pid):
        name = (task / "comm").read_text().strip()
        for line in (task / "status").read_text().split("\n"):
            if line.startswith("voluntary_ctxt_switches"):
                found[f"{name}/{task.name}"] = int(line.split()[1])
    return found
