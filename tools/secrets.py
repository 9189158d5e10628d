#!/usr/bin/env python3
"""Looks for secrets in everything that the tests made hearthd say.

Tests leave hearthd's logs and errors (*.log), metrics (*.metrics) and answers to hearthctl (*.inspection) in
build/test-output/daemon, and beside them, as secrets-*.json, what the simulator gave out: bot tokens and
interaction tokens. None of these may be in any of those files; nor may a webhook's address, whose last part
is a token.

Usage: tools/secrets.py [--all] [FOLDER]     exits 1 when something is found, or when there was nothing to look for
  --all   of every kind, metrics and answers to hearthctl included
"""
import json
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORD = re.compile(rb"[A-Za-z0-9._~-]{12,}")
# Paths as they must never be written: redacted ones have *** in the token's place.
ADDRESS = re.compile(rb"/(?:webhooks|interactions)/\d{15,20}/(?!\*\*\*)[A-Za-z0-9._~-]{8,}")
# The simulator forgets interactions after an hour of its time; their tokens begin alike.
INTERACTION = re.compile(rb"aW50ZXJhY3Rpb24[0-9a-f]{8,}")
KINDS = (".log", ".metrics", ".inspection")
SHORT = 16  # a bot's token that is a plain word ("sandbox") is looked for where tokens stand


def read_secrets(folder):
    """(long ones, phrases that would hold a short one, number of files)"""
    words, phrases, files = set(), set(), 0
    for path in sorted(folder.glob("secrets-*.json")):
        files += 1
        for line in path.read_text().splitlines():
            given = json.loads(line)
            for token in given["bot_tokens"] + given["interaction_tokens"]:
                if len(token) >= SHORT:
                    words.add(token.encode())
                else:
                    phrases |= {f"Bot {token}".encode(), f'"token":"{token}"'.encode(),
                                f'"token": "{token}"'.encode()}
    return words, phrases, files


def leaks(path, words, phrases):
    text = path.read_bytes()
    found = [word for word in WORD.findall(text) if word in words]
    found += [word for word in words if b"." in word and word in text]  # a bot's, inside a longer word
    found += [phrase for phrase in phrases if phrase in text]
    found += ADDRESS.findall(text) + INTERACTION.findall(text)
    return found


def check(folder):
    words, phrases, sources = read_secrets(folder)
    logs = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.startswith("secrets-")]
    bad = 0
    for path in logs:
        for found in leaks(path, words, phrases)[:5]:
            bad += 1
            print(f"{path.relative_to(folder)}: holds {found[:6].decode(errors='replace')}… ({len(found)} bytes)")
    sizes = dict.fromkeys(KINDS, 0)
    for path in logs:
        kind = path.suffix if path.suffix in KINDS else ".log"
        sizes[kind] += path.stat().st_size
    return bad, len(words) + len(phrases), len(logs), sizes, sources


def prove():
    """The search finds what is there: a planted token, phrase and address; and passes what is clean."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "secrets-x.json").write_text(json.dumps(
            {"bot_tokens": ["sandbox", "AAAAAAAAAAAA.BBBBBB.CCCCCCCCCCCC"], "interaction_tokens": ["aW50" + "0f" * 20]}))
        log = folder / "x.log"
        log.write_text("profile sandbox, POST /interactions/1180000000000000001/***/callback: fine\n")
        assert check(folder)[0] == 0, "a clean file was refused"
        for planted in ("aW50" + "0f" * 20, "x=AAAAAAAAAAAA.BBBBBB.CCCCCCCCCCCC!", "Authorization: Bot sandbox",
                        "https://discord.com/api/webhooks/1180000000000000001/abcdefghijkl",
                        "token aW50ZXJhY3Rpb24" + "7e" * 30):
            log.write_text(f"info a line with {planted} in it\n")
            sys.stdout.flush()
            out, sys.stdout = sys.stdout, open("/dev/null", "w", encoding="utf-8")
            try:
                found = check(folder)[0]
            finally:
                sys.stdout = out
            assert found > 0, f"not found: {planted}"


def main():
    words = [word for word in sys.argv[1:] if word != "--all"]
    needed = KINDS if "--all" in sys.argv else KINDS[:1]
    folder = pathlib.Path(words[0]) if words else ROOT / "build/test-output/daemon"
    prove()
    bad, secrets, logs, sizes, sources = check(folder)
    told = ", ".join(f"{size // 1024} kB {kind[1:]}" for kind, size in sizes.items())
    print(f"{secrets} secrets of {sources} tests looked for in {logs} files of hearthd ({told}): {bad} found")
    missing = [kind for kind in needed if sizes[kind] == 0]
    if secrets == 0 or missing:
        print(f"there was nothing to look for{' in ' + ', '.join(missing) if missing else ''}: run the tests first")
    sys.exit(1 if bad or secrets == 0 or missing else 0)


main()
