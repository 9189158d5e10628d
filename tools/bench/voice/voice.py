#!/usr/bin/env python3
"""Voice channels per core: Hearth beside @discordjs/voice (DAVE on) and discord.py 2.2 (an old peer without DAVE).

Each client plays in one voice channel of every guild of its own discord-sim; a person in each channel is a member of the
group and opens every frame. CPU is that of the client with all its children, per second of sound that arrived; wrong
timestamps, plain frames or frames that do not open fail the run. For Hearth also: the part of its thread that encrypts and
sends, and how long a channel waits for its first packet, from the command (connecting included) and from the moment its
voice session stands.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from harness import report  # noqa: E402
from harness.clients import HERE, Client, node  # noqa: E402
from harness.discord import ROOT, Discord, stop  # noqa: E402
from harness.process import cpu_s  # noqa: E402
from harness.world import TOKEN  # noqa: E402

FRAME_S = 0.02
LATE_MS = (1, 2, 5, 10, 20, 50, 100)
FIGURES = {"channels": "channels played", "per_core": "channels per core", "cpu_ms": "CPU ms per second of sound",
           "pacer_ms": "of these encrypting and sending", "late_p50_ms": "lateness p50, at most ms", "late_p99_ms": "lateness p99, at most ms",
           "gap_ms": "longest gap, ms", "command_ms": "command to first packet, ms",
           "session_ms": "session stands to first packet, ms"}


def family(pid):
    """A process and all below it."""
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        try:
            found += [each for child in (task / "children").read_text().split() for each in family(int(child))]
        except OSError:
            pass
    return found


def family_cpu_s(pid):
    total = 0.0
    for each in family(pid):
        try:
            total += cpu_s(each)
        except OSError:  # it ended meanwhile
            pass
    return total


def thread_cpu_s(pid, name):
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return int((task / "schedstat").read_text().split()[0]) / 1e9
    return 0.0


class Kind:
    """A client, how many channels it plays, the options of its discord-sim, and how it is told to play."""

    def __init__(self, client, channels, options=(), play=None):
        self.client, self.channels, self.options, self.play = client, channels, options, play


def hearthd(name, channels, commands):
    def start(_discord, folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "hearth.toml").write_text(f'[voice]\nca_file = "{folder.parent / "ca.pem"}"\n')
        return [str(ROOT / "build/bin/hearthd"), "--config", str(folder / "hearth.toml")]

    def environment(discord, folder):
        return {"HEARTH_PROFILE": "sandbox", "HEARTH_DISCORD_TOKEN": TOKEN, "HEARTH_DISCORD_API": discord.base + "/api",
                "HEARTH_DATA_DIR": str(folder / "data")}

    def play(discord, seats):
        for user, guild in seats:
            text = next(c["id"] for c in guild["channels"] if c["name"] == "channel-0")
            for command, options in commands:
                def act():
                    if command == commands[0][0]:
                        play.asked = time.monotonic()  # of tries, the last
                    return discord.post("/sim/act", {
                        "as": user, "type": "command", "channel_id": text, "name": command, "options": options,
                        "wait_for": "final", "wait_ms": 20000})
                said = once_known(act)
                if not said["ok"]:
                    raise SystemExit(f"/{command} failed: {said}")
    return Kind(Client(name, "about", start, environment), channels, play=play)


def once_known(act, limit_s=60):
    """A guild's commands are registered some time after the client came."""
    end = time.monotonic() + limit_s
    while True:
        try:
            return act()
        except SystemExit as refused:
            known = not any(words in str(refused) for words in ("no such command", "may not use that command"))
            if known or time.monotonic() > end:
                raise
        time.sleep(0.5)


def kinds(folder, wav, quick):
    scale = 1 if quick else 2
    rain = ("rain", [{"name": "track", "type": 4, "value": 2}])
    fire = ("ambience", [{"name": "mix", "type": 1,
                          "options": [{"name": "sound", "type": 3, "value": "fire:1"}]}])
    yield hearthd("Hearth, the same", 60 * scale, [rain])
    yield hearthd("Hearth, own mix", 10 * scale, [rain, fire])
    program = node()
    authority = str(folder / "ca.pem")
    yield Kind(Client("@discordjs/voice", "ping", lambda d, _: [
        program, str(HERE / "voice/discordjs.mjs"), d.base, TOKEN, authority, wav, "50"]), 4 * scale)
    yield Kind(Client("discord.py 2.2, no DAVE", "ping", lambda d, _: [
        "/usr/bin/python3", str(HERE / "voice/discordpy.py"), d.base, TOKEN, wav, "50"],
        lambda d, _: {"SSL_CERT_FILE": authority}), 2 * scale, options=("--voice-legacy",))


def first_packet(discord, play, seat):
    """Lets one channel be played in. Returns milliseconds to its first packet: from the command, from the session."""
    worker = threading.Thread(target=play, args=(discord, [seat]), daemon=True)
    worker.start()
    stands, end = None, time.monotonic() + 60
    while time.monotonic() < end:
        mine = [s for s in sessions(discord) if s["guild_id"] == seat[1]["id"]]
        now = time.monotonic()
        if stands is None and any(s["stage"] == "live" for s in mine):
            stands = now
        if any(s["packets"] for s in mine):
            worker.join()
            return {"command_ms": (now - play.asked) * 1000, "session_ms": (now - stands) * 1000}
        time.sleep(0.001)
    raise SystemExit("waited in vain for the first packet")


