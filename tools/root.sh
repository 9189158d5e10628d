# Sourced: bare Debian 12 roots, for fresh.sh and package.sh.
# shellcheck shell=bash

# The Debian mirror that this machine uses.
debian_mirror() {
  local found
  found=$(grep -rhoE 'https?://[^ ]*/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
    head -1 | tr -d ' ' || true)
  echo "${found:-http://deb.debian.org/debian}"
}

# make_bare_root FOLDER: what `debootstrap --variant=minbase` gives, with this machine's way to its package sources.
make_bare_root() {
  local root=$1 log
  log=$(mktemp)
  debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$(debian_mirror)" >"$log" 2>&1 || {
    tail -5 "$log" >&2
    return 1
  }
  rm -f "$log"
  chmod 755 "$root" # mktemp's folder is closed to the users inside
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  printf 'cafile=/etc/ssl/certs/ca-certificates.crt\nupdate-notifier=false\naudit=false\nfund=false\n' >"$root/root/.npmrc"
  printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts" # as the installer writes it
  echo "deb $(debian_mirror) bookworm main" >"$root/etc/apt/sources.list"
}

# run_in_root FOLDER SCRIPT [CCACHE]: bash runs the script (a path inside) in a mount and process namespace of its own;
# the compiler cache, a folder outside, is lent to it.
run_in_root() {
  local root=$1 script=$2 cache=${3:-} device
  for device in null zero random urandom tty full; do
    [ -e "$root/dev/$device" ] || touch "$root/dev/$device"
  done
  mkdir -p "$root/dev/shm"
  [ -z "$cache" ] || mkdir -p "$root/root/.cache/ccache"
  # shellcheck disable=SC2016 # expanded by the inner shell
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" \
    NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    unshare --mount --pid --fork sh -c '
      for d in null zero random urandom tty full; do mount --bind /dev/$d "$0/dev/$d" 2>/dev/null || true; done
      mount -t proc proc "$0/proc"
      mount -t tmpfs tmpfs "$0/dev/shm"
      mkdir -p "$0/dev/pts"
      mount -t devpts -o newinstance,ptmxmode=0666 devpts "$0/dev/pts" # terminals, for who makes one
      ln -sfn pts/ptmx "$0/dev/ptmx"
      [ -z "$2" ] || mount --bind "$2" "$0/root/.cache/ccache"
      exec chroot "$0" bash "$1"' "$root" "$script" "$cache"
}

# make_arm64_root FOLDER PACKAGE...: unpacks the packages and all they depend on, for arm64, without installing. apt
# resolves against a state of its own: this machine's packages stay as they are.
make_arm64_root() {
  local root=$1 deb state
  shift
  state=$root/var/lib/apt-arm64
  mkdir -p "$state/lists/partial" "$state/archives/partial" "$root/usr/bin" "$root/usr/sbin" "$root/usr/lib"
  ln -sfn usr/lib "$root/lib"
  ln -sfn usr/bin "$root/bin"
  ln -sfn usr/sbin "$root/sbin"
  : >"$state/status"
  echo "deb $(debian_mirror) bookworm main" >"$state/sources.list"
  local apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$state"
    -o Dir::State::status="$state/status" -o Dir::Cache="$state" -o Dir::Cache::archives="$state/archives"
    -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Debug::NoLocking=1
    -o APT::Sandbox::User=root)
  "${apt[@]}" update
  "${apt[@]}" install --download-only -y --no-install-recommends "$@" >"$root/apt.log" 2>&1 || {
    tail -5 "$root/apt.log" >&2
    return 1
  }
  # A package database for dpkg-shlibdeps, whose answers are paths as it will ask for them.
  local db=$root/var/lib/dpkg
  mkdir -p "$db/info" "$db/updates"
  echo 1 >"$db/info/format" # names of files may carry the architecture
  : >"$db/status"
  for deb in "$state"/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$root"
    local name file
    name=$(dpkg-deb --field "$deb" Package)
    { dpkg-deb --field "$deb" | sed '1a Status: install ok installed'; echo; } >>"$db/status"
    [ "$(dpkg-deb --field "$deb" Multi-Arch 2>/dev/null)" = same ] && name=$name:arm64
    dpkg-deb --fsys-tarfile "$deb" | tar -t | sed "s#^\./#/#; s#/\$##; s#^/\?#/#; s#^#$root#; p; s#^$root/lib/#$root/usr/lib/#" |
      sort -u >"$db/info/$name.list"
    for file in symbols shlibs; do
      dpkg-deb --ctrl-tarfile "$deb" | tar -xO "./$file" >"$db/info/$name.$file" 2>/dev/null || rm -f "$db/info/$name.$file"
    done
  done
  # Links of packages begin at the root that they are installed in.
  local link
  find "$root/usr" -type l -lname '/*' | while IFS= read -r link; do
    ln -sfn --relative "$root$(readlink "$link")" "$link"
  done
}
