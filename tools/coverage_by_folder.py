#!/usr/bin/env python3
"""Adds up a gcovr JSON summary by folder. Usage: coverage_by_folder.py SUMMARY.json"""
import json
import pathlib
import sys

folders = {}
for each in json.load(open(sys.argv[1]))["files"]:
    folder = str(pathlib.PurePosixPath(each["filename"]).parent)
    covered, total = folders.get(folder, (0, 0))
    folders[folder] = (covered + each["line_covered"], total + each["line_total"])
for folder, (covered, total) in sorted(folders.items()):
    print(f"   {folder:<28} {100 * covered / max(total, 1):5.1f} %  of {total:5} lines")
covered, total = (sum(each[i] for each in folders.values()) for i in (0, 1))
print(f"   {'together':<28} {100 * covered / max(total, 1):5.1f} %  of {total:5} lines")
