#!/usr/bin/env bash
# Builds the fuzz targets and runs each for so many seconds over its corpus, two at once, at a
# lower priority. A finding is left in build/fuzz/findings/<target>/ and ends the script with code 1.
#   scripts/fuzz.sh 600              ten minutes each
#   scripts/fuzz.sh 600 csv merge    of these targets only
#   scripts/fuzz.sh --smoke          twenty seconds in all; nothing is written to the corpus
#   scripts/fuzz.sh --keep           takes what the last runs found new into fuzz/corpus, minimized
set -euo pipefail
cd "$(dirname "$0")/.."
if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"
  exit
fi
. scripts/packages.sh
ensure_packages "${build_packages[@]}" "${test_packages[@]}"

what=${1:-60}
[ $# -eq 0 ] || shift
targets=("$@")
[ $# -gt 0 ] || targets=(experiment csv expression vectors merge)
programs=build/asan/fuzz
place=build/fuzz/found
limits=(-rss_limit_mb=2048 -timeout=120 -max_len=16384)

cmake --preset asan >/dev/null
cmake --build --preset asan --target fuzz | grep -Ev '^\[[0-9]+/[0-9]+\] (Building|Linking|Re-checking|Generating)' || [ "${PIPESTATUS[0]}" = 0 ]

# Inputs found so far stay in build/fuzz/found/<target>/, in addition to those of the corpus.
fuzz() {
  local target=$1 seconds=$2 found=$place/$1 findings=build/fuzz/findings/$1 dictionary=()
  mkdir -p "$found" "$findings"
  [ ! -f "fuzz/$target.dict" ] || dictionary=("-dict=fuzz/$target.dict")
  if nice -n 10 "$programs/fuzz_$target" "${limits[@]}" "${dictionary[@]}" -max_total_time="$seconds" \
    -artifact_prefix="$findings/" -print_final_stats=1 "$found" "fuzz/corpus/$target" >"build/fuzz/$target.log" 2>&1; then
    echo "$target: nothing found in $(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) .*/\1 executions, \2 s/p' "build/fuzz/$target.log");$(
      grep -o ' cov: [0-9]* ft: [0-9]*' "build/fuzz/$target.log" | tail -1)"
  else
    tail -n 40 "build/fuzz/$target.log"
    echo "$target: FOUND SOMETHING, see build/fuzz/$target.log and $findings/"
    return 1
  fi
}

# The smallest set of inputs, the corpus' own first, that covers what all of them cover.
keep() {
  local target=$1 kept=build/fuzz/kept/$1
  rm -rf "$kept" && mkdir -p "$kept" "build/fuzz/found/$target"
  "$programs/fuzz_$target" "${limits[@]}" -merge=1 "$kept" "fuzz/corpus/$target" "build/fuzz/found/$target" \
    >"build/fuzz/$target.log" 2>&1
  rm -rf "fuzz/corpus/$target" && mkdir -p "fuzz/corpus/$target"
  find "$kept" -type f -size -17k -printf '%s %p\n' | sort -n | head -n 100 | cut -d' ' -f2 |
    xargs -r cp -t "fuzz/corpus/$target"
  echo "$target: $(find "fuzz/corpus/$target" -type f | wc -l) files, $(du -sk "fuzz/corpus/$target" | cut -f1) kB"
}

case $what in
  --keep)
    for target in "${targets[@]}"; do keep "$target"; done
    exit
    ;;
  --smoke) seconds=4 place=build/fuzz/smoke && rm -rf "$place" ;;
  *[!0-9]*)
    echo "error: scripts/fuzz.sh has no option '$what'; valid: seconds, --smoke, --keep, --help" >&2
    exit 2
    ;;
  *) seconds=$what ;;
esac

failed=0
for ((i = 0; i < ${#targets[@]}; i += 2)); do
  running=()
  for target in "${targets[@]:i:2}"; do
    fuzz "$target" "$seconds" &
    running+=($!)
  done
  for process in "${running[@]}"; do wait "$process" || failed=1; done
done
exit "$failed"
