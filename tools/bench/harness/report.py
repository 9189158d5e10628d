"""Medians of rounds as a table beside the peers, and as JSON."""
import json
import os
import pathlib
import platform
import statistics


def medians(rounds):
    """{figure: median} of a list of {figure: number}; a figure's median is that of the rounds which have it."""
    keys = dict.fromkeys(key for each in rounds for key in each)
    return {key: statistics.median(each[key] for each in rounds if key in each) for key in keys}


def number(value):
    if value is None:
        return "-"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def table(results, figures, reference):
    """Prints one row for each figure: the median of each client and its part of the reference's."""
    names = list(results)
    middle = {name: medians(rounds) for name, rounds in results.items()}
    width = max(len(text) for text in figures.values()) + 2
    columns = [max(len(name), 17) + 2 for name in names]
    print(" " * width + "".join(name.rjust(w) for name, w in zip(names, columns)))
    for key, text in figures.items():
        if not any(key in middle[name] for name in names):
            continue
        base = middle.get(reference, {}).get(key)
        line = text.ljust(width)
        for name, w in zip(names, columns):
            value = middle[name].get(key)
            shown = number(value)
            if value and base and name != reference:
                shown += f" (1/{base / value:.1f})" if value < base else f" (x{value / base:.1f})"
            line += shown.rjust(w)
        print(line)


def save(path, results, arguments):
    if not path:
        return
    machine = {"cpus": os.cpu_count(), "machine": platform.machine(), "kernel": platform.release(),
               "load": os.getloadavg()}
    pathlib.Path(path).write_text(json.dumps({"machine": machine, "arguments": arguments, "rounds": results,
                                              "medians": {n: medians(r) for n, r in results.items()}}, indent=1))
