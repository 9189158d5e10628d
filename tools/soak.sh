#!/usr/bin/env bash
# The long proofs that CI is too short for. Every part prints its seed; a failure is repeated with SEED=that.
# Usage: tools/soak.sh [--kills N] [--dave EPOCHS]     (default 100 kills; about five seconds each, ten epochs a second)
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
kills= dave=0
while [ $# -gt 0 ]; do
  case "$1" in
    --kills) kills=$2; shift ;;
    --dave) dave=$2; kills=${kills:-0}; shift ;;
    *) sed -n '2,3s/^# //p' "$0"; [ "$1" = --help ]; exit ;;
  esac
  shift
done
need "$build_needs $test_needs"
build release hearthd discord-sim
node=$(tools/node.sh)
seed=${SEED:-$((RANDOM * 32768 + RANDOM))}
if [ "$dave" -gt 0 ]; then
  build release dave_member
  echo "== $dave epochs among davey and ts-mls, seed $seed"
  EPOCHS=$dave SEED=$seed BIN_DIR="$PWD/build/bin" "$node" --test --test-reporter=spec tests/interop/dave.test.mjs
fi
[ "${kills:=100}" -gt 0 ] || exit 0
echo "== $kills kills at random moments during voting and posting, seed $seed"
KILLS=$kills SEED=$seed BIN_DIR="$PWD/build/bin" "$node" --test --test-reporter=spec tests/e2e/kill.test.mjs
