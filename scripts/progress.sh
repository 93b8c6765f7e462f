# SPDX-License-Identifier: MIT
# Sourced by other scripts: a build that shows how far it is.

# build_with_progress LOG COMMAND...: runs the command, keeps what it prints in LOG and shows ninja's
# counter: as it changes on a terminal, else every ten seconds. When the command fails, its last lines
# are printed and LOG is named.
build_with_progress() {
  local log=$1 pause=10 end='\n' code=0
  [ ! -t 1 ] || { pause=1; end='\r'; }
  "${@:2}" >"$log" 2>&1 &
  local builder=$! waited=0 counter
  while kill -0 "$builder" 2>/dev/null; do
    sleep 1
    waited=$((waited + 1))
    [ $((waited % pause)) = 0 ] || continue
    counter=$(grep -aoE '^\[[0-9]+/[0-9]+\]' "$log" | tail -n 1) || true
    [ -z "$counter" ] || printf "  %s %d s$end" "$counter" "$waited"
  done
  wait "$builder" || code=$?
  [ ! -t 1 ] || printf '\n'
  if [ "$code" != 0 ]; then
    tail -n 40 "$log" >&2
    echo "The build failed; all it printed is in $log." >&2
  fi
  return "$code"
}
