#!/usr/bin/env python3
"""What a REST call costs: rest_client beside discord.js, both posting messages to the same local Discord.

Usage: tools/bench/rest/rest.py [--quick] [--rounds N] [--json FILE]
Build first: cmake --preset bench && cmake --build --preset bench --target bench-rest discord-sim
That limits are kept is not measured here but proven by tests/sim/rest_limits_test.cpp.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import clients, report  # noqa: E402
from harness.discord import ROOT, Discord  # noqa: E402

FIGURES = {
    "rest_slow_us": "CPU per call at 40/s (us)",
    "rest_flood_us": "CPU per call, 32 at a time (us)",
    "rest_per_s": "calls/s, 32 at a time",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    compared = {"discord.js": [clients.node(), str(ROOT / "tools/bench/rest/rest.mjs")],
                "hearth": [str(ROOT / "build/bin/bench-rest")]}
    results = {name: [] for name in compared}
    slow, many = (200, 1_000) if arguments.quick else (800, 10_000)
    for _ in range(1 if arguments.quick else arguments.rounds):
        for name, program in compared.items():
            with tempfile.TemporaryDirectory(prefix="hearth-bench-") as folder, \
                    Discord(folder, 1, ["--no-rate-limits"]) as discord:
                channel = discord.player()[1]

                def run(count, per_second):
                    done = subprocess.run([*program, discord.base, channel, str(count), str(per_second)], check=True,
                                          capture_output=True, text=True)
                    return json.loads(done.stdout)
                calm, busy = run(slow, 40), run(many, 0)
                results[name].append({"rest_slow_us": calm["cpu_us_per_call"], "rest_flood_us": busy["cpu_us_per_call"],
                                      "rest_per_s": busy["calls_per_s"]})
    report.table(results, FIGURES, "discord.js")
    report.save(arguments.json, results, {"quick": arguments.quick})


if __name__ == "__main__":
    main()
