#!/usr/bin/env bash
# The units under a real systemd: boots the given root, in which both packages can be installed, in namespaces of its
# own and plays an operator. Called by package_proof.sh.  Usage: tools/package_boot.sh ROOT   (as root)
set -euo pipefail
root=$1
units=$root/etc/systemd/system
cgroups=$(findmnt -n -o TARGET -t cgroup2 | head -1)
group=$cgroups/hearth-proof.$$
mkdir "$group" 2>/dev/null || { echo "   skipped: no cgroup can be made here"; exit 0; }
finish() { find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true; }
trap finish EXIT

cat >"$units/sim.service" <<'UNIT'
[Service]
ExecStart=/usr/bin/discord-sim --port 8787
UNIT
cat >"$units/play.service" <<'UNIT'
[Unit]
After=sim.service
[Service]
Type=oneshot
StandardOutput=append:/proof/play.log
StandardError=append:/proof/play-errors.log
ExecStart=/bin/bash /proof/play.sh
ExecStopPost=/bin/systemctl --no-block poweroff --force
UNIT
cat >"$units/play.target" <<'UNIT'
[Unit]
Wants=sim.service play.service systemd-journald.service systemd-journald.socket systemd-journald-dev-log.socket
UNIT
# What would touch the kernel that all share.
for unit in systemd-sysctl systemd-modules-load systemd-udevd systemd-remount-fs systemd-tmpfiles-setup-dev; do
  ln -sf /dev/null "$units/$unit.service"
done

cat >"$root/proof/play.sh" <<'PLAY'
fail() { echo "FAILED: $1"; journalctl --no-pager -o cat -u 'hearth*' | tail -25; exit 1; }
ok() { echo "   $1"; }
wait_for() { local end=$((SECONDS + $1)); shift; until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.1; done; }
main() { systemctl show -P MainPID "${1:-hearth}"; }
said() { journalctl --no-pager -o cat -u "${2:-hearth}" | grep -q -- "$1"; }
changed() { systemctl is-active -q hearth && [ "$(main)" != 0 ] && [ "$(main)" != "$1" ]; }
sed -i 's|^# api = .*|api = "http://127.0.0.1:8787/api"|' /etc/hearth/hearth.toml
mkdir -p /etc/systemd/system/hearth.service.d
printf '[Service]\nRestartSec=100ms\nWatchdogSec=3s\n' >/etc/systemd/system/hearth.service.d/haste.conf
systemctl daemon-reload
wait_for 20 bash -c 'exec 3<>/dev/tcp/127.0.0.1/8787' || fail "discord-sim listens"

systemctl start hearth && fail "no start without a token"
[ "$(systemctl show -P ExecMainStatus hearth)" = 78 ] && said "has no Discord token" || fail "it ends with 78 and says why"
[ "$(systemctl show -P ActiveState hearth)$(systemctl show -P NRestarts hearth)" = failed0 ] || fail "it is not tried again"
ok "without a token: it says so, ends with 78 and is not started again"

install -m 600 /dev/stdin /etc/hearth/discord_token <<<sandbox
timeout 30 systemctl start hearth || fail "systemctl start"
[ "$(systemctl show -P StatusText hearth)" = "online as Hearth" ] || fail "ready means online"
[ "$(ps -o user= -p "$(main)" 2>/dev/null || stat -c %U "/proc/$(main)")" = hearth ] || fail "it runs as hearth"
[ "$(stat -c %U:%a /var/lib/hearth/prod/hearth.db)" = hearth:600 ] || fail "the database is its own"
tr '\0' '\n' <"/proc/$(main)/environ" | grep -qi token && fail "no token in the environment"
ok "with the token as credential: ready when online, as user hearth, no token in the environment"

sed -i 's/^# level = "info"/level = "debug"/' /etc/hearth/hearth.toml
before=$(main)
systemctl reload hearth && wait_for 10 said 'log.level: "info" -> "debug"' || fail "reload applies a change"
echo 'nonsense' >>/etc/hearth/hearth.toml
systemctl reload hearth && wait_for 10 said 'nothing was changed; the configuration has mistakes' || fail "reload refuses a mistake"
sed -i '$d' /etc/hearth/hearth.toml
{ wait_for 10 systemctl is-active hearth && [ "$(main)" = "$before" ]; } || fail "it goes on through reloads"
ok "reload applies a change, and refuses a file with a mistake while it goes on"

kill -KILL "$before"
wait_for 20 changed "$before" || fail "a killed one is started again"
ok "killed, it is started again"
before=$(main)
kill -STOP "$before"
wait_for 30 changed "$before" || fail "the watchdog"
said 'Watchdog timeout' || fail "the watchdog is what ended it"
ok "standing still, it is ended by the watchdog and started again"

install -m 600 /dev/stdin /etc/hearth/discord_token_preprod <<<sandbox
timeout 30 systemctl start hearth@preprod || fail "a second profile"
[ -e /var/lib/hearth/preprod/hearth.db ] && systemctl is-active -q hearth || fail "two profiles side by side"
ok "hearth@preprod runs beside it, with its own data"

before=$(main) beside=$(main hearth@preprod)
dpkg -i /proof/old/hearth_*.deb >/dev/null || fail "dpkg -i"
wait_for 20 changed "$before" && [ "$(main hearth@preprod)" != "$beside" ] || fail "an upgrade restarts both"
wait_for 20 systemctl is-active hearth@preprod || fail "both are active after it"
ok "an upgrade restarts both"

systemctl enable -q hearth
dpkg --purge hearth >/dev/null || fail "dpkg --purge"
systemctl is-active -q hearth hearth@preprod && fail "a purge stops both"
[ ! -e /var/lib/hearth ] && [ ! -e /etc/systemd/system/multi-user.target.wants/hearth.service ] || fail "a purge leaves nothing enabled"
ok "a purge stops both, and leaves neither data nor an enabled unit"
echo done
PLAY
: >"$root/proof/play.log"
cat >"$root/proof/boot.sh" <<'BOOT'
set -e
cd "$1"
ip link set lo up
mount --bind . .
cd "$1"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for folder in run tmp dev; do mount -t tmpfs tmpfs $folder; done
for device in null zero random urandom tty full; do touch dev/$device; mount --bind /dev/$device dev/$device; done
mkdir -p dev/shm dev/pts old
mount -t tmpfs tmpfs dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
ln -s pts/ptmx dev/ptmx
pivot_root . old
umount -l old
mount --make-rshared / # credentials are mounted by a child of systemd
exec env -i container=proof PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 /lib/systemd/systemd --system \
  --unit=play.target --log-target=journal
BOOT
(
  echo "$BASHPID" >"$group/cgroup.procs"
  exec timeout -s KILL 180 unshare --mount --propagation private --pid --cgroup --uts --ipc --net --fork --kill-child \
    bash "$root/proof/boot.sh" "$root"
) >"$root/proof/boot.log" 2>&1 || true
grep -v '^done$' "$root/proof/play.log" || true
grep -qx 'done' "$root/proof/play.log" || { tail -5 "$root/proof/boot.log" "$root/proof/play-errors.log" >&2; exit 1; }
