#!/usr/bin/env bash
# What an operator does with the packages, in a bare Debian 12: install, run, upgrade, roll back, remove, purge.
# Usage: tools/package.sh --prove   (it makes the packages first; as root; BARE_ROOT names a root to copy, for haste)
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
. tools/root.sh
[ "$(id -u)" -eq 0 ] || { echo "tools/package.sh --prove needs root (debootstrap and chroot)." >&2; exit 77; }
[ -n "${PROOF_MOUNTS:-}" ] || exec unshare --mount env PROOF_MOUNTS=1 tools/package_proof.sh # its mounts end with it
need "debootstrap:debootstrap unshare:util-linux python3:python3 strace:strace sqlite3:sqlite3
  systemd-analyze:systemd"

passed=0
root=$(mktemp -d "${TMPDIR:-/var/tmp}/hearth-package.XXXXXX")
sim='' bot=''
finish() {
  trap - EXIT
  # shellcheck disable=SC2086 # empty when it does not run
  kill $bot $sim 2>/dev/null || true
  wait 2>/dev/null || true
  umount "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap finish EXIT
ok() { # WHAT
  passed=$((passed + 1))
  echo "   $1"
}
fail() { # WHAT
  echo "FAILED: $1" >&2
  for log in "$root"/proof/*.log; do
    [ -e "$log" ] && { echo "--- the end of ${log##*/}"; tail -15 "$log"; } >&2
  done
  echo "$passed passed, 1 failed"
  exit 1
}
holds() { # WHAT COMMAND...
  local what=$1
  shift
  "$@" >/dev/null 2>&1 || fail "$what"
  ok "$what"
}
wait_for() { # SECONDS COMMAND...
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.1
  done
}
inside() { # SHELL COMMAND
  printf 'set -e\nexport DEBIAN_FRONTEND=noninteractive\n%s\n' "$1" >"$root/proof/step.sh"
  run_in_root "$root" /proof/step.sh >"$root/proof/step.log" 2>&1
}
count() { sqlite3 "file:$root/var/lib/hearth/prod/hearth.db?mode=ro" "$1"; }

# The next version: the same with one change of the schema, so that there is something to migrate and to take back.
echo "== the next version, to upgrade to"
next=build/package-next
version=$(sed -n 's/^project(hearth VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
mkdir -p $next
find $next -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} + # files that were removed since
git ls-files -z --cached --others --exclude-standard -- . ':!tests' >$next/files
tar -c --null --ignore-failed-read -T $next/files 2>/dev/null | tar -x -C $next
sed -i "s/^project(hearth VERSION $version/project(hearth VERSION $version.1/" $next/CMakeLists.txt
echo "CREATE TABLE proof_of_upgrade(what TEXT NOT NULL) STRICT;" >$next/config/migrations/9990_proof.sql
cmake -S $next --preset release -DHEARTH_TESTS=OFF >/dev/null
cmake --build $next/build --target hearthd hearthctl -j2 >$next/build.log 2>&1 || { tail -20 $next/build.log; exit 1; }
rm -rf $next/build/packages
(cd $next/build && cpack -D CPACK_COMPONENTS_ALL=hearth >cpack.log 2>&1)

