#!/usr/bin/env bash
# Hearth on a local Discord: builds what is needed, starts discord-sim with a populated guild and hearthd on it.
# Usage: tools/demo.sh [--once] [--port N] [--bin FOLDER] [--data FOLDER]
#   --once   plays a short scripted evening without a browser and says whether all of it happened
#   --port   where the sandbox page listens (default 8090)
#   --bin    takes the programs from there and builds nothing
#   --data   where it may write (default build/demo; emptied at the start)
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/need.sh
once=0 port=8090 bin="" data=build/demo
while [ $# -gt 0 ]; do
  case "$1" in
    --once) once=1 ;;
    --port) port=$2; shift ;;
    --bin) bin=$2; shift ;;
    --data) data=$2; shift ;;
    *) sed -n '2,7s/^# //p' "$0"; [ "$1" = --help ]; exit ;;
  esac
  shift
done
if [ -n "$bin" ]; then
  need "$demo_needs"
else
  need "$build_needs $demo_needs"
  echo "Building hearthd, hearthctl and discord-sim (minutes the first time, seconds afterwards)"
  build release hearthd hearthctl discord-sim
  bin=build/bin
fi

if [ "$once" = 1 ]; then
  exec python3 tools/demo_evening.py --bin "$bin"
fi

rm -rf "$data" # the simulator begins anew each time, so must the daemon
mkdir -p "$data/sounds/rain"
data=$(realpath "$data")
cleanup() {
  trap - EXIT INT TERM
  kill "${bot:-}" 2>/dev/null || true
  wait "${bot:-}" 2>/dev/null || true
  kill "${sim:-}" 2>/dev/null || true
  wait 2>/dev/null || true
  echo "Stopped."
}
trap cleanup EXIT INT TERM
"$bin"/discord-sim --port "$port" --world config/sim/demo.toml --voice-ca "$data/voice-ca.pem" >"$data/discord-sim.log" 2>&1 &
sim=$!
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  kill -0 "$sim" 2>/dev/null || { cat "$data/discord-sim.log" >&2; exit 1; }
  sleep 0.05
done
if [ -n "${HEARTH_DISCORD_TOKEN:-}" ]; then
  echo "HEARTH_DISCORD_TOKEN is set: hearthd talks to the real Discord; the sandbox page stays empty of it."
  "$bin"/hearthd &
else
  printf '[voice]\nca_file = "%s"\n[ambience]\nkeyword_reactions = true\n' "$data/voice-ca.pem" >"$data/hearth.toml"
  HEARTH_PROFILE=sandbox HEARTH_DISCORD_TOKEN=sandbox HEARTH_DATA_DIR="$data" HEARTH_CONFIG="$data/hearth.toml" \
    HEARTH_DISCORD_API="http://127.0.0.1:$port/api" "$bin"/hearthd >"$data/hearthd.log" 2>&1 &
fi
bot=$!
[ -n "${HEARTH_DISCORD_TOKEN:-}" ] || python3 tools/demo_evening.py --prepare "$port"
cat <<TRY

  The sandbox is at   http://127.0.0.1:$port/
  Logs are in         $data/

  What to try
    - choose who you are: Maple plays, Ember owns the server, Colette reads French; a second tab is a second person
    - press Lounge (left): nobody is there, so a voice welcomes you and says who is scheduled, then leaves
    - type /rain, Enter: you hear it; press Fire to lay it over the rain, and the other buttons: anybody there may
    - open #schedule, press the hours you want to play
    - type /addschedule in any channel, choose days and hours, save: tomorrow's message is filled in for you
    - drop a recording of your own into $data/sounds/rain/: it is offered below the buttons of the next /rain
    - open the sandbox drawer and move time to the next 07:00: the new evening is posted
    - look into the daemon while it runs:
        HEARTH_PROFILE=sandbox HEARTH_DATA_DIR=$data $bin/hearthctl top
    - type /help, as Ember too: what moderators may do is below

  Ctrl-C ends both.
TRY
wait "$bot"
