#!/usr/bin/env bash
# The long proofs that CI is too short for. Every part prints its seed; a failure is repeated with SEED=that.
# Usage: tools/soak.sh [--kills N]     (default 100; about five seconds each)
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
kills=100
while [ $# -gt 0 ]; do
  case "$1" in
    --kills) kills=$2; shift ;;
    *) sed -n '2,3s/^# //p' "$0"; [ "$1" = --help ]; exit ;;
  esac
  shift
done
need "$build_needs $test_needs"
build release hearthd discord-sim
node=$(tools/node.sh)
seed=${SEED:-$((RANDOM * 32768 + RANDOM))}
echo "== $kills kills at random moments during voting and posting, seed $seed"
KILLS=$kills SEED=$seed BIN_DIR="$PWD/build/bin" "$node" --test --test-reporter=spec tests/e2e/kill.test.mjs