echo "== a bare Debian 12"
if [ -n "${BARE_ROOT:-}" ]; then cp -a "$BARE_ROOT/." "$root/"; else make_bare_root "$root"; fi
mount -t proc proc "$root/proc"
mkdir -p "$root/proof/old" "$root/proof/next"
cp build/packages/*.deb "$root/proof/old/"
cp $next/build/packages/*.deb "$root/proof/next/"
# Everything but what other packages and this proof itself write.
listing() {
  (cd "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./proof -o -path ./tmp -o -path ./run \
    -o -path ./var/cache -o -path ./var/lib/apt -o -path ./var/log -o -path './var/lib/dpkg/*-old' \) -prune -o -print) | sort
}

echo "== install"
inside 'apt-get update -qq
  dpkg -i /proof/old/*.deb || true
  apt-get -f install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends
  dpkg -s hearth hearth-sim | grep -c "^Status: install ok installed" | grep -qx 2' || { cat "$root/proof/step.log"; fail "dpkg -i, then apt-get -f install"; }
ok "dpkg -i, then apt-get -f install for the dependencies"
inside 'apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends man-db >/dev/null; dpkg --purge hearth hearth-sim'
listing >"$root/proof/before.txt"
: >"$root/proof/newer"
inside 'dpkg -i /proof/old/*.deb; getent passwd hearth | grep -q /var/lib/hearth
  hearthd --version; hearthd --check
  man hearthd | grep -q -- --check; man hearth.toml | grep -q compression; man hearthctl | grep -q restore; man discord-sim | grep -q -- --port' ||
  { cat "$root/proof/step.log"; fail "the programs and manual pages work"; }
ok "installed: user, programs, manual pages"
holds "nothing was started, and the settings parse" test ! -e "$root/var/lib/hearth"

echo "== run, as the unit would"
chroot "$root" discord-sim --port 0 >"$root/proof/sim.log" 2>&1 &
sim=$!
wait_for 20 grep -q 'listens on' "$root/proof/sim.log" || fail "discord-sim starts"
port=$(grep -oE '[0-9]+$' "$root/proof/sim.log")
# What an operator changes in the conffile.
sed -i "s|^# api = .*|api = \"http://127.0.0.1:$port/api\"|" "$root/etc/hearth/hearth.toml"
install -m 600 /dev/stdin "$root/etc/hearth/discord_token" <<<sandbox
# What systemd does before it starts the unit: StateDirectory=, LoadCredential=.
chroot "$root" install -d -o hearth -g hearth -m 750 /var/lib/hearth
chroot "$root" install -d -o hearth -m 500 /run/hearth-credentials
chroot "$root" install -o hearth -m 400 /etc/hearth/discord_token /run/hearth-credentials/discord_token
by_hand=(chroot "$root" env -i PATH=/usr/bin:/bin setpriv --reuid hearth --regid hearth --clear-groups --no-new-privs
  --bounding-set=-all)
as_hearth=("${by_hand[@]}" env STATE_DIRECTORY=/var/lib/hearth CREDENTIALS_DIRECTORY=/run/hearth-credentials)
start() { # LOG [WRAPPER...]
  local log=$root/proof/$1
  shift
  "$@" "${as_hearth[@]}" hearthd >"$log" 2>&1 &
  bot=$!
  wait_for 30 grep -q 'online as' "$log"
}
stop() {
  kill -TERM "$(head -1 "$root/var/lib/hearth/prod/hearthd.lock")"
  wait "$bot" || fail "hearthd ends in order on SIGTERM"
  bot=''
}
start first.log strace -f -qq -o "$root/proof/calls.txt" || fail "hearthd of the package goes online at discord-sim of the other"
ok "hearthd of the package is online at discord-sim of the other package"
python3 tools/demo_evening.py --prepare "$port" || fail "an owner can choose channels"
wait_for 20 test "$(count 'SELECT count(*) FROM guild_channel')" != 0 || fail "settings are stored"
settings=$(count 'SELECT count(*) FROM guild_channel')
ok "an owner chooses channels, an evening is posted"
# As by hand: the data folder comes from the settings.
wait_for 10 "${by_hand[@]}" hearthctl status || fail "hearthctl status"
"${by_hand[@]}" hearthctl status >"$root/proof/status.log" 2>&1
ok "hearthctl status: $(head -1 "$root/proof/status.log")"
holds "hearthctl backup makes a verified copy" "${by_hand[@]}" hearthctl backup /var/lib/hearth/by-hand.db
stop
ok "SIGTERM ends it in order"

# Every system call of that run is one that the unit allows.
unit=$root/lib/systemd/system/hearth.service
sed -n 's/^[0-9]* *\([a-z_0-9]*\)(.*/\1/p' "$root/proof/calls.txt" | sort -u >"$root/proof/used.txt"
expand() { # SET...: the names in them
  local one
  for one in "$@"; do
    case "$one" in
      @*)
        # shellcheck disable=SC2046 # a list
        expand $(systemd-analyze syscall-filter "$one" | sed -n 's/^    \([-@a-z_0-9]*\)$/\1/p')
        ;;
      *) echo "$one" ;;
    esac
  done
}
grep -E '^SystemCallFilter=' "$unit" | cut -d= -f2 | while read -r sets; do
  # shellcheck disable=SC2086 # a list
  case "$sets" in
    '~'*) expand ${sets#\~} | sed 's/^/-/' ;;
    *) expand $sets | sed 's/^/+/' ;;
  esac
done | awk '{ allowed[substr($0, 2)] = substr($0, 1, 1) } END { for (call in allowed) if (allowed[call] == "+") print call }' |
  sort >"$root/proof/allowed.txt"
