#!/usr/bin/env python3
"""Structure of the tree as a test: include arrows, purity of the rules, names, sizes, dead code, stale READMEs.

Prints path:line and what to do; exits 1 when anything is wrong.
"""
import collections
import fnmatch
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
AREAS = {"gateway", "rest", "interactions", "store", "clock", "schedule", "people", "voice", "sound", "dave", "lobby", "tournament",
         "bank", "digest", "mail", "ai", "stats", "servers", "panel", "settings", "root", "inspect"}
IO_NAME = re.compile(r"_(client|server|socket|db|process|thread|encoder|session|context)\.(cpp|hpp)$")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# What a rule must not touch: threads, clocks, I/O, actors, C libraries with handles.
IMPURE_INCLUDE = re.compile(r"^(caf/|boost/(asio|beast)|curl/|sqlite3\.h|openssl/|sodium|opus/|espeak|lib(av|sw)|thread$|"
                            r"mutex$|condition_variable$|future$|fstream$|filesystem$|iostream$|random$|unistd\.h|dlfcn\.h|"
                            r"fcntl\.h|poll\.h|sys/|net(inet)?/|arpa/|spdlog/|zlib\.h|zstd\.h|systemd/)")
IMPURE_CALL = re.compile(r"\b(system_clock|steady_clock)::now\(|\bstd::rand\(|\bgetenv\(|\btime\(nullptr\)|std::random_device")
# Which trees each tree may include.
ARROWS = {
    "messages": {"messages"},
    "infra": {"messages", "infra", "config"},
    "actors": {"messages", "infra", "actors", "config"},
    "tools/discord-sim": {"discord-sim", "config"},
    "tools/hearthctl": {"hearthctl", "messages", "infra", "config"},
}
LINES_MAX = 500          # a hub of that size wants to be two files
FUNCTION_LINES_MAX = 100 # and such a function several; a table of declarations may be as long as it is
TABLES = {"infra/settings/options.cpp"}
COLUMNS_MAX = 120
# Actor headers that no test includes, and why. A *_impl.hpp is the class behind the header of its name.
UNTESTED = {
    "actors/inspect/inspection.hpp": "a whole process: tests/e2e/hearthctl.test.mjs",
    "actors/inspect/inspector.hpp": "a whole process: tests/e2e/hearthctl.test.mjs",
    "actors/root/guild_feature.hpp": "inside the classes of features: schedule, ambience",
    "actors/root/online_check.hpp": "a whole process: tests/e2e/operator.test.mjs",
    "actors/root/part_options.hpp": "inside daemon.hpp",
    "actors/voice/ambience_service.hpp": "the daemon's wiring: every test of a whole daemon",
    "actors/voice/voice_engine.hpp": "inside voice_link.hpp",
}
# A function at the margin, from its first line to the brace that ends it.
FUNCTION = re.compile(r"^(?!namespace|struct|class|enum|union|extern)[A-Za-z].*\{$")
# What looks like a function being declared or defined.
DECLARED = re.compile(r"^ {0,4}(?!return|else|throw|case|delete|new|using|typedef|goto|co_)(?:[\w:<>,&*\[\]]+ )+"
                      r"[&*]*(?:\w+(?:<[\w, ]*>)?::)*([a-z_]\w*)\(", re.M)
