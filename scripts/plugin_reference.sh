#!/usr/bin/env bash
# Writes docs/plugin_reference.md out of the shipped plugins' tables. A test compares the two.
#   scripts/plugin_reference.sh [BUILD]     the build folder, build/release by default
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
cmake --build "$build" --target descent plugins >/dev/null
page=$(mktemp)
trap 'rm -f "$page"' EXIT
env -u DESCENT_PLUGIN_PATH "$build/descent" plugins reference >"$page"
cp "$page" docs/plugin_reference.md
