#!/usr/bin/env bash
# Instructions per event by stage, counted by callgrind: exact to a few, however busy the machine is.
# Usage: tools/bench/instructions.sh [--against FILE] [STAGE...]
#   --against FILE   prints the change since an earlier output of this script
# Build first: cmake --preset bench && cmake --build --preset bench --target bench-stages
set -euo pipefail
cd "$(dirname "$0")/../.."
. tools/need.sh
need "valgrind:valgrind"
before=
if [ "${1:-}" = --against ]; then before=$2; shift 2; fi
program=build/bin/bench-stages
mapfile -t stages < <(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else "$program"; fi)

# The whole program's instructions with N events.
count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$2" 2>&1 |
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

printf '%-16s %14s\n' stage instructions
for stage in "${stages[@]}"; do
  n=2000
  [ "$stage" = guild_create ] && n=20
  once=$(count "$stage" "$n") twice=$(count "$stage" $((2 * n)))
  each=$(((twice - once) / n))
  note=
  if [ -n "$before" ]; then
    old=$(awk -v s="$stage" '$1 == s { print $2 }' "$before")
    [ -z "$old" ] || note=$(awk -v o="$old" -v e="$each" 'BEGIN { printf "%+.1f %%", (e - o) * 100 / o }')
  fi
  printf '%-16s %14d %s\n' "$stage" "$each" "$note"
done
