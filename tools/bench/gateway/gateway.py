#!/usr/bin/env python3
"""Every gateway row of the goals: hearthd beside discord.js and discord.py on the same local Discord, alternating.

Usage: tools/bench/gateway/gateway.py [--quick] [--rounds N] [--only NAME]... [--rows NAME]... [--json FILE]
Build first: cmake --preset bench && cmake --build --preset bench --target hearthd hearthd-wanted discord-sim
Rows: events (flood, 500/s, interactions), start; many (1000 guilds) and idle (100 guilds) in the first round only.
See tools/bench/README.md.
"""
import argparse
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import clients, measures, report  # noqa: E402

FIGURES = {
    "flood_us": "CPU per event, flood (us)",
    "flood_per_s": "events/s in the flood",
    "slow_us": "CPU per event at 500/s (us)",
    "resident_1_mb": "resident, idle, 1 guild (MB)",
    "resident_1000_mb": "resident, idle, 1000 guilds (MB)",
    "resident_100_mb": "resident, idle, 100 guilds (MB)",
    "growth_mb": "growth under flood (MB)",
    "start_s": "start to first answer (s)",
    "start_cpu_s": "the same, CPU (s)",
    "load_1000_s": "CPU to load 1000 guilds (s)",
    "settled_1000_s": "the same, until it is quiet (s)",
    "load_100_s": "CPU to load 100 guilds (s)",
    "settled_100_s": "the same, until it is quiet (s)",
    "command_p50_ms": "interaction to callback at 50/s, p50 (ms)",
    "command_p99_ms": "interaction to callback at 50/s, p99 (ms)",
    "command_us": "CPU per answered interaction at 50/s (us)",
    "idle_percent": "idle CPU, 100 guilds (% of a core)",
    "wakeups_per_s": "idle wake-ups, 100 guilds (1/s)",
}


def measure(row, client, folder, quick):
    if row == "events":
        ours = client.name.startswith(("dropped", "wanted"))
        events = (50_000 if ours else 10_000) if quick else (500_000 if ours else 100_000)
        seconds = 4 if quick else 10
        return measures.events(client, folder, events, seconds, seconds)
    if row == "start":
        return measures.start(client, folder)
    if row == "many":
        return measures.many_guilds(client, folder, 100 if quick else measures.MANY)
    return measures.idle(client, folder, 10 if quick else 30)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="rounds; clients alternate")
    parser.add_argument("--quick", action="store_true", help="one short round, for development: figures are rough")
    parser.add_argument("--only", action="append", help="part of a client's name; may be repeated")
    parser.add_argument("--rows", action="append", choices=("events", "start", "many", "idle"))
    parser.add_argument("--json", type=pathlib.Path, help="also write all figures here")
    arguments = parser.parse_args()
    quick, rows = arguments.quick, arguments.rows or ["events", "start", "many", "idle"]
    compared = [*clients.peers(), *clients.hearths()]
    if arguments.only:
        compared = [c for c in compared if any(part in c.name for part in arguments.only)]
    results, failures = {}, []
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as name:
        for number in range(1 if quick else arguments.rounds):
            for client in compared:
                figures = {}
                # Start, memory and idleness do not depend on the compression: one kind is enough.
                once = not client.name.endswith((", none", ", zlib"))
                for row in rows:
                    if (row != "events" and not once) or (number > 0 and row in ("many", "idle")):
                        continue  # the latter take minutes and hardly vary
                    folder = pathlib.Path(name) / f"{number}-{client.name.replace(', ', '-')}-{row}"
                    folder.mkdir(parents=True)
                    try:
                        figures.update(measure(row, client, folder, quick))
                    except (SystemExit, OSError) as problem:
                        failures.append(f"round {number + 1}, {client.name}, {row}: {problem}")
                        print(failures[-1], file=sys.stderr)
                results.setdefault(client.name, []).append(figures)
                print(f"round {number + 1}, {client.name}: " +
                      ", ".join(f"{key} {report.number(value)}" for key, value in figures.items()), file=sys.stderr)
            report.save(arguments.json, results, {"quick": quick, "rounds": number + 1})
    report.table(results, FIGURES, "discord.js")
    for failure in failures:
        print("FAILED " + failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
