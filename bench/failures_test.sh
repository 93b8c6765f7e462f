#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A benchmark that reports an error, and a program that runs none, end with exit code 1; then
# scripts/bench.sh does, too, and says which program it was. Arguments: the script, bench_failing.
set -euo pipefail
script=$1 failing=$2
export TMPDIR
TMPDIR=$(mktemp -d)
trap 'rm -rf "$TMPDIR"' EXIT

fails() {  # words it has to say, command...
  local words=$1 code=0 said
  shift
  said=$("$@" 2>&1) || code=$?
  if [ $code != 1 ] || [[ $said != *"$words"* ]]; then
    echo "$said"
    echo "error: exit code $code of: $*; expected 1 and the words '$words'" >&2
    exit 1
  fi
}

fails "an error on purpose" "$failing"
fails "no benchmark ran" "$failing" --benchmark_filter=none
mkdir "$TMPDIR/bench"
cp "$failing" "$TMPDIR/bench/bench_line"
fails "stopped: exit code 1 of: $TMPDIR/bench/bench_line" "$script" --smallest --built "$TMPDIR"
fails "an error on purpose" "$script" --smallest --built "$TMPDIR"
