#!/usr/bin/env python3
"""What a durable write costs: hearthd's store thread beside what Python bots do (sqlite3, one commit a write).

Usage: tools/bench/store/store.py [--quick] [--rounds N] [--json FILE]
Build first: cmake --preset bench && cmake --build --preset bench --target bench-store
"""
import argparse
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from harness import report  # noqa: E402
from harness.discord import ROOT  # noqa: E402

PROGRAM = ROOT / "build/bin/bench-store"
FIGURES = {
    "cpu_us_per_write": "CPU per durable upsert under load (us)",
    "writes_per_s": "durable upserts/s",
    "fsyncs_per_write": "fsyncs per upsert under load",
    "commits_per_s": "commits/s of idle chatter (50 notes/s)",
    "fsyncs_per_s": "fsyncs/s of idle chatter",
    "cpu_percent": "CPU of idle chatter (%)",
}


def ours(mode, amount):
    return json.loads(subprocess.run([PROGRAM, mode, str(amount)], check=True, capture_output=True, text=True).stdout)


def fsyncs(mode, amount):
    """Counted by strace in a run of its own, which is slow."""
    if not shutil.which("strace"):
        return None
    said = subprocess.run(["strace", "-f", "-c", "-e", "trace=fsync,fdatasync", PROGRAM, mode, str(amount)], check=True,
                          capture_output=True, text=True).stderr
    return sum(int(line.split()[3]) for line in said.split("\n") if re.search(r"\bf(data)?sync$", line))


def python(writes):
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as folder:
        db = sqlite3.connect(folder + "/peer.db", isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE guild_option(guild INTEGER, key TEXT, value TEXT, PRIMARY KEY(guild, key))")
        before, began = time.process_time(), time.monotonic()
        for n in range(writes):
            db.execute("INSERT INTO guild_option VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET value=excluded.value",
                       (n % 1000, f"option{n % 7}", str(n)))
        return {"cpu_us_per_write": (time.process_time() - before) / writes * 1e6,
                "writes_per_s": writes / (time.monotonic() - began), "fsyncs_per_write": 1}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    writes, seconds = (20_000, 5) if arguments.quick else (200_000, 20)
    results = {"sqlite3 (Python)": [], "hearth": []}
    for _ in range(1 if arguments.quick else arguments.rounds):
        results["sqlite3 (Python)"].append(python(writes // 40))
        figures = {**ours("load", writes), **ours("chatter", seconds)}
        counted, made = fsyncs("load", writes // 10), fsyncs("chatter", 0)  # the latter: a new database's own
        if counted is not None:
            figures["fsyncs_per_write"] = (counted - made) / (writes // 10)
            begun = fsyncs("chatter", 2)  # the first commit also begins a log, the end copies it into the database
            figures["fsyncs_per_s"] = (fsyncs("chatter", 2 + seconds) - begun) / seconds
        results["hearth"].append(figures)
    report.table(results, FIGURES, "sqlite3 (Python)")
    report.save(arguments.json, results, {"quick": arguments.quick})


if __name__ == "__main__":
    main()