# Functions that libraries call by name.
HOOKS = {"async_write_some", "async_read_some", "beast_close_socket", "flush_", "sink_it_"}
# Dead, in headers that much includes: to be removed with the next change of these.
DEAD_STILL = {"make_link_button", "make_role_select", "last_insert_rowid", "remove_listener"}
# What READMEs name that git does not have.
NAMED_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`|\]\(([\w./-]+)\)")
MADE = ("build/", "backups/", "sounds/", "DATA/")
MARKERS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
TEST_NAME_CUT = re.compile(r'TEST_CASE(?:_METHOD)?\([^"]*"[^"]*;')
TEST_NAME = re.compile(r'TEST_CASE(?:_METHOD)?\(\s*(?:[\w:]+,\s*)?((?:"(?:[^"\\]|\\.)*"\s*)+)')
PATHS = re.compile(r"(?<![\w.])/(work|root|home)/")

problems = []


def wrong(path, line, text):
    problems.append(f"{path}:{line}: {text}")


def tree_of(path):
    for apart in ("tools/discord-sim", "tools/hearthctl"):
        if path.startswith(apart + "/"):
            return apart
    return path.split("/", 1)[0]


def check_source(path, lines):
    tree = tree_of(path)
    header = path.endswith(".hpp")
    if header and not any(line.startswith("#pragma once") for line in lines):
        wrong(path, 1, "a header begins with #pragma once")
    pure = tree == "infra" and not IO_NAME.search(path) and "/modules/" not in path  # opened at first use
    begun = None
    for number, line in enumerate(lines, 1):
        if FUNCTION.match(line):
            begun = number
        elif line == "}" and begun:
            if number - begun >= FUNCTION_LINES_MAX and tree != "tests" and path not in TABLES:
                wrong(path, begun, f"a function of {number - begun + 1} lines; at most {FUNCTION_LINES_MAX}")
            begun = None
        if tree == "actors" and re.search(r"public (?!instrumented)[\w:<]*\b\w+_actor::base\b", line) \
                and "instrumented<" not in line:
            wrong(path, number, "every actor is counted: instrumented<..._actor::base> (infra/inspect)")
        if len(line) > COLUMNS_MAX and tree != "tests":  # tests quote payloads as they are
            wrong(path, number, f"line of {len(line)} columns; at most {COLUMNS_MAX}")
        if MARKERS.search(line):
            wrong(path, number, "unfinished-work marker; do it, or write it into the folder's README")
        if TEST_NAME_CUT.search(line):
            wrong(path, number, "ctest cuts a test's name at ';' and then runs nothing: use ','")
        if header and re.match(r"\s*using namespace (?!std::.*literals)", line):
            wrong(path, number, "no using namespace in a header")
        found = INCLUDE.match(line)
        if not found:
            if pure and IMPURE_CALL.search(line):
                wrong(path, number, "a rule takes its clock and randomness as arguments")
            continue
        quoted, name = found.group(1) == '"', found.group(2)
        if quoted and tree in ARROWS and "/" in name:
            target = name.split("/", 1)[0]
            if target not in ARROWS[tree]:
                wrong(path, number, f"{tree} may not include {target}/ (arrows: rules <- io <- actors; the simulator alone)")
        if tree == "infra" and quoted and name.startswith("messages/") and name.endswith("_store.hpp") and pure:
            wrong(path, number, "a rule includes only plain data of messages/")
        if pure and quoted and name == "messages/actors.hpp":
            wrong(path, number, "a rule knows no actors")
        if pure and quoted and IO_NAME.search(name):
            wrong(path, number, "a rule may not include a file that does I/O")
        if tree == "messages" and not quoted and "/" in name and not name.startswith("caf/"):
            wrong(path, number, "messages include the standard library and CAF only")
        if pure and not quoted and IMPURE_INCLUDE.match(name):
            wrong(path, number, f"a rule may not use <{name}>; name the file *_client, *_db, *_session ... if it does I/O")
    if len(lines) > LINES_MAX and not path.startswith("tests/"):
        wrong(path, len(lines), f"{len(lines)} lines; at most {LINES_MAX}: it wants to be two files")


def check_names(files):
    for path in files:
        parts = path.split("/")
        if parts[0] in ("infra", "actors") and len(parts) > 2 and parts[1] not in AREAS:
            wrong(path, 1, f"'{parts[1]}' is not an area word ({' '.join(sorted(AREAS))})")
        if parts[0] in ("infra", "actors", "messages") and not re.fullmatch(r"[a-z0-9_]+\.(cpp|hpp|in|md)", parts[-1]) \
                and parts[-1] != "README.md":
            wrong(path, 1, "file names are snake_case")
    folders = {path.split("/")[0] for path in files if "/" in path and not path.startswith(".")}
    for extra in folders - {"messages", "actors", "infra", "config", "tests", "tools"}:
        wrong(extra, 1, "no other top-level folder")
    for folder in ("messages", "actors", "infra", "config", "tests", "tools"):
        if f"{folder}/README.md" not in files:
            wrong(folder, 1, "every top-level folder has a README.md of a page")


def check_actor_tests(files):
    tested = "\n".join((ROOT / path).read_text(errors="replace") for path in files if path.startswith("tests/"))
    for path in files:
        if path.startswith("actors/") and path.endswith(".hpp") and not path.endswith("_impl.hpp"):
            included = f'"{path}"' in tested
            if not included and path not in UNTESTED:
                wrong(path, 1, "no test includes this actor's header")
            if included and path in UNTESTED:
                wrong(path, 1, "a test includes this header: take it out of UNTESTED")
    for path in UNTESTED:
        if path not in files:
            wrong("tools/tidy.py", 1, f"UNTESTED names {path}, which is not there")


def check_dead(files):
    """Functions that a header declares and nothing calls: each time they are named they are declared or defined."""
    named, declared, where = collections.Counter(), collections.Counter(), {}
    for path in files:
        if not path.endswith((".cpp", ".hpp")):
            continue
        text = re.sub(r"//[^\n]*", "", (ROOT / path).read_text(errors="replace"))
        named.update(re.findall(r"[A-Za-z_]\w*", text))
        for found in DECLARED.finditer(text):
            declared[found[1]] += 1
            if path.endswith(".hpp") and " override" not in text[found.start():text.find("\n", found.end())]:
                where.setdefault(found[1], (path, text.count("\n", 0, found.start()) + 1))
    for name, (path, line) in where.items():
        if named[name] <= declared[name] and name not in HOOKS | DEAD_STILL:
            wrong(path, line, f"nothing calls {name}: remove it")
    for name in DEAD_STILL - {name for name in where if named[name] <= declared[name]}:
        wrong("tools/tidy.py", 1, f"DEAD_STILL names {name}, which is gone or called")


def check_readmes(files):
    folders = {"/".join(path.split("/")[:depth]) for path in files for depth in range(1, path.count("/") + 1)}
    there = set(files) | folders
    for path in files:
        if not path.endswith("README.md"):
            continue
        home = path.rpartition("/")[0]
        lines = (ROOT / path).read_text().split("\n")
        for number, line in enumerate(lines, 1):
            for found in NAMED_PATH.finditer(line):
                name = (found[1] or found[2]).rstrip("/")
                tries = [name, f"{home}/{name}"] + [f"{home}/{each}/{name}" for each in ("infra", "actors")] + [f"tests/{name}"]
                if found[2]:
                    tries = [str((ROOT / home / name).resolve().relative_to(ROOT))]
                if not any(each in there or any(one.startswith(each + ".") for one in there) for each in tries) \
                        and not (found[1] or "").startswith(MADE):
                    wrong(path, number, f"names {name}, which is not there")
        said = {word for quoted in re.findall(r"`([^`]+)`", "\n".join(lines)) for word in re.findall(r"[\w.*-]+", quoted)}
        said |= {link.strip("/").split("/")[0] for link in re.findall(r"\]\(([\w./-]+)\)", "\n".join(lines))}
        for child in sorted({each[len(home):].strip("/").split("/")[0] for each in files if each.startswith(home)}):
            stem = child.split(".")[0]
            if stem and stem not in ("README", "CMakeLists", "CMakePresets", "LICENSE", "CHANGELOG") \
                    and not any(fnmatch.fnmatch(stem, word.split(".")[0]) for word in said):
                wrong(path, 1, f"does not say what {child} is for")


def check_proofs(files):
    """Tests that a table of a README names ("area: beginning of the name") are there."""
    names = {"".join(re.findall(r'"((?:[^"\\]|\\.)*)"', found))
             for path in files if path.startswith("tests/") and path.endswith(".cpp")
             for found in TEST_NAME.findall((ROOT / path).read_text(errors="replace"))}
    areas = {name.split(":")[0] for name in names if ":" in name}
    for path in ("tests/README.md", "actors/README.md"):
        for number, line in enumerate((ROOT / path).read_text().split("\n"), 1):
            for cell in line.split("|")[2:] if line.startswith("|") else []:
                for said in re.split(r";", re.sub(r"`[^`]*`|\([^)]*\)", "", cell)):
                    said = said.strip()
                    if said.split(":")[0] in areas and ": " in said \
                            and not any(name.startswith((said, said.split(",")[0])) for name in names):
                        wrong(path, number, f"no test is called '{said}...'")


def main():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True,
                            capture_output=True, check=True).stdout.split("\n")
    files = [path for path in listed if path and (ROOT / path).is_file()]
    for path in files:
        if path.endswith((".cpp", ".hpp")):
            check_source(path, (ROOT / path).read_text(errors="replace").split("\n"))
        if path.endswith((".cpp", ".hpp", ".md", ".sh", ".py", ".mjs", ".toml", ".txt", ".json")):
            for number, line in enumerate((ROOT / path).read_text(errors="replace").split("\n"), 1):
                if PATHS.search(line) and "fresh" not in path and "tidy.py" not in path:
                    wrong(path, number, "names a path of one machine")
    check_names(files)
    check_actor_tests(files)
    check_dead(files)
    check_readmes(files)
    check_proofs(files)
    for problem in problems:
        print("   " + problem)
    print(f"   {len(files)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
