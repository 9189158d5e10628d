#!/usr/bin/env bash
# The long proofs that CI is too short for. Each part prints its seed; a failure is repeated with SEED=that.
# Usage: tools/soak.sh PART...   (several parts run one after the other)
#   --disconnects N    the gateway's connection ended in every way, with votes running (20 a second)
#   --day              24 hours of traffic by a moved clock: memory, files and queues do not grow
#   --kills N          SIGKILL over votes, daily posts and settings (about a second each)
#   --copies N         the database copied while it is written to: every copy opens and is sound
#   --limits N         N REST calls over 200 lanes with changing hashes, at Discord's real 50 a second
#   --dave EPOCHS      epochs of a DAVE group among davey and ts-mls (ten a second)
#   --fuzz [SECONDS]   each fuzzer so long (default 600) or 10 million inputs; TARGETS="dave sound" chooses some
#   --resume           goes on behind the last chunk that passed, with the seed of that run
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
usage() { sed -n '2,12s/^# //p' "$0"; }
seed=${SEED:-$((RANDOM * 32768 + RANDOM))}
resume=0
state=build/soak
mkdir -p "$state"
[ $# -gt 0 ] || { usage; exit 2; }
for option in "$@"; do [ "$option" = --resume ] && resume=1; done

# chunks PART TOTAL SIZE COMMAND...: runs COMMAND with COUNT and SEED for each chunk; notes how far it came.
chunks() {
  local part=$1 total=$2 size=$3 done=0 count started=$SECONDS first=$seed
  shift 3
  if [ "$resume" = 1 ] && [ -s "$state/$part" ]; then read -r first done <"$state/$part"; fi
  echo "== $part: $total, seed $first${done:+, from $done}"
  while [ "$done" -lt "$total" ]; do
    count=$((total - done < size ? total - done : size))
    COUNT=$count SEED=$((first + done)) "$@"
    done=$((done + count))
    echo "$first $done" >"$state/$part"
  done
  rm -f "$state/$part"
  echo "   $part: $total passed in $((SECONDS - started)) s, seed $first"
}

# Node tests take their length from KILLS or COPIES.
node_test() {
  KILLS=$COUNT COPIES=$COUNT BIN_DIR="$PWD/build/bin" "$(tools/node.sh)" --test --test-reporter=spec "$1" \
    >"$state/log" 2>&1 || { tail -60 "$state/log"; return 1; }
  grep -E 'seed [0-9]+$' "$state/log"
}

# Whole-daemon tests take theirs from DISCONNECTS.
world_test() {
  DISCONNECTS=$COUNT build/bin/world_tests "$1" >"$state/log" 2>&1 || { tail -60 "$state/log"; return 1; }
  grep -E 'seed [0-9]+$' "$state/log"
}

fuzz() { # seconds, inputs
  need "$build_needs $fuzz_needs"
  echo "== fuzzers: $1 s or $2 inputs each, seed $seed"
  local names name target corpus started
  read -ra names <<<"${TARGETS:-$(ls -x -w 0 tools/fuzz/corpus)}"
  build fuzz "${names[@]/%/_fuzz}"
  export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  for name in "${names[@]}"; do
    target=build/fuzz/bin/${name}_fuzz
    corpus=$state/corpus/$name
    mkdir -p "$corpus"
    started=$SECONDS
    "$target" -max_total_time="$1" -runs="$2" -seed=$((seed % 4294967295 + 1)) -max_len=65536 -timeout=20 -rss_limit_mb=2048 \
      -artifact_prefix="$state/$name-" "$corpus" "tools/fuzz/corpus/$name" >"$state/$name.log" 2>&1 ||
      { tail -60 "$state/$name.log"; echo "$name: the input is in $state/$name-*"; return 1; }
    echo "   $name: $(grep -oE 'Done [0-9]+ runs' "$state/$name.log" | tail -1), $((SECONDS - started)) s, clean"
  done
}

while [ $# -gt 0 ]; do
  case "$1" in
    --resume) ;;
    --kills | --copies)
      need "$build_needs $test_needs"
      build release hearthd discord-sim
      if [ "$1" = --kills ]; then chunks kills "$2" 50 node_test tests/e2e/kill.test.mjs
      else chunks copies "$2" 100 node_test tests/e2e/copies.test.mjs; fi
      shift ;;
    --disconnects)
      need "$build_needs $test_needs"
      build release world_tests
      chunks disconnects "$2" 500 world_test '[soak-disconnects]'
      shift ;;
    --day)
      need "$build_needs $test_needs"
      build release hearthd hearthctl discord-sim
      echo "== a day, seed $seed"
      HOURS=24 ACTS=40 COUNT=24 SEED=$seed node_test tests/e2e/day.test.mjs ;;
    --limits)
      need "$build_needs $test_needs"
      build release world_tests
      echo "== limits: $2 calls over 200 lanes, seed $seed"
      CALLS=$2 GLOBAL=50 SEED=$seed build/bin/world_tests '[soak-limits]'
      shift ;;
    --dave)
      need "$build_needs $test_needs"
      build release dave_member
      echo "== $2 epochs among davey and ts-mls, seed $seed"
      EPOCHS=$2 SEED=$seed BIN_DIR="$PWD/build/bin" "$(tools/node.sh)" --test --test-reporter=spec tests/interop/dave.test.mjs
      shift ;;
    --fuzz)
      if [[ "${2:-}" =~ ^[0-9]+$ ]]; then fuzz "$2" 10000000; shift; else fuzz 600 10000000; fi ;;
    --help) usage; exit ;;
    *) usage; exit 2 ;;
  esac
  shift
done
