# Sourced by the scripts of this folder: looks for commands and headers, installs the Debian packages that bring
# the missing ones. Each need is "what:package", where what is a command, or a header path when it contains ".h".
# shellcheck shell=bash

build_needs="g++:g++ cmake:cmake ninja:ninja-build ccache:ccache pkg-config:pkg-config git:git
  caf/config.hpp:libcaf-dev simdjson.h:libsimdjson-dev toml++/toml.h:libtomlplusplus-dev CLI/CLI.hpp:libcli11-dev
  spdlog/spdlog.h:libspdlog-dev fmt/format.h:libfmt-dev nlohmann/json.hpp:nlohmann-json3-dev
  boost/beast.hpp:libboost-dev sqlite3.h:libsqlite3-dev date/tz.h:libhowardhinnant-date-dev
  curl/curl.h:libcurl4-openssl-dev openssl/ssl.h:libssl-dev zstd.h:libzstd-dev zlib.h:zlib1g-dev
  opus/opus.h:libopus-dev espeak-ng/speak_lib.h:libespeak-ng-dev libavformat/avformat.h:libavformat-dev
  libavfilter/avfilter.h:libavfilter-dev libswresample/swresample.h:libswresample-dev sodium.h:libsodium-dev systemd/sd-daemon.h:libsystemd-dev /usr/share/zoneinfo/Europe/Paris:tzdata"
test_needs="catch2/catch.hpp:catch2 npm:npm chromium:chromium python3:python3 sqlite3:sqlite3 ffmpeg:ffmpeg systemd-analyze:systemd
  curl:curl
  /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf:fonts-noto-color-emoji
  /usr/lib/python3/dist-packages/discord/__init__.py:python3-discord"
# Prometheus comes unpacked by tools/prometheus.sh: installed, it would start a service.
check_needs="clang-format:clang-format clang-tidy:clang-tidy clang++:clang python3:python3"
fuzz_needs="clang++:clang /usr/share/doc/libclang-rt-14-dev:libclang-rt-14-dev"
sanitize_needs="catch2/catch.hpp:catch2 gcovr:gcovr"
demo_needs="python3:python3"
package_needs="dpkg-shlibdeps:dpkg-dev lintian:lintian file:file strip:binutils"

# True when the command, file or header is there.
have() {
  case "$1" in
    /*) [ -e "$1" ] ;;
    *.h | *.hpp)
      local folder
      for folder in /usr/include "/usr/include/$(uname -m)-linux-gnu" /usr/local/include; do
        [ -e "$folder/$1" ] && return 0
      done
      # Catch2 version 3 (Debian 13) has another header name.
      [ "$1" = catch2/catch.hpp ] && [ -e /usr/include/catch2/catch_all.hpp ] ;;
    *) command -v "$1" >/dev/null 2>&1 ;;
  esac
}

# need LIST...: installs what is missing of the lists, as root or through sudo, and says so first.
need() {
  local pair missing=()
  for pair in $*; do
    have "${pair%:*}" || missing+=("${pair##*:}")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
      echo "Missing packages: ${missing[*]}. Install them as root, or install sudo." >&2
      return 1
    }
    as_root=(sudo)
  fi
  echo "Installing Debian packages${as_root[0]:+ (through sudo)}: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Use-Pty=0 "${missing[@]}" ca-certificates >/dev/null
  for pair in $*; do
    have "${pair%:*}" || { echo "Still missing after the installation: ${pair%:*}" >&2; return 1; }
  done
}

# Builds the given targets of a preset into the preset's folder; quiet unless something fails.
build() {
  local preset=$1 log
  shift
  log=$(mktemp)
  if ! { cmake --preset "$preset" >"$log" 2>&1 \
    && cmake --build --preset "$preset" --target "$@" >>"$log" 2>&1; }; then
    grep -E -A12 'error|FAILED|CMake Error' "$log" | head -80 >&2
    echo "The build failed; the whole output is in $log" >&2
    return 1
  fi
  rm -f "$log"
}
