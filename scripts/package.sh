#!/usr/bin/env bash
# Builds descent's packages for the Debian release of this machine: build/packages/*.deb and *.tar.gz.
#   scripts/package.sh              installs what is missing, builds both
#   scripts/package.sh --prove      checks the .deb with lintian and uses each package in a bare Debian
#                                   of its own, as a plain user; needs root
#   scripts/package.sh --container [--base IMAGE]
#                                   builds the image descent:VERSION from Containerfile instead, where
#                                   podman, buildah or docker works; IMAGE: debian:bookworm-slim
# Who publishes the .deb names themselves as its maintainer: DEBFULLNAME and DEBEMAIL.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

fail() { echo "scripts/package.sh: $1" >&2; exit "${2:-1}"; }
usage() { sed -n '2,9s/^# \{0,1\}//p' scripts/package.sh; }
progress() { printf '\n== %s\n' "$*"; }

prove='' container='' base=debian:bookworm-slim
while [ $# -gt 0 ]; do
  case $1 in
  --prove) prove=yes ;;
  --container) container=yes ;;
  --base) [ $# -gt 1 ] || fail "--base needs an image" 2; base=$2; shift ;;
  -h | --help) usage; exit 0 ;;
  *) echo "scripts/package.sh: '$1' is not known" >&2; usage >&2; exit 2 ;;
  esac
  shift
done
[ -z "$prove" ] || [ -z "$container" ] || fail "--prove is for the packages, not for --container" 2
[ -z "$prove" ] || [ "$(id -u)" = 0 ] || fail "--prove needs root (debootstrap and chroot); run it with sudo"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() { "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; fail "failed: $*"; }; }

packages=build/packages
build() {
  ensure_packages "${build_packages[@]}" "${package_packages[@]}"
  progress "Building descent (build/release) ..."
  quietly cmake --preset release
  quietly cmake --build --preset release --target descent plugins
  rm -rf "$packages"
  quietly cpack --preset release
  rm -rf "$packages/_CPack_Packages"
  du --apparent-size --bytes "$packages"/*
}

# initial-upload-closes-no-bugs: only for Debian's own archive. bogus-mail-host: the publisher's.
check_deb() {
  ensure_packages lintian
  progress "lintian"
  lintian --allow-root --fail-on error,warning \
    --suppress-tags initial-upload-closes-no-bugs,bogus-mail-host,bogus-mail-host-in-debian-changelog \
    "$packages"/*.deb || fail "lintian objects to the .deb"
  echo "no errors, no warnings"
}

prove() {
  local package=$1
  progress "$(basename "$package") in a bare Debian"
  scripts/bare_debian.sh scripts/package_proof.sh "$package" -- \
    ./package_proof.sh "$(basename "$package")" || fail "$(basename "$package") failed its proof"
}

build_container() {
  local tool version
  for tool in podman buildah docker; do
    "$tool" info >/dev/null 2>&1 || continue
    version=$(sed -n 's/^project(descent VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
    progress "Building the image descent:$version from $base with $tool ..."
    "$tool" build --build-arg "BASE=$base" --tag "descent:$version" --file Containerfile . ||
      fail "$tool cannot build the image; if it cannot get $base, name another with --base"
    return
  done
  progress "No image: none of podman, buildah and docker works here"
}

if [ -n "$container" ]; then
  build_container
else
  build
fi
if [ -n "$prove" ]; then
  check_deb
  prove "$packages"/*.deb
  prove "$packages"/*.tar.gz
fi