# What brings the program up before the filter of its unit counts: setpriv, chroot, env.
refused=$(comm -23 "$root/proof/used.txt" "$root/proof/allowed.txt" | grep -vxE 'chroot|set[gu]id|setres[gu]id|setgroups|capset|execve' || true)
[ -z "$refused" ] || fail "the unit forbids calls that hearthd makes: $refused"
ok "the unit's filter allows all $(wc -l <"$root/proof/used.txt") system calls of that run"

echo "== upgrade"
inside 'dpkg -i /proof/old/*.deb' || { cat "$root/proof/step.log"; fail "upgrade over itself"; }
holds "upgrade over itself keeps the changed settings" grep -q "127.0.0.1:$port" "$root/etc/hearth/hearth.toml"
start again.log || fail "it is online after it"
[ "$(count 'SELECT count(*) FROM guild_channel')" = "$settings" ] || fail "its guilds' settings are as before"
grep -q 'brought to' "$root/proof/again.log" && fail "nothing was migrated"
ok "and data: online with the same guild settings, nothing to migrate"
stop
inside 'dpkg -i --force-confold /proof/next/*.deb; hearthd --version | grep -q "'"$version.1"'"' || { cat "$root/proof/step.log"; fail "upgrade to the next version"; }
start next.log || fail "the next version is online"
holds "the next version migrates the database" grep -q 'brought to 9990_proof' "$root/proof/next.log"
stop
copy=$(ls "$root"/var/lib/hearth/prod/backups/before-9990_*.db) || fail "there is a copy from before"
ok "there is a verified copy from before: ${copy##*/}"

echo "== rollback"
inside 'dpkg -i /proof/old/hearth_*.deb; hearthd --version | grep -qx "hearthd '"$version"'"' || { cat "$root/proof/step.log"; fail "the previous package installs over the next"; }
status=0
"${as_hearth[@]}" timeout 20 hearthd >"$root/proof/refused.log" 2>&1 || status=$?
{ [ "$status" = 78 ] && grep -q 'was written by a newer hearthd' "$root/proof/refused.log"; } || fail "the older version refuses the newer database with 78"
ok "the previous version refuses the newer database with 78, and says what to do"
inside "cd /var/lib/hearth/prod; mkdir newer; mv hearth.db* newer/; install -o hearth -g hearth -m 600 backups/${copy##*/} hearth.db"
start rollback.log || fail "the previous version is online with the copy"
[ "$(count 'SELECT count(*) FROM guild_channel')" = "$settings" ] || fail "the copy has the guilds' settings"
ok "with the copy in place it is online, with the same guild settings"
stop

echo "== remove and purge"
inside 'dpkg --remove hearth hearth-sim'
holds "removal keeps settings, token and data" test -e "$root/etc/hearth/hearth.toml" -a -e "$root/etc/hearth/discord_token" -a -e "$root/var/lib/hearth/prod/hearth.db"
inside 'dpkg --purge hearth hearth-sim' || { cat "$root/proof/step.log"; fail "purge"; }
left=$(listing | comm -13 "$root/proof/before.txt" -)
[ -z "$left" ] || fail "purge leaves: $left"
ok "purge leaves no file that was not there"
named=$(find "$root" -mindepth 1 -xdev \( -path "$root/proof" -o -path "$root/run" -o -path "$root/var/cache" \) -prune -o \( -iname '*hearth*' -o -iname '*discord*' \) -print)
[ -z "$named" ] || fail "purge leaves: $named"
newer=$(find "$root" -xdev \( -path "$root/proof" -o -path "$root/var/lib/dpkg" -o -path "$root/var/cache" -o -path "$root/var/log" \
  -o -path "$root/proc" -o -path "$root/dev" -o -path "$root/run" -o -path "$root/tmp" \) -prune -o -type f -newer "$root/proof/newer" -print)
newer=$(echo "${newer//$root/}" | grep -vxE '/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?|/etc/.pwd.lock|/var/lib/apt/extended_states|' || true)
[ -z "$newer" ] || fail "purge leaves changed files: $newer"
ok "and no file changed but those of the user database, where the user hearth stays"

echo "== the units, under a systemd"
inside 'dpkg -i /proof/old/*.deb' || fail "both packages install again"
tools/package_boot.sh "$root" >"$root/proof/units.txt" || { cat "$root/proof/units.txt"; fail "the units under a systemd"; }
cat "$root/proof/units.txt"
passed=$((passed + $(grep -vc skipped "$root/proof/units.txt" || true)))
echo
echo "$passed passed, 0 failed"
