#!/usr/bin/env bash
# Runs a command as root in a bare Debian of this machine's release, which is deleted afterwards.
#   scripts/bare_debian.sh [FILE...] -- COMMAND...
# The FILEs are copied to its folder /mnt, where the command starts; standard input is passed on.
# Needs root, and Debian's mirror, which it takes from apt's configuration. The base system is
# downloaded once, into ~/.cache/descent (or below XDG_CACHE_HOME).
set -euo pipefail

fail() { echo "scripts/bare_debian.sh: $1" >&2; exit "${2:-1}"; }
usage() { sed -n '2,6s/^# \{0,1\}//p' "$0"; }

[ "${1:-}" != --help ] || { usage; exit 0; }
files=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  [ -f "$1" ] || fail "$1 is no file" 2
  files+=("$1")
  shift
done
[ $# -gt 1 ] || { usage >&2; exit 2; }
shift
[ "$(id -u)" = 0 ] || fail "needs root: it mounts /proc and changes the root folder; run it with sudo"
. "$(dirname "$0")/packages.sh"
ensure_packages debootstrap

# "deb MIRROR SUITE main" for the release and its updates, whatever form apt's files have.
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
mirrors() {
  apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
    awk -v suite="$suite" '$1 == "Debian" && $2 == "main" && $3 ~ "^" suite "(-updates|-security)?$" {
      print "deb", $4, $3, "main" }' | sort -u
}
sources=$(mirrors)
[ -n "$sources" ] || { apt-get update -qq; sources=$(mirrors); }
mirror=$(awk -v suite="$suite" '$3 == suite { print $2; exit }' <<<"$sources")
[ -n "$mirror" ] || fail "apt knows no mirror of Debian '$suite'; name one in /etc/apt/sources.list"

base=${XDG_CACHE_HOME:-$HOME/.cache}/descent/$suite-$(dpkg --print-architecture).tar
work=$(mktemp -d "${TMPDIR:-/tmp}/bare-debian-XXXXXX")
chmod 755 "$work"
root=$work/root
mkdir "$root"
child=
clean_up() {
  [ -z "$child" ] || { kill -KILL "$child" && wait "$child"; } 2>/dev/null || true
  rm -rf --one-file-system "$work" "$base.$$"
}
trap clean_up EXIT

# What the command mounts and starts lives in namespaces of its own and ends with it. In the
# background, as a signal would otherwise wait for its end.
isolated() {
  local code=0
  unshare --mount --pid --fork --kill-child --ipc --uts "$@" <&0 &
  child=$!
  wait "$child" || code=$?
  child=
  return "$code"
}

if [ -s "$base" ]; then
  tar -C "$root" -xpf "$base"
else
  echo "Downloading a bare Debian ($suite) into $base ..." >&2
  mkdir -p "$(dirname "$base")"
  isolated debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$work/log" 2>&1 ||
    { tail -n 5 "$work/log" >&2; fail "debootstrap $suite from $mirror failed"; }
  tar -C "$root" -cf "$base.$$" .
  mv "$base.$$" "$base"
fi

# The network and apt as they are set up here: names, mirrors, proxies, certificates.
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
echo "$sources" >"$root/etc/apt/sources.list"
apt-config dump Acquire >"$root/etc/apt/apt.conf.d/00host"
certificates=/etc/ssl/certs/ca-certificates.crt
[ ! -f "$certificates" ] || install -D -m 644 "$certificates" "$root$certificates"
[ ${#files[@]} = 0 ] || install -m 755 "${files[@]}" "$root/mnt"

isolated bash -c '
  set -e
  root=$1
  shift
  mount -t proc proc "$root/proc"
  mkdir -p "$root/dev/shm"
  mount -t tmpfs tmpfs "$root/dev/shm"
  exec chroot "$root" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive ${http_proxy:+http_proxy="$http_proxy"} \
    ${https_proxy:+https_proxy="$https_proxy"} sh -c "cd /mnt && exec \"\$@\"" sh "$@"' - "$root" "$@"
