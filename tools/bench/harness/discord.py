"""discord-sim as a process: started on a free port, told what to do over its control interface."""
import json
import pathlib
import socket
import subprocess
import time
import urllib.error
import urllib.request

from .world import APPLICATION, TOKEN, world

ROOT = pathlib.Path(__file__).resolve().parents[3]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Discord:
    def __init__(self, folder, guilds=1, options=()):
        self.folder = pathlib.Path(folder)
        file = self.folder / f"world-{guilds}.toml"
        if not file.exists():
            file.write_text(world(guilds))
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        self.log = open(self.folder / "discord-sim.log", "ab")
        self.process = subprocess.Popen(
            [ROOT / "build/bin/discord-sim", "--port", str(port), "--world", file, "--identify-interval-ms", "0",
             "--session-start-limit", "100000", *options], stdout=self.log, stderr=self.log)
        self._await(lambda: self.get("/sim/time"), 120, "discord-sim did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        stop(self.process)
        self.log.close()

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=30) as answer:
            return json.loads(answer.read())

    def post(self, path, body, patience_s=600):
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=patience_s) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{path}: {error.code} {error.read().decode()[:300]}") from error

    @staticmethod
    def _await(look, patience_s, complaint, pause_s=0.02):
        end = time.monotonic() + patience_s
        while True:
            try:
                found = look()
                if found:
                    return found
            except OSError:
                pass
            if time.monotonic() > end:
                raise SystemExit(complaint)
            time.sleep(pause_s)

    def await_ready(self, patience_s=300):
        """The client is connected and was sent all its guilds; and has read them."""
        def ready():
            return any(s["connected"] and s["pending"] == 0 and s["seq"] > 1
                       for s in self.get("/sim/gateway")["sessions"])
        self._await(ready, patience_s, "the client never came with all its guilds")
        self.flood(1)

    def flood(self, events, per_second=0):
        answer = self.post("/sim/flood", {"token": TOKEN, "events": events, "per_second": per_second})
        if not answer["acknowledged"]:
            raise SystemExit("the client did not acknowledge all events")
        return answer

    def compression(self):
        return next(s["compression"] or "none" for s in self.get("/sim/gateway")["sessions"] if s["connected"])

    def player(self):
        """Ids of a member and of a text channel they see."""
        users = self.get("/sim/state")["users"]
        member = next(u["id"] for u in users if not u["bot"])
        guild = next(g for g in self.get(f"/sim/state?as={member}")["guilds"] if g["id"] == "1170000000000000001")
        return member, next(c["id"] for c in guild["channels"] if c["type"] in (0, "text"))

    def load(self, command, count, per_second, patience_ms=60_000):
        member, channel = self.player()
        return self.post("/sim/load", {"as": member, "channel_id": channel, "name": command, "count": count,
                                       "per_second": per_second, "patience_ms": patience_ms})

    def await_command(self, name, patience_s=60):
        path = f"/api/v10/applications/{APPLICATION}/commands"

        def known():
            request = urllib.request.Request(self.base + path, headers={"Authorization": f"Bot {TOKEN}",
                                                                        "User-Agent": "DiscordBot (bench, 1)"})
            with urllib.request.urlopen(request, timeout=10) as answer:
                return any(c["name"] == name for c in json.loads(answer.read()))
        self._await(known, patience_s, f"the command {name} was never registered", 0.1)


def stop(process, patience_s=15):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
