"""The clients that are compared, each as a process of its own on the same local Discord."""
import json
import os
import pathlib
import signal
import subprocess
import time
import urllib.request

from .discord import ROOT, free_port, stop
from .world import TOKEN

HERE = ROOT / "tools/bench"


class Client:
    """One kind of client. `command` is a slash command of it that writes nothing; `counts` the part of a flood that
    its own count must come to; `metrics` whether it says so at /metrics instead of at SIGUSR2."""

    def __init__(self, name, command, start, environment=None, counts=1.0, metrics=False):
        self.name, self.command, self.start_line = name, command, start
        self.environment, self.counts, self.metrics = environment or (lambda discord, folder: {}), counts, metrics

    def start(self, discord, folder):
        return Running(self, discord, pathlib.Path(folder))


class Running:
    def __init__(self, client, discord, folder):
        self.client, self.folder = client, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.log_path = folder / "client.log"
        log = open(self.log_path, "ab")
        self.process = subprocess.Popen(client.start_line(discord, folder), stdout=log, stderr=log,
                                        env={**os.environ, **client.environment(discord, folder)})
        log.close()
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        stop(self.process)

    def handled(self):
        """Its own count of gateway events: SIGUSR2 makes it print a line `handled {...}`, unless it has metrics."""
        if self.client.metrics:
            port = int((self.folder / "metrics-port").read_text())
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                lines = answer.read().decode().split("\n")
            return {"all": int(sum(float(line.split()[1]) for line in lines
                                   if line.startswith("hearth_gateway_events_total{")))}
        before = self.log_path.stat().st_size
        self.process.send_signal(signal.SIGUSR2)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with open(self.log_path, encoding="utf-8", errors="replace") as log:
                log.seek(before)
                for line in log:
                    if line.startswith("handled ") and line.endswith("\n"):
                        return json.loads(line[len("handled "):])
            time.sleep(0.05)
        raise SystemExit(f"{self.client.name} does not say what it handled: {self.log_path}")


def hearth(program, name, compression, counts, metrics):
    def start(_discord, folder):
        folder.mkdir(parents=True, exist_ok=True)
        config = folder / "hearth.toml"
        lines = ["[gateway]", f'compression = "{compression}"']
        if metrics:
            port = free_port()
            (folder / "metrics-port").write_text(str(port))
            lines += ["[metrics]", f"port = {port}"]
        else:  # it must handle everything, so nothing may be shed while a busy machine holds up its pool
            lines[1:1] = ["guild_events_max = 100000", "guild_waiting_max = 100000", "events_max = 10000000"]
            lines += ["[guild]", "feature_events_max = 100000"]
        config.write_text("\n".join(lines) + "\n")
        return [str(ROOT / "build/bin" / program), "--config", str(config)]

    def environment(discord, folder):
        return {"HEARTH_PROFILE": "sandbox", "HEARTH_DISCORD_TOKEN": TOKEN, "HEARTH_DISCORD_API": discord.base + "/api",
                "HEARTH_DATA_DIR": str(folder / "data")}
    return Client(f"{name}, {compression}", "about", start, environment, counts, metrics)


def node():
    return subprocess.run([ROOT / "tools/node.sh"], capture_output=True, text=True, check=True).stdout.strip()


def peers():
    program = node()
    yield Client("discord.js", "ping", lambda d, _: [program, str(HERE / "gateway/discordjs.mjs"), d.base, TOKEN])
    # Debian's package, which only Debian's own interpreter sees.
    yield Client("discord.py", "ping",
                 lambda d, _: ["/usr/bin/python3", str(HERE / "gateway/discordpy.py"), d.base, TOKEN])


def hearths(compressions=("none", "zlib", "zstd"), programs=("hearthd", "hearthd-wanted")):
    for program in programs:
        for compression in compressions:
            yield hearth(program, "dropped" if program == "hearthd" else "wanted", compression,
                         # All but typing; a flood begins with what some members did last in the one before.
                         1.0 if program == "hearthd" else 0.81, metrics=program == "hearthd")
