#!/usr/bin/env bash
# Installs what the tests need, builds, and runs them all: once as released, the fast ones once more
# under AddressSanitizer and UndefinedBehaviorSanitizer; then the fuzz targets, 20 seconds in all.
#   scripts/test.sh          everything
#   scripts/test.sh --fast   without the tests labelled slow, the sanitizers and the fuzz targets
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
ensure_packages "${build_packages[@]}" "${test_packages[@]}" "${fuzz_packages[@]}"

build() {
  cmake --preset "$1" >/dev/null
  cmake --build --preset "$1" | grep -Ev '^\[[0-9]+/[0-9]+\] (Building|Linking|Re-checking|Generating)' || true
  cmake --build --preset "$1" >/dev/null
}

jobs=$(nproc)
build release
if [ "${1:-}" = --fast ]; then
  exec ctest --preset release -LE slow -j "$jobs"
fi
build asan
ctest --preset asan -LE slow -j "$jobs" --output-on-failure
ctest --preset release -j "$jobs" --output-on-failure
scripts/fuzz.sh --smoke
