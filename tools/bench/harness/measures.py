"""The measurements: each takes a client, starts it on a fresh local Discord and returns {figure: number}."""
import threading
import time

from . import process
from .discord import Discord, stop

LOADED, MANY = 100, 1000  # guilds of the idle and of the big measurement
CALM_S = 22  # before memory is read: hearthd gives back what its start needed after ten quiet seconds
IDLE_AFTER_S = 35  # the patience of questions asked at the start (30 s) is over by then


def _percentile(ascending, part):
    return ascending[min(len(ascending) - 1, int(len(ascending) * part))]


def _settled(pid, patience_s=10):
    """Waits until the process does (nearly) nothing for a second: imports, JIT and first garbage are behind it."""
    before = process.cpu_s(pid)
    for _ in range(patience_s):
        time.sleep(1)
        now = process.cpu_s(pid)
        if now - before < 0.03:
            return
        before = now


def events(client, folder, flood_events, slow_s, command_s):
    """One guild: a flood, 500 events a second, and interactions at 50 a second."""
    with Discord(folder, 1, ["--no-rate-limits"]) as discord, client.start(discord, folder / "client") as running:
        pid = running.pid
        discord.await_ready()
        discord.await_command(client.command)
        _settled(pid)
        time.sleep(CALM_S)
        found = {"resident_1_mb": process.resident_mb(pid)}
        data = process.data_mb(pid)
        sent = 1 + flood_events + flood_events // 5
        discord.flood(flood_events // 5)
        with process.Peak(pid) as peak:
            before = process.cpu_s(pid)
            answer = discord.flood(flood_events)
            found["flood_us"] = (process.cpu_s(pid) - before) / flood_events * 1e6
        found["flood_per_s"] = flood_events / max(answer["ms"], 1) * 1000
        found["growth_mb"] = peak.data_mb - data
        if slow_s:
            _settled(pid)
            before = process.cpu_s(pid)
            discord.flood(500 * slow_s, 500)
            found["slow_us"] = (process.cpu_s(pid) - before) / (500 * slow_s) * 1e6
            sent += 500 * slow_s
        if command_s:
            discord.load(client.command, 50, 50)  # warm
            before = process.cpu_s(pid)
            answer = discord.load(client.command, 50 * command_s, 50)
            found["command_us"] = (process.cpu_s(pid) - before) / (50 * command_s) * 1e6
            found["command_p50_ms"] = _percentile(answer["us"], 0.50) / 1000
            found["command_p99_ms"] = _percentile(answer["us"], 0.99) / 1000
            if answer["failed"]:
                raise SystemExit(f"{client.name}: {answer['failed']} commands not answered: {answer.get('problem')}")
        said = running.handled()
        if said["all"] < sent * client.counts:
            raise SystemExit(f"{client.name} handled {said['all']} of {sent} events")
        found["handled"] = said["all"]
        wrong = discord.get("/sim/violations")
        if wrong["total"]:
            raise SystemExit(f"{client.name} broke rules: {wrong['kinds']}")
        return found


def start(client, folder):
    """One guild, commands known from an earlier run: from the start of the process to the first answer."""
    with Discord(folder, 1) as discord:
        with client.start(discord, folder / "client") as first:
            discord.await_ready()
            discord.await_command(client.command)
            _settled(first.pid, 3)
        for kept in (folder / "client").glob("data/**/gateway-*.session"):
            kept.unlink()  # the peers cannot resume either
        time.sleep(6)  # a client that counts its IDENTIFYs keeps Discord's five seconds between two of them
        got = {}
        asking = threading.Thread(target=lambda: got.update(discord.load(client.command, 1, 1)))
        asking.start()
        time.sleep(0.1)  # it polls by then
        began = time.monotonic_ns()
        with client.start(discord, folder / "client") as running:
            asking.join()
            used = process.cpu_s(running.pid)
        if got.get("answered") != 1:
            raise SystemExit(f"{client.name} did not answer after its start: {got}")
        return {"start_s": (got["first_ns"] - began) / 1e9, "start_cpu_s": used}


def many_guilds(client, folder, guilds=MANY):
    """Processor time and memory with many guilds in the cache."""
    with Discord(folder, guilds, ["--no-rate-limits"]) as discord, client.start(discord, folder / "client") as running:
        discord.await_ready(900)
        used = process.cpu_s(running.pid)
        _settled(running.pid, 120)  # hearthd also looks at each guild's commands
        settled = process.cpu_s(running.pid)
        time.sleep(CALM_S)
        return {f"load_{guilds}_s": used, f"settled_{guilds}_s": settled,
                f"resident_{guilds}_mb": process.resident_mb(running.pid)}


def idle(client, folder, seconds, guilds=LOADED):
    """What a connected client costs when nothing happens: its start, and what waits for its end, are over."""
    with Discord(folder, guilds, ["--no-rate-limits"]) as discord, client.start(discord, folder / "client") as running:
        pid = running.pid
        discord.await_ready()
        _settled(pid, 30)
        time.sleep(IDLE_AFTER_S)
        before, woken, began = process.fine_cpu_s(pid), process.wakeups(pid), time.monotonic()
        time.sleep(seconds)
        passed = time.monotonic() - began
        after = process.wakeups(pid)
        found = {"idle_percent": (process.fine_cpu_s(pid) - before) / passed * 100,
                 "wakeups_per_s": (sum(after.values()) - sum(woken.get(t, 0) for t in after)) / passed}
        return found


__all__ = ["events", "start", "many_guilds", "idle", "stop"]
