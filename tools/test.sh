#!/usr/bin/env bash
# Everything a change must pass: unit, actor and whole-daemon tests, real clients, a real browser.
# Usage: tools/test.sh [--quick]     --quick leaves out foreign clients and the browser
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
quick=0
case "${1:-}" in
  --quick) quick=1 ;;
  "") ;;
  *) sed -n '2,3s/^# //p' "$0"; [ "$1" = --help ]; exit ;;
esac
need "$build_needs $test_needs"

started=$SECONDS
echo "== build (release)"
build release all
echo "   $((SECONDS - started)) s"

passed=0 failed=0
# Adds a runner's counts; a runner that printed none has failed.
count() { # name, passed, failed
  printf '   %-28s %4s passed, %s failed\n' "$1" "${2:-0}" "${3:-1}"
  passed=$((passed + ${2:-0})) failed=$((failed + ${3:-1}))
}

rm -rf build/test-output/daemon # what hearthd says in this run
mkdir -p build/test-output/daemon
echo "== C++ tests (ctest)"
started=$SECONDS
ctest --test-dir build -j2 --output-on-failure --timeout 120 >build/test-output/ctest.log 2>&1 || true
total=$(grep -oE 'tests failed out of [0-9]+' build/test-output/ctest.log | grep -oE '[0-9]+$' || echo 0)
bad=$(grep -oE '[0-9]+ tests failed out of' build/test-output/ctest.log | grep -oE '^[0-9]+' || echo 1)
[ "$bad" = 0 ] || { grep -E -A40 'FAILED:|\*\*\*' build/test-output/ctest.log | head -150; }
count "ctest ($((SECONDS - started)) s)" "$((total - bad))" "$bad"

if [ "$quick" = 0 ]; then
  echo "== foreign clients and browser"
  node=$(tools/node.sh)
  for suite in interop e2e; do
    [ -d "tests/$suite" ] || continue
    started=$SECONDS
    log=build/test-output/$suite.log
    BIN_DIR="$PWD/build/bin" OUTPUT_DIR="$PWD/build/test-output" CHROMIUM="$(command -v chromium)" \
      timeout 1200 "$node" --test --test-concurrency=1 --test-reporter=spec "tests/$suite/"*.test.mjs >"$log" 2>&1 || true
    ok=$(sed -n 's/^ℹ pass //p' "$log" | tail -1)
    bad=$(sed -n 's/^ℹ fail //p' "$log" | tail -1)
    [ "${bad:-1}" = 0 ] || tail -150 "$log"
    count "$suite ($((SECONDS - started)) s)" "${ok:-0}" "${bad:-1}"
  done
fi
echo "== secrets in what hearthd said"
everything=(--all)
[ "$quick" = 0 ] || everything=() # metrics and hearthctl are for the daemon as a process
if tools/secrets.py "${everything[@]}"; then count secrets 1 0; else count secrets 0 1; fi
echo
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
