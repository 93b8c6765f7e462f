# SPDX-License-Identifier: MIT
# Sourced by bench.sh and bench_peers.sh: their options, the build, and an end that is never silent.
set -Eeuo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh

me=scripts/${0##*/}
found=$(mktemp -d) kept=  # figures and logs; kept when something fails
trap '[ -n "$kept" ] || rm -rf "$found"' EXIT
trap 'stopped $? "$BASH_COMMAND"' ERR

stopped() {  # exit code, command
  trap - ERR
  [ "$BASH_SUBSHELL" = 0 ] || exit "$1"  # the script around it says what failed
  kept=yes
  echo "error: $me stopped: exit code $1 of: $2" >&2
  echo "error: its output so far is in $found" >&2
  exit "$1"
}

# Runs a command, standard output into $found/NAME.out, errors into $found/NAME.log.
logged() {  # NAME COMMAND...
  local name=$1 code=0
  shift
  "$@" >"$found/$name.out" 2>"$found/$name.log" || code=$?
  [ $code = 0 ] && return
  grep -h -m 5 'error:' "$found/$name.out" "$found/$name.log" >&2 || true  # a compiler's come early
  tail -n 20 "$found/$name.out" "$found/$name.log" >&2
  stopped $code "$*"
}

built= smallest=
while [ $# -gt 0 ]; do
  case $1 in
    --help)
      sed -n '2,/^[^#]/ { /SPDX/d; s/^# //p }' "$me"
      exit
      ;;
    --smallest)
      smallest=yes
      export DESCENT_BENCH_SMALLEST=1
      ;;
    --built)
      built=$(cd "$OLDPWD" && realpath -e "${2:-}") ||
        { echo "error: $me: --built needs the folder of a build" >&2; exit 2; }
      shift
      ;;
    *)
      echo "error: $me has no option '$1'; valid: --help, --smallest, --built FOLDER" >&2
      exit 2
      ;;
  esac
  shift
done
if [ -z "$built" ]; then
  built=build/release
  ensure_packages "${build_packages[@]}" libbenchmark-dev >&2
  echo "Building ($built) ..." >&2
  logged configure cmake --preset release
  logged build cmake --build --preset release --target "$target"
fi

# Nobody waits for a core while this is near 0. What ran before this, as the build, counts for a
# while: it is given five minutes.
load_now() { cut -d' ' -f1 /proc/loadavg; }
for ((i = 0; i < 60; ++i)); do
  load=$(load_now)
  [ -z "$smallest" ] && awk "BEGIN { exit !($load > 0.5) }" || break
  [ $i != 0 ] || echo "Waiting for an idle machine (load $load) ..." >&2
  sleep 5
done
