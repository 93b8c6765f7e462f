#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The gate: installs what it needs, builds, tests, and says at the end how long each phase took.
#   scripts/test.sh          what every change has to pass
#   scripts/test.sh --fast   style and the released tests that are not slow
#   scripts/test.sh --all    everything: hours; goes on after a phase that failed
# What only --all does, and why:
#   - shares against one machine, and faults of a real Slurm: many minutes; the gate has a sample
#   - exhaustive tests, in which every call of a command to the system fails, hundreds of processes are
#     killed, a thousand bits of a store change, plugins are compiled with other options: the gate has
#     a sample
#   - slow tests and fuzz targets with sources unchanged since they last passed on this machine
#   - the floors of $text as released and those of $plain sanitized: the gate tests them the other way
#   - reference vectors and tests of all plugins sanitized, for which most plugins would have to be built
#   - truths of training and of bias and variance, races of points, plugins broken on purpose, accumulators
#     lost on purpose, all plugins sanitized: minutes each, and the program runs the same code sanitized in the tests of the
#     command line
#   - tests that run the program or train often, sanitized (shipped experiments, compare, stages,
#     interrupts, answers, output, weights, random axes, jobs, pictures, predictions, several programs
#     with one store): cli.run and cli.faults run the program sanitized, and the tests of the floors
#     below its functions
#   - clang-tidy on all sources, coverage, packages on a bare system: many minutes, rarely news
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE  # tests see the products that users have on this processor

text=(base experiment store)          # read and write text: tested sanitized
# Arithmetic; commands of the pages, pictures, models: tested as released.
plain=(cluster statistics conformance deploy docs report)
both=(autograd host nn data train engine cli)
minutes_sanitized='truth|reference|experiment\.(filter|random_axis)|'
minutes_sanitized+='host\.(class_losses|joint_losses|second_derivatives)|'
minutes_sanitized+='train\.(closed_form|exact|objectives|papers|recent_papers|sample_weights|schedule|surface)|'
minutes_sanitized+='cli\.(answers|commands|compare|concurrent_runs|explain_new|help|interrupt|output|plot|predict)|'
minutes_sanitized+='cli\.(shipped_experiments|stages|submit|surroundings|watch)|'
minutes_sanitized+='engine\.(accumulators|broken_plugins|comparison|halving|runner|until)'

mode=${1:-}
case $mode in
  '' | --fast | --all) ;;
  --help | -h) sed -n '3,/^set/s/^# \{0,1\}//p' scripts/test.sh; exit ;;
  *) echo "scripts/test.sh: '$mode' is not known; valid: --fast, --all" >&2; exit 2 ;;
esac

phases=()
current=
failed=0
report() {
  local code=$?
  [ -z "$current" ] || phases+=("$(printf '%6d s  %s (FAILED)' $((SECONDS - began)) "$current")")
  printf '\n'
  printf '%s\n' "${phases[@]}"
  printf '%6d s  in all\n' "$SECONDS"
  [ "$code" != 0 ] || code=$failed
  exit "$code"
}
trap report EXIT

# With --all a phase runs in a subshell, for -e has no effect in what a condition calls.
phase() {
  local code=0 remark=
  current=$1
  began=$SECONDS
  printf '\n== %s\n' "$current"
  if [ "$mode" = --all ]; then
    set +e
    (trap - EXIT; set -e; "${@:2}")
    code=$?
    set -e
  else
    "${@:2}"
  fi
  [ "$code" = 0 ] || { failed=1; remark=' (FAILED)'; }
  phases+=("$(printf '%6d s  %s%s' $((SECONDS - began)) "$current" "$remark")")
  current=
}
skip() { phases+=("       -  $1"); }

quietly() {  # only what is unusual of a build's output
  grep -Ev '^\[[0-9]+/[0-9]+\] (Building|Linking|Re-checking|Generating|Creating)|^ninja: no work' || true
}
build() {
  cmake --build --preset "$1" "${@:2}" | quietly
  return "${PIPESTATUS[0]}"
}

# Where it is noted which tests passed on which sources.
notes=${XDG_CACHE_HOME:-${HOME:-/nowhere}/.cache}/descent/passed
# A hash of the files in the folders, of the compiler and the libraries.
fingerprint() {
  {
    git ls-files -co --exclude-standard -- "$@" | sort | while read -r file; do
      [ ! -f "$file" ] || sha256sum "$file"
    done
    c++ --version
    dpkg-query -W -f '${Package} ${Version}\n' "${build_packages[@]}" 2>/dev/null || true
  } | sha256sum | cut -d' ' -f1
}
passed_before() { [ -e "$notes/$1-$(fingerprint "${@:2}")" ]; }
note_passed() {  # nothing, once a phase has failed
  [ "$failed" = 0 ] || return 0
  mkdir -p "$notes" 2>/dev/null && touch "$notes/$1-$(fingerprint "${@:2}")" 2>/dev/null || true
}

# Phases ------------------------------------------------------------------------------------------

