#!/usr/bin/env python3
"""A short scripted evening: hearthd on discord-sim, seen through the eyes of its members.

Usage: tools/demo_evening.py --bin build/bin [--keep]
Every step prints what a member would see; the exit code is 0 only if all of it happened.
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zoneinfo

from demo_sound import is_rain, is_steady, is_voice, portrait

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATIENCE_S = 20  # the longest any single step may take


class Failed(Exception):
    """A step did not happen."""


class Sandbox:
    """discord-sim's control interface."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise Failed(f"{method} {path}: {error.code} {error.read()[:300]!r}") from error

    def act(self, who, kind, **fields):
        return self.call("POST", "/sim/act", {"as": who, "type": kind, **fields})

    def messages(self, who, channel):
        return self.call("GET", f"/sim/messages?as={who}&channel_id={channel}&limit=50")

    def until(self, what, probe, patience_s=PATIENCE_S):
        """Asks again until the probe gives something; the simulator has no way to push into a script."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            found = probe()
            if found:
                return found
            time.sleep(0.05)
        raise Failed(f"waited {patience_s} s in vain for: {what}")


def text_of(message):
    """A message as a member reads it."""
    lines = [message.get("content", "")]
    for embed in message.get("embeds", []):
        lines += [f"[{embed.get('title', '')}]", embed.get("description", "")]
        lines += [f"{field['name']}: {field['value']}" for field in embed.get("fields", [])]
        lines.append(embed.get("footer", {}).get("text", ""))
    return "\n".join(line for line in lines if line)


def buttons_of(message):
    found = []

    def walk(part):
        if part.get("type") == 2 and "custom_id" in part:
            found.append(part)
        for child in part.get("components", []):
            walk(child)
    for row in message.get("components", []):
        walk(row)
    return found


def selects_of(message):
    return [part for row in message.get("components", []) for part in row.get("components", []) if part["type"] == 3]


def show(step, message=None):
    print(f"\n== {step}")
    if message is not None:
        for line in text_of(message).split("\n"):
            print("   | " + re.sub(r"<t:(\d+)(:\w)?>", lambda m: datetime.datetime.fromtimestamp(
                int(m.group(1)), zoneinfo.ZoneInfo("UTC")).strftime("%a %H:%M UTC"), line))
        labels = [button.get("label") or (button.get("emoji") or {}).get("name", "?") for button in buttons_of(message)]
        if labels:
            print("   | [" + "] [".join(labels) + "]")


class Evening:
    def __init__(self, binaries, folder):
        self.binaries, self.folder = binaries, folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.sandbox = Sandbox(self.port)
        self.children = {}

    def start(self, name, *arguments, **environment):
        log = open(self.folder / f"{name}.log", "ab")
        self.children[name] = subprocess.Popen(
            [str(self.binaries / name), *arguments], stdout=log, stderr=log,
            env={**os.environ, **environment}, cwd=ROOT)

    def start_bot(self):
        config = self.folder / "hearth.toml"
        config.write_text(f'[voice]\nca_file = "{self.folder / "voice-ca.pem"}"\n')
        self.start("hearthd", HEARTH_PROFILE="sandbox", HEARTH_CONFIG=str(config), HEARTH_DISCORD_TOKEN="sandbox",
                   HEARTH_DATA_DIR=str(self.folder / "data"),
                   HEARTH_DISCORD_API=f"http://127.0.0.1:{self.port}/api")

    def stop(self, name, how=signal.SIGTERM):
        child = self.children.pop(name, None)
        if child is None:
            return 0
        child.send_signal(how)
        try:
            return child.wait(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            raise Failed(f"{name} did not stop within {PATIENCE_S} s") from None

    def daily(self, reader):
        """The newest message with vote buttons in the schedule channel."""
        found = [m for m in self.sandbox.messages(reader, self.schedule) if m["author"].get("bot") and buttons_of(m)
                 and m.get("embeds")]
        return found[-1] if found else None

    def run(self):
        self.start("discord-sim", "--port", str(self.port), "--world", str(ROOT / "config/sim/demo.toml"),
                   "--voice-ca", str(self.folder / "voice-ca.pem"))
        self.sandbox.until("discord-sim to listen", self.listens)
        everybody = self.sandbox.call("GET", "/sim/state")["users"]
        people = [user for user in everybody if not user["bot"]]
        state = self.state_of_owner(people)
        guild = state["guilds"][0]
        owner = guild["owner_id"]
        names = {user["id"]: user["display_name"] for user in everybody}
        alice, bob = [user["id"] for user in people if user["id"] != owner][:2]
        channels = {channel["name"]: channel for channel in guild["channels"]}
        self.schedule = next(c["id"] for name, c in channels.items() if "schedule" in name.lower())
        lounge = next(c["id"] for name, c in channels.items() if "lounge" in name.lower())

        show("hearthd starts")
        self.start_bot()
        self.sandbox.until("the bot's commands", lambda: any(
            c["name"] == "modtextschedulechannel" for c in self.state(owner)["guilds"][0]["commands"]))

        show(f"{names[owner]} runs /modtextschedulechannel #schedule")
        answer = self.command(owner, self.schedule, "modtextschedulechannel", channel=(7, self.schedule))
        show("the bot answers", answer)
        self.command(owner, self.schedule, "modvoicechannel", channel=(7, lounge))
        show(f"{names[owner]} runs /modenablebotvoice",
             self.command(owner, self.schedule, "modenablebotvoice", enable=(5, True)))
        for member in guild["members"]:
            if member.get("voice_channel_id") == lounge:
                self.sandbox.act(member["user_id"], "voice_leave")

        show("time moves to the next posting")
        self.move_to_next(7)
        message = self.sandbox.until("the daily message", lambda: self.daily(alice))
        show("the evening is posted", message)

        target = self.vote_button(message, 0)
        for who in (alice, bob):
            answer = self.sandbox.act(who, "click", channel_id=self.schedule, message_id=message["id"],
                                      custom_id=target["custom_id"], wait_ms=10000)
            if answer["outcome"] != "update":
                raise Failed(f"a vote was answered by {answer['outcome']}")
        message = self.sandbox.until("both votes in the message", lambda: self.has(names[alice], names[bob]))
        show(f"{names[alice]} and {names[bob]} press [{target['label']}]", message)

        show(f"{names[bob]} plans every day with /addschedule")
        self.plan(bob)
        self.move_to_next(7, first_hours=20)
        posted = self.sandbox.until("tomorrow's message", lambda: self.newer(message))
        message = self.sandbox.until("the recurrent plan in it", lambda: self.has(names[bob]))
        show("the next evening is filled in", message)
        if posted["id"] != message["id"]:
            raise Failed("two daily messages for one evening")

        show(f"the evening comes; {names[alice]} joins the Lounge")
        self.move_to_slot(message, 1)
        self.sandbox.act(alice, "voice_join", channel_id=lounge)
        self.welcome(alice, names[alice])
        message = self.sandbox.until("the voice member in the current hour", lambda: self.has(names[alice]))
        show("who talks is on the list", message)

        self.listen(alice, names[alice], channels["general"]["id"])

        show("hearthd is stopped and started again")
        code = self.stop("hearthd")
        if code != 0:
            raise Failed(f"hearthd ended with {code}")
        self.start_bot()
        self.sandbox.until("the bot to be back", lambda: any(
            m["presence"] != "offline" for m in self.state(owner)["guilds"][0]["members"] if m["user_id"] == self.bot))
        target = self.vote_button(message, 2)
        answer = self.sandbox.until("the old button to work", lambda: self.clicked(bob, message, target))
        message = self.sandbox.until("the late vote", lambda: self.newest_with(target, names[bob]))
        show(f"{names[bob]} presses [{target['label']}] on the message from before", message)

        violations = self.sandbox.call("GET", "/sim/violations")
        if violations["total"] != 0:
            raise Failed(f"the bot broke Discord's rules: {violations}")
        for name in ("hearthd", "discord-sim"):
            code = self.stop(name)
            if code != 0:
                raise Failed(f"{name} ended with {code}")
        print("\nAll of it happened.")

    def welcome(self, who, name):
        """The first one there: the bot comes, says who is scheduled, and goes."""
        wav = self.folder / "welcome.wav"
        self.sandbox.call("POST", "/sim/voice/record", {"as": who, "file": str(wav)})
        self.sandbox.until("the bot to come into the Lounge", self.sessions)
        self.sandbox.until("the bot to have spoken and gone", lambda: not self.sessions(), 40)
        self.sandbox.call("POST", "/sim/voice/record", {"as": who, "stop": True})
        sound = portrait(wav)
        show(f"{name}, the first one there, is welcomed by a voice")
        print(f"   {sound['seconds']:.1f} s, {100 * sound['pauses']:.0f} % pauses, roughness {sound['roughness']:.2f}")
        if not is_voice(sound):
            raise Failed(f"that is no voice: {sound}")

    def sessions(self):
        return self.sandbox.call("GET", "/sim/voice")["sessions"]

    def listen(self, who, name, where):
        """Rain, then fire beside it; what is heard is recorded and looked at."""
        show(f"{name} runs /rain and hears it", self.command(who, where, "rain", track=(4, 2)))
        rain = self.hears(who, name, "rain", is_rain)
        mixed = self.sandbox.act(who, "command", channel_id=where, name="ambience", wait_ms=10000, wait_for="final",
                                 options=[{"name": "mix", "type": 1, "options": [
                                     {"name": "sound", "type": 3, "value": "fire:1"}]}])
        if mixed["outcome"] not in ("message", "update"):
            raise Failed(f"/ambience mix was answered by {mixed['outcome']}")
        show(f"{name} adds fire", mixed["message"])
        both = self.hears(who, name, "rain and fire", is_steady)
        if both["rms"] < 1.1 * rain["rms"]:
            raise Failed("nothing has come to the rain")

    def hears(self, who, name, what, sounds_so):
        def packets():
            return sum(session["packets"] for session in self.sessions())
        before = packets()
        self.sandbox.until(f"{what} in the Lounge", lambda: packets() > before + 25)
        wav = self.folder / f"{what.replace(' ', '-')}.wav"
        self.sandbox.call("POST", "/sim/voice/record", {"as": who, "file": str(wav)})
        before = packets()
        self.sandbox.until("four seconds of sound", lambda: packets() >= before + 200)
        heard = self.sandbox.call("POST", "/sim/voice/record", {"as": who, "stop": True})
        print(f"   {name} heard {heard['seconds']:.1f} s of {what}: rms {heard['rms']:.3f}, peak {heard['peak']:.2f}, "
              f"{heard['gaps']} gaps")
        if heard["gaps"] or heard["spurts"] != 1 or not 0.003 < heard["rms"] < 0.5 or heard["peak"] >= 1:
            raise Failed(f"that is not how {what} sounds: {heard}")
        sound = portrait(wav)
        if sound["seconds"] < 3 or not sounds_so(sound):
            raise Failed(f"the recording is something else than {what}: {sound}")
        return heard

    # -- small steps ------------------------------------------------------------------------------

    def listens(self):
        try:
            return self.sandbox.call("GET", "/sim/state")
        except (OSError, Failed):
            if self.children["discord-sim"].poll() is not None:
                raise Failed("discord-sim ended at once") from None
            return None

    def state(self, who):
        return self.sandbox.call("GET", f"/sim/state?as={who}")

    def state_of_owner(self, people):
        for user in people:
            state = self.state(user["id"])
            if state["guilds"] and state["guilds"][0]["owner_id"] == user["id"]:
                bots = {u["id"] for u in state["users"] if u["bot"]}
                self.bot = next(m["user_id"] for m in state["guilds"][0]["members"] if m["user_id"] in bots)
                return state
        raise Failed("nobody owns the first guild")

    def command(self, who, where, name, **options):
        answer = self.sandbox.act(who, "command", channel_id=where, name=name, wait_ms=10000, wait_for="final",
                                  options=[{"name": k, "type": t, "value": v} for k, (t, v) in options.items()])
        if answer["outcome"] not in ("message", "update"):
            raise Failed(f"/{name} was answered by {answer['outcome']}")
        return answer["message"]

    def clicked(self, who, message, button):
        answer = self.sandbox.act(who, "click", channel_id=self.schedule, message_id=message["id"],
                                  custom_id=button["custom_id"], wait_ms=10000)
        return answer if answer["outcome"] == "update" else None

    def vote_button(self, message, index):
        return [button for button in buttons_of(message) if not button.get("disabled")][index]

    def has(self, *names):
        message = self.daily(self.bot_reader())
        return message if message and all(name in text_of(message) for name in names) else None

    def newest_with(self, button, name):
        message = self.has(name)
        return message if message and button["custom_id"] in [b["custom_id"] for b in buttons_of(message)] else None

    def bot_reader(self):
        return self.sandbox_reader

    def newer(self, old):
        message = self.daily(self.sandbox_reader)
        return message if message and int(message["id"]) > int(old["id"]) else None

    @property
    def sandbox_reader(self):
        if not hasattr(self, "_reader"):
            users = self.sandbox.call("GET", "/sim/state")["users"]
            self._reader = next(u["id"] for u in users if not u["bot"])
        return self._reader

    def plan(self, who):
        answer = self.sandbox.act(who, "command", channel_id=self.schedule, name="addschedule", wait_ms=10000, options=[])
        if answer["outcome"] != "message":
            raise Failed(f"/addschedule was answered by {answer['outcome']}")
        message = answer["message"]
        show("the bot asks for days and hours", message)
        for index in range(2):
            select = selects_of(message)[index]
            values = [option["value"] for option in select["options"]][:select.get("max_values", 1)]
            if index == 1:
                values = values[:3]
            answer = self.sandbox.act(who, "select", channel_id=self.schedule, message_id=message["id"],
                                      custom_id=select["custom_id"], values=values, wait_ms=10000)
            if answer.get("message"):
                message = answer["message"]
        save = [b for b in buttons_of(message) if b.get("style") in (1, 3) and not b.get("disabled")]
        if save:
            answer = self.sandbox.act(who, "click", channel_id=self.schedule, message_id=message["id"],
                                      custom_id=save[0]["custom_id"], wait_ms=10000)
            message = answer.get("message") or message
        show("saved", message)

    def now(self):
        return self.sandbox.call("GET", "/sim/time")["now_ms"]

    def set_time(self, when_ms):
        answer = self.sandbox.call("POST", "/sim/time", {"set_ms": when_ms})
        if not answer.get("acknowledged"):
            raise Failed("the bot did not follow the moved time")

    def move_to_next(self, hour, first_hours=0):
        zone = zoneinfo.ZoneInfo(self.zone())
        now = datetime.datetime.fromtimestamp(self.now() / 1000, zone) + datetime.timedelta(hours=first_hours)
        day = now.replace(hour=hour, minute=0, second=1, microsecond=0)
        if day <= now:
            day += datetime.timedelta(days=1)
        self.set_time(int(day.timestamp() * 1000))

    def move_to_slot(self, message, index):
        times = [int(found) for found in re.findall(r"<t:(\d+)", json.dumps(message["embeds"]))]
        starts = sorted(set(moment for moment in times if moment * 1000 > self.now()))
        self.set_time(starts[index] * 1000 + 60_000)

    def zone(self):
        return self.guild_zone

    guild_zone = "UTC"


def prepare(port):
    """What an owner does first in a running sandbox: chooses the channels, so that there is an evening to press."""
    evening = Evening(ROOT / "build/bin", pathlib.Path("."))
    evening.sandbox = Sandbox(port)
    people = [user for user in evening.sandbox.call("GET", "/sim/state")["users"] if not user["bot"]]
    guild = evening.state_of_owner(people)["guilds"][0]
    owner = guild["owner_id"]
    channels = {channel["name"].lower(): channel["id"] for channel in guild["channels"]}
    evening.sandbox.until("the bot's commands", lambda: any(
        c["name"] == "modtextschedulechannel" for c in evening.state(owner)["guilds"][0]["commands"]))
    evening.command(owner, channels["schedule"], "modtextschedulechannel", channel=(7, channels["schedule"]))
    for watched in ("lounge", "ranked 1"):
        evening.command(owner, channels["schedule"], "modvoicechannel", channel=(7, channels[watched]))
    evening.command(owner, channels["schedule"], "modenablebotvoice", enable=(5, True))
    # Whoever comes to the Lounge is to be the first one there: those who sit in it go elsewhere.
    for member in guild["members"]:
        if member.get("voice_channel_id") == channels["lounge"]:
            evening.sandbox.act(member["user_id"], "voice_join", channel_id=channels["ranked 2"])
    # Before the day's posting time nothing is posted yet.
    evening.schedule = channels["schedule"]
    try:
        evening.sandbox.until("the evening to be posted by itself", lambda: evening.daily(owner), 2)
    except Failed:
        evening.command(owner, channels["schedule"], "modforcesendschedule")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/bin", help="folder of the programs")
    parser.add_argument("--keep", action="store_true", help="keep the data folder and the logs")
    parser.add_argument("--prepare", type=int, metavar="PORT", help="only choose the channels in a running sandbox")
    arguments = parser.parse_args()
    if arguments.prepare:
        prepare(arguments.prepare)
        return 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hearth-evening-"))
    evening = Evening(arguments.bin.resolve(), folder)
    try:
        evening.run()
        return 0
    except (Failed, KeyError, IndexError, StopIteration, OSError) as error:
        print(f"\nFAILED: {type(error).__name__}: {error}", file=sys.stderr)
        for log in sorted(folder.glob("*.log")):
            print(f"--- the end of {log.name}", file=sys.stderr)
            print("\n".join(log.read_text(errors="replace").split("\n")[-40:]), file=sys.stderr)
        return 1
    finally:
        for name in list(evening.children):
            evening.children[name].kill()
            evening.children[name].wait()
        if not arguments.keep:
            subprocess.run(["rm", "-rf", str(folder)], check=False)


if __name__ == "__main__":
    sys.exit(main())
