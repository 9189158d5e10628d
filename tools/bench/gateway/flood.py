#!/usr/bin/env python3
"""CPU per gateway event in a flood: hearthd beside discord.js, same server, same events, alternating.

Usage: tools/bench/gateway/flood.py [--events N] [--rounds N] [--json FILE]
Build first: cmake --preset release && cmake --build --preset release --target hearthd discord-sim.
CPU is user and system time of the whole client process between the first event and the moment discord-sim has
seen the last sequence number acknowledged; every client proves so that it read all events.
"""
import argparse
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from world import world  # noqa: E402

TICK = os.sysconf("SC_CLK_TCK")


def post(base, path, body):
    request = urllib.request.Request(base + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=180) as answer:
        return json.loads(answer.read())


def get(base, path):
    with urllib.request.urlopen(base + path, timeout=10) as answer:
        return json.loads(answer.read())


def cpu_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident_kb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().split("\n"):
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def online(base, patience_s=30):
    """Waits until the bot shows as online: it has identified and its guild was sent."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        state = get(base, "/sim/state")
        bots = {user["id"] for user in state["users"] if user["bot"]}
        first = next(user["id"] for user in state["users"] if not user["bot"])
        members = get(base, f"/sim/state?as={first}")["guilds"][0]["members"]
        if any(m["user_id"] in bots and m["presence"] != "offline" for m in members):
            return
        time.sleep(0.05)
    raise SystemExit("the client never came online")


def clients(base, node, folder):
    hearth = {**os.environ, "HEARTH_PROFILE": "sandbox", "HEARTH_DISCORD_TOKEN": "sandbox",
              "HEARTH_DISCORD_API": base + "/api"}
    yield "discord.js", [node, str(ROOT / "tools/bench/gateway/discordjs.mjs"), base, "sandbox"], dict(os.environ)
    for mode in ("none", "zlib", "zstd"):
        config = folder / f"{mode}.toml"
        config.write_text(f'[gateway]\ncompression = "{mode}"\n')
        yield f"hearthd, {mode}", [str(ROOT / "build/bin/hearthd"), "--config", str(config)], {
            **hearth, "HEARTH_DATA_DIR": str(folder / mode)}


def measure(name, command, environment, world_file, events, logs):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    command = [part.replace("BASE", base) for part in command]
    environment = {key: value.replace("BASE", base) for key, value in environment.items()}
    log = open(logs / (name.split(",")[0] + ".log"), "ab")
    sim = subprocess.Popen([ROOT / "build/bin/discord-sim", "--port", str(port), "--world", world_file],
                           stdout=log, stderr=log)
    client = None
    try:
        for _ in range(200):
            try:
                get(base, "/sim/time")
                break
            except OSError:
                time.sleep(0.02)
        client = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        online(base)
        post(base, "/sim/flood", {"events": max(1000, events // 10)})  # warm
        before, idle = cpu_s(client.pid), resident_kb(client.pid)
        answer = post(base, "/sim/flood", {"events": events})
        used = cpu_s(client.pid) - before
        if not answer["acknowledged"]:
            raise SystemExit(f"{name} did not acknowledge all events")
        return {"us_per_event": used / events * 1e6, "events_per_s": events / max(answer["ms"], 1) * 1000,
                "resident_mb_before": idle / 1024, "resident_mb_after": resident_kb(client.pid) / 1024}
    finally:
        for child in (client, sim):
            if child:
                child.send_signal(signal.SIGTERM)
                try:
                    child.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    child.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", type=int, default=100_000, help="events of one flood")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; clients alternate")
    parser.add_argument("--json", type=pathlib.Path, help="also write the figures here")
    arguments = parser.parse_args()
    node = subprocess.run([ROOT / "tools/node.sh"], capture_output=True, text=True, check=True).stdout.strip()
    results = {}
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        folder = pathlib.Path(name)
        (folder / "world.toml").write_text(world())
        for _ in range(arguments.rounds):
            for client, command, environment in clients("BASE", node, folder):
                figures = measure(client, command, environment, folder / "world.toml", arguments.events, folder)
                results.setdefault(client, []).append(figures)
    peer = statistics.median(f["us_per_event"] for f in results["discord.js"])
    print(f"{arguments.events} events, {arguments.rounds} rounds, medians\n")
    print(f"{'client':24} {'CPU us/event':>12} {'of discord.js':>14} {'events/s':>10} {'MB before':>10} {'MB after':>9}")
    for client, rounds in results.items():
        median = {key: statistics.median(r[key] for r in rounds) for key in rounds[0]}
        ratio = f"1/{peer / median['us_per_event']:.1f}" if median["us_per_event"] else "-"
        print(f"{client:24} {median['us_per_event']:12.2f} {ratio:>14} {median['events_per_s']:10.0f} "
              f"{median['resident_mb_before']:10.1f} {median['resident_mb_after']:9.1f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
