#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs all benchmarks and writes bench/RESULTS.md. Takes about fifteen minutes after the build, on two
# cores that have nothing else to do. Installs and builds what it needs.
#   scripts/bench.sh --smallest      smallest sizes, in seconds: shows that all runs, measures
#                                    nothing, prints the page and writes no file
#   scripts/bench.sh --built FOLDER  with the programs of that build; installs and builds nothing
target=bench
. "$(dirname "$0")/bench_common.sh"

programs=(line mlp elementwise adam lanes store merge start workers plan view reader report runs products)
repetitions=5
[ -z "$smallest" ] || repetitions=2
options=(--benchmark_repetitions=$repetitions --benchmark_enable_random_interleaving=true)
for program in "${programs[@]}"; do
  echo "Measuring $program ..." >&2
  seconds=0.3
  [ "$program" != products ] || seconds=0.02
  [ -z "$smallest" ] || seconds=0.001
  logged "$program" "$built/bench/bench_$program" "${options[@]}" "--benchmark_min_time=$seconds" \
    --benchmark_out_format=json "--benchmark_out=$found/$program.json"
done
for path in "$built"/bench/bench_*; do
  name=${path##*/bench_}
  [[ -d $path || " ${programs[*]} scaling cluster tables failing " = *" $name "* ]] ||
    { echo "error: $me does not run $path" >&2; exit 1; }
done
echo "Measuring growth ..." >&2
logged scaling "$built/bench/bench_scaling"
echo "Measuring a cluster ..." >&2
logged cluster "$built/bench/bench_cluster"
echo "Measuring other libraries ..." >&2
logged peers scripts/bench_peers.sh --built "$built" ${smallest:+--smallest}

note=
if [ -n "$smallest" ]; then
  note="
**Smallest sizes**: this shows that all runs; no figure measures anything.
"
elif awk "BEGIN { exit !($load > 0.5) }"; then
  note="
**The machine was busy** when this was measured (load $load): wall times are those of a shared
machine, so the rows that compare them with a target are not judged.
"
fi
logged targets "$built/bench/bench_tables" "$found" "targets${note:+-busy}"
logged elementwise_table "$built/bench/bench_tables" "$found" elementwise
logged reader_table "$built/bench/bench_tables" "$found" reader
logged products_table "$built/bench/bench_tables" "$found" products

processor=$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | sort -u)
compiler=$(c++ --version | sed -n 1p)
# OpenBLAS names the kernels it chose when it is loaded verbosely.
kernels=$(OPENBLAS_VERBOSE=2 "$built/bench/bench_products" --benchmark_list_tests 2>&1 |
  sed -n 's/^Core: //p')
[ -n "$kernels" ]
packages=$(dpkg-query -W -f '| ${Package} | ${Version} |\n' libopenblas-serial-dev libsleef-dev \
  libarmadillo-dev libsqlite3-dev libboost-dev)

cat >"$found/RESULTS.md" <<EOF
# Benchmarks

Written by \`scripts/bench.sh\`; [docs/performance.md](../docs/performance.md) says where the time
goes. Medians of $repetitions repetitions, in random order, ± their standard deviation. A ratio is the figure of
ours divided by the other one, both measured by one program in one go. Times of steps are processor
time, the others wall time.

| machine | |
| --- | --- |
| processor | $processor, $(nproc) cores |
| load before | $load |
| compiler | $compiler, release preset |
| OpenBLAS's kernels | for $kernels |
$packages
$note
$(cat "$found/targets.out")

## Elementwise functions

100,000 values, microseconds. The bare loops call the vector functions of the library (for
log-softmax and slopes with the code around them); a ratio is the time of ours divided by that of the
loop.

$(cat "$found/elementwise_table.out")

## As the work grows

Processor time of the program and its worker, the peak memory of each, and the slope from the row
before.

$(cat "$found/scaling.out")

## Reading a CSV file

200 MB of numbers in 21 columns, into training and test set: megabytes of the file per second of
processor time, and the largest memory of the process. Of pandas, without the time to import it.

$(cat "$found/reader_table.out")

## On a cluster

Three nodes that claim eight processors each, on this machine. Wall time from \`descent submit\` to the
end of the job, with all that Slurm takes; steps rest, so that they need no processor.

$(cat "$found/cluster.out")

## The same works in other libraries

$(cat "$found/peers.out")

## Small products

The products of a linear layer (k outputs, d inputs, batch n), nanoseconds by plain loops / by
OpenBLAS:

$(cat "$found/products_table.out")

Each row again: \`build/release/bench/bench_NAME ${options[*]}\`
with NAME one of ${programs[*]}.
EOF
[ -n "$smallest" ] || cp "$found/RESULTS.md" bench/RESULTS.md
cat "$found/RESULTS.md"