every_floor_is_tested() {
  local file floor
  for file in tests/*/*_test.cc; do
    floor=$(basename "$(dirname "$file")")
    [[ " ${text[*]} ${plain[*]} ${both[*]} floors slurm " = *" $floor "* ]] ||
      { echo "scripts/test.sh: tests/$floor is in none of the lists of floors" >&2; return 1; }
  done
}

style() {
  every_floor_is_tested
  scripts/dev format --check
  cmake --preset release >/dev/null
  build release --target floors_test
  ctest --preset release -R '^floors' --output-on-failure
  if [ "$mode" = --all ]; then
    scripts/dev tidy --all
  else
    scripts/dev tidy
  fi
}

labels() { (IFS='|'; echo "^($*)\$"); }
programs() { printf '%s_test\n' "$@"; }
jobs=$(($(nproc) + 1))  # some tests mostly wait: for a cluster, for a browser
long='slow|exhaustive'

released_build() { build release --target descent plugins bench peers $(programs "${released[@]}"); }
released_tests() { ctest --preset release -L "$(labels "${released[@]}" bench)" -LE "$long" -j "$jobs"; }

sanitized_build() {
  cmake --preset asan -DDESCENT_FEW_PLUGINS="$1" >/dev/null
  # Others may be left from --all; tests go through all that are there.
  [ "$1" = OFF ] || rm -f build/asan/plugins/*/*.so
  build asan --target descent plugins $(programs "${sanitized[@]}")
}
sanitized_tests() {
  local left_out=(-E "$minutes_sanitized")
  # With all plugins, wrappers around each other have too many keys: the gate tests those of some.
  [ "$mode" != --all ] || left_out=(-E '^experiment\.every_key$')
  ctest --preset asan -L "$(labels "${sanitized[@]}")" -LE "$long" "${left_out[@]}" -j "$jobs"
}

# Slow tests, and the sources that they are about: they run when one of these changed.
trained='core/autograd core/base core/data core/engine core/nn core/statistics core/train'
declare -A slow_sources=(
  [statistics]='core/base core/statistics tests/statistics'
  [store]='core/base core/store tests/store'
  [engine]="$trained tests/engine"
  [cli.faults]="$trained core/experiment core/store tests/cli/faults.h tests/cli/faults_test.cc"
  [cli.outside]='cmake core/autograd core/cli/templates core/conformance core/sdk docs/plugins.md
    tests/cli/outside_test.cc'
)
due=()
slow_tests() {
  build release --target $(printf '%s\n' "${due[@]%%.*}" | sort -u | sed 's/$/_test/')
  ctest --preset release -L slow -R "^($(IFS='|'; echo "${due[*]}"))\." -j "$jobs"
}
all_slow_tests() {
  local name
  for name in "${!slow_sources[@]}"; do
    # shellcheck disable=SC2086
    if [ "$mode" != --all ] && passed_before "slow-$name" ${slow_sources[$name]}; then
      skip "release: slow tests of $name: passed before on these sources"
    else
      due+=("$name")
    fi
  done
  [ ${#due[@]} -gt 0 ] || return 0
  phase "release: slow tests of ${due[*]}" slow_tests
  # shellcheck disable=SC2086
  for name in "${due[@]}"; do note_passed "slow-$name" ${slow_sources[$name]}; done
}

fuzz_sources=(core/base core/data core/experiment core/store core/conformance fuzz scripts/fuzz.sh)

exhaustive_tests() { ctest --preset release -L exhaustive -j "$jobs"; }

fuzz_targets() {
  if [ "$mode" != --all ] && passed_before fuzz "${fuzz_sources[@]}"; then
    skip "fuzz targets: passed before on these sources"
  else
    phase "fuzz targets: build, 20 s" scripts/fuzz.sh --smoke
    note_passed fuzz "${fuzz_sources[@]}"
  fi
}

released=("${both[@]}" "${plain[@]}" slurm)
sanitized=("${both[@]}" "${text[@]}")
if [ "$mode" = --all ]; then
  released=("${both[@]}" "${plain[@]}" "${text[@]}" slurm)
  sanitized=("${both[@]}" "${plain[@]}" "${text[@]}")
fi

phase "packages" ensure_packages "${build_packages[@]}" "${test_packages[@]}"
if [ "$(id -u)" = 0 ]; then  # others cannot start a cluster: its tests say so and are skipped
  phase "packages of a cluster" ensure_packages "${cluster_packages[@]}"
else
  skip "packages of a cluster: not root"
fi
phase "style: format, floors, one definition, clang-tidy" style
phase "release: build" released_build
phase "release: tests" released_tests
[ "$mode" != --fast ] || exit 0
if [ "$mode" = --all ]; then
  phase "sanitized: build" sanitized_build OFF
else
  phase "sanitized: build" sanitized_build ON
fi
phase "sanitized: tests" sanitized_tests
all_slow_tests
fuzz_targets
[ "$mode" = --all ] || exit 0
phase "release: exhaustive tests" exhaustive_tests
phase "coverage" scripts/dev cover
phase "packages on a bare system" scripts/package.sh --prove