def percentile(late, part):
    """Upper bound of the bucket in which that part of all lies."""
    wanted, seen = part * sum(late), 0
    for bound, count in zip((*LATE_MS, float("inf")), late):
        seen += count
        if seen >= wanted:
            return bound
    return float("inf")


def measure(kind, folder, seconds):
    with Discord(folder, kind.channels, ("--voice-ca", str(folder / "ca.pem"), *kind.options)) as discord:
        seats, firsts = [], {}
        people = sorted((user for user in discord.get("/sim/state")["users"] if not user["bot"]),
                        key=lambda user: int(user["name"].removeprefix("member")))
        guilds = discord.get(f"/sim/state?as={people[0]['id']}")["guilds"]
        for user, guild in zip(people, guilds):
            voice = next(c["id"] for c in guild["channels"] if c["name"] == "channel-4")
            discord.post("/sim/act", {"as": user["id"], "type": "voice_join", "channel_id": voice})
            seats.append((user["id"], guild))
        with kind.client.start(discord, folder / "client") as client:
            if kind.play:
                await_(lambda: any(s["connected"] for s in discord.get("/sim/gateway")["sessions"]), "the client")
                await_(lambda: all(s["pending"] == 0 for s in discord.get("/sim/gateway")["sessions"]), "the guilds")
                kind.play(discord, seats[1:])
                firsts = first_packet(discord, kind.play, seats[0])
            await_(lambda: sum(1 for s in sessions(discord) if s["packets"] > 50) == kind.channels, "all to play", 90)
            time.sleep(2)
            before, cpu, at = sessions(discord), family_cpu_s(client.pid), time.monotonic()
            pacer = thread_cpu_s(client.pid, "voice-pacer")
            time.sleep(seconds)
            after, cpu_end, end = sessions(discord), family_cpu_s(client.pid), time.monotonic()
            pacer = thread_cpu_s(client.pid, "voice-pacer") - pacer
            state = discord.get("/sim/voice")
            violations = discord.get("/sim/violations")
    total = sum(s["packets"] for s in after) - sum(s["packets"] for s in before)
    sound = total * FRAME_S
    if sound < 0.97 * kind.channels * (end - at):
        raise SystemExit(f"{kind.client.name}: only {sound:.0f} s of sound of {kind.channels * (end - at):.0f} arrived")
    if violations["total"]:
        raise SystemExit(f"{kind.client.name} broke rules: {violations}")
    heard = [person for room in state["rooms"] for person in room["people"]]
    if len(heard) != kind.channels or any(p["undecryptable"] or p["heard"] < 50 for p in heard):
        raise SystemExit(f"{kind.client.name}: frames that nobody could open")
    late = [sum(s["late"][i] for s in after) - sum(s["late"][i] for s in before) for i in range(8)]
    cost = (cpu_end - cpu) / sound
    if kind.play:
        firsts["pacer_ms"] = pacer / sound * 1000
    return {"channels": kind.channels, "cpu_ms": cost * 1000, "per_core": 1 / cost, **firsts,
            "late_p50_ms": percentile(late, 0.5), "late_p99_ms": percentile(late, 0.99),
            **{f"late_{bound}": count for bound, count in zip((*LATE_MS, "more"), late)},
            "gap_ms": max(s["longest_gap_ms"] for s in after)}


def sessions(discord):
    return discord.get("/sim/voice")["sessions"]


def await_(probe, what, limit_s=60):
    end = time.monotonic() + limit_s
    while not probe():
        if time.monotonic() > end:
            raise SystemExit(f"waited in vain for {what}")
        time.sleep(0.2)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer channels, 5 s each")
    parser.add_argument("--only", help="clients whose name contains this")
    parser.add_argument("--busy", action="store_true", help="beside a process that never rests, for lateness")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", help="write all figures here")
    arguments = parser.parse_args()
    seconds = 5 if arguments.quick else 15
    results = {}
    with tempfile.TemporaryDirectory() as parent:
        wav = str(pathlib.Path(parent) / "noise.wav")
        subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "anoisesrc=c=brown:r=48000:d=300:a=0.3",
                        "-ac", "2", wav], check=True)
        for _ in range(arguments.rounds):
            for kind in kinds(pathlib.Path(parent), wav, arguments.quick):
                if arguments.only and arguments.only not in kind.client.name:
                    continue
                print(f"{kind.client.name}: {kind.channels} channels ...", file=sys.stderr, flush=True)
                rival = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if arguments.busy else None
                try:
                    figures = measure(kind, pathlib.Path(parent), seconds)
                finally:
                    if rival:
                        stop(rival)
                results.setdefault(kind.client.name, []).append(figures)
    report.table(results, FIGURES, "discord.py 2.2, no DAVE")
    report.save(arguments.json, results, vars(arguments))


if __name__ == "__main__":
    main()
