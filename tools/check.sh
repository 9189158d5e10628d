#!/usr/bin/env bash
# Style and structure of the tree; with --sanitize: rules, I/O and actor tests under ASan and UBSan, and their
# coverage by folder.
# Usage: tools/check.sh [--fix | --sanitize | --tidy-all]
#   --fix        lets clang-format rewrite the files instead of complaining
#   --tidy-all   clang-tidy on every source file (long) instead of on the recently changed ones
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
mode=${1:-}
case "$mode" in
  "" | --fix | --sanitize | --tidy-all) ;;
  *) sed -n '2,6s/^# //p' "$0"; [ "$mode" = --help ]; exit ;;
esac

if [ "$mode" = --sanitize ]; then
  need "$build_needs $sanitize_needs"
  echo "== sanitizers (ASan, UBSan): rules, I/O, actors"
  started=$SECONDS
  build asan-ubsan rules_tests io_tests dave_tests actor_tests
  find build/asan-ubsan -name '*.gcda' -delete
  export ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
  passed=0 # [plain]: what looks at resident memory, or at minutes of sound
  for suite in rules io dave actor; do
    log=build/asan-ubsan/$suite.log
    timeout 900 "build/asan-ubsan/bin/${suite}_tests" '~[plain]' >"$log" 2>&1 || { tail -80 "$log"; echo "${suite}_tests failed"; exit 1; }
    cases=$(grep -oE '[0-9]+ test cases?' "$log" | tail -1 | grep -oE '^[0-9]+')
    echo "   ${suite}_tests: $cases cases clean"
    passed=$((passed + cases))
  done
  echo "   $((SECONDS - started)) s"
  echo "== lines of hearthd that these tests run, by folder"
  gcovr --root . --filter 'actors/' --filter 'infra/' --filter 'messages/' --exclude-throw-branches -j 2 \
    --json-summary build/asan-ubsan/coverage.json build/asan-ubsan 2>build/asan-ubsan/gcovr.log
  python3 tools/coverage_by_folder.py build/asan-ubsan/coverage.json
  echo "$passed passed, 0 failed"
  exit 0
fi

need "$check_needs $build_needs"
mapfile -t sources < <(git ls-files '*.cpp' '*.hpp')
echo "== clang-format (${#sources[@]} files)"
if [ "$mode" = --fix ]; then
  clang-format -i "${sources[@]}"
else
  clang-format --dry-run --Werror "${sources[@]}" 2>&1 | grep -E 'error:' | cut -d: -f1 | sort | uniq -c |
    sed 's/^/   not formatted: /' >build-format.log || true
  if [ -s build-format.log ]; then cat build-format.log; rm -f build-format.log; echo "Run tools/check.sh --fix"; exit 1; fi
  rm -f build-format.log
fi
echo "== structure"
python3 tools/tidy.py

echo "== clang-tidy"
release=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || true)
tidy_max=40
if [ "$mode" = --tidy-all ]; then
  tidy_max=10000
  mapfile -t tidy < <(git ls-files '*.cpp')
elif [ -n "$release" ]; then
  mapfile -t tidy < <(git diff --name-only --diff-filter=d "$release" -- '*.cpp')
else
  tidy_max=12 # no release yet: the files touched last
  mapfile -t tidy < <(git log --name-only --diff-filter=d --format= -- '*.cpp' 2>/dev/null | awk 'NF && !seen[$0]++' |
    while read -r file; do [ -e "$file" ] && echo "$file"; done)
fi
mapfile -t tidy < <(printf '%s\n' "${tidy[@]}" | grep -vE '^(tests|tools/fuzz)/' | head -"$tidy_max")
if [ ${#tidy[@]} -gt 0 ]; then
  cmake --preset tidy -DHEARTH_TESTS=OFF >/dev/null
  printf '%s\n' "${tidy[@]}" | xargs -P 2 -n 1 clang-tidy --quiet -p build/tidy 2>/dev/null >build/tidy/report.log || {
    grep -E 'warning:|error:' build/tidy/report.log | sort -u | head -60
    exit 1
  }
  echo "   ${#tidy[@]} files clean"
fi
