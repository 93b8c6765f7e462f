#!/usr/bin/env bash
# Installs what the benchmarks need, builds them, runs them all and writes bench/RESULTS.md. Takes
# about twelve minutes after the build, on two cores that have nothing else to do.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
ensure_packages "${build_packages[@]}" libbenchmark-dev

echo "Building (build/release) ..."
cmake --preset release >/dev/null
cmake --build --preset release --target bench >/dev/null

programs=(line mlp elementwise adam lanes store start workers plan view runs products)
options=(--benchmark_repetitions=5 --benchmark_report_aggregates_only=true
  --benchmark_enable_random_interleaving=true --benchmark_format=json)
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
load=$(cut -d' ' -f1 /proc/loadavg)  # nobody waits for a core while this is near 0
for program in "${programs[@]}"; do
  echo "Measuring $program ..."
  seconds=0.3
  [ "$program" = products ] && seconds=0.02
  "build/release/bench/bench_$program" "${options[@]}" "--benchmark_min_time=$seconds" \
    >"$found/$program.json" 2>"$found/$program.log" ||
    { cat "$found/$program.log" >&2; exit 1; }
  if grep -h '"error_message"' "$found/$program.json"; then exit 1; fi
done

# Google Benchmark's JSON has a key a line. A line of output: program/benchmark, statistic,
# wall seconds, processor seconds, items a second (of cv: as a share of the mean), peak megabytes.
awk '
  function flush() { if (statistic == "median" || statistic == "cv")
      print program "/" name, statistic, real * unit, cpu * unit, items, peak; statistic = "" }
  FNR == 1 { flush(); program = FILENAME; sub(/.*\//, "", program); sub(/\.json$/, "", program) }
  { gsub(/[",]/, "") }
  $1 == "name:" { flush(); items = 0; peak = 0; unit = 1 }
  $1 == "run_name:" { name = $2 $3 }  # "ours<Exp, float>" becomes ours<Expfloat>
  $1 == "aggregate_name:" { statistic = $2 }
  $1 == "real_time:" { real = $2 }
  $1 == "cpu_time:" { cpu = $2 }
  $1 == "items_per_second:" { items = $2 }
  $1 == "peak_MB:" { peak = $2 }
  $1 == "time_unit:" { unit = statistic == "cv" ? 1 : $2 == "ns" ? 1e-9 : $2 == "us" ? 1e-6 : 1e-3 }
  END { flush() }' "$found"/*.json >"$found/figures"

table() {
  awk -v busy="$(awk "BEGIN { print ($load > 0.5) }")" '
    { real[$1, $2] = $3; cpu[$1, $2] = $4; items[$1, $2] = $5; peak[$1, $2] = $6 }
    function seconds(s) { return s < 1e-6 ? sprintf("%.0f ns", s * 1e9) : s < 1e-3 ? \
      sprintf("%.1f us", s * 1e6) : s < 1 ? sprintf("%.2f ms", s * 1e3) : sprintf("%.2f s", s) }
    function spread(share) { return sprintf(" ± %.0f %%", share * 100) }
    function row(work, ours, beside, ratio, reach, reached,   wall) {
      printf "| %s | %s | %s | %s | %s | %s |\n", work, ours, beside, ratio, reach,
             wall && busy ? "busy" : reached ? "yes" : "no" }
    function step(work, ours, beside, what, most,   r) {
      r = cpu[ours, "median"] / cpu[beside, "median"]
      row(work, seconds(cpu[ours, "median"]) spread(cpu[ours, "cv"]),
          what " " seconds(cpu[beside, "median"]) spread(cpu[beside, "cv"]),
          sprintf("%.2f", r), "<= " most " x", r <= most) }
    function rate(name) { return sprintf("%.0f runs/s", items[name, "median"]) \
      spread(items[name, "cv"]) }
    function wall(name) { return seconds(real[name, "median"]) spread(real[name, "cv"]) }
    END {
      print "| work | ours | beside it | ratio | reach | reached |"
      print "| --- | --- | --- | --- | --- | --- |"
      line = "y = 5x + 7, 256 points, full batch, a step"
      step(line, "line/ours", "line/hand_written", "hand-written fused loop", 3)
      armadillo = cpu["line/ours", "median"] / cpu["line/plain_armadillo", "median"]
      printf "| the same | | plain Armadillo %s | %.2f | | |\n",
             seconds(cpu["line/plain_armadillo", "median"]), armadillo
      step("MLP 64-128-10, batch 32, Adam, a step", "mlp/step/mlp_64_128_10",
           "mlp/products/mlp_64_128_10", "its bare matrix products", 1.6)
      step("MLP 784-512-512-10, batch 128, Adam, a step", "mlp/step/mlp_784_512_512_10",
           "mlp/products/mlp_784_512_512_10", "its bare matrix products", 1.15)
      ours = "store/ours/real_time"; plain = "store/plain_sqlite/real_time"
      row("storing runs with 20 curve rows", rate(ours), "SQLite, a transaction a run " rate(plain),
          sprintf("%.1f", items[ours, "median"] / items[plain, "median"]), ">= 50000 runs/s",
          items[ours, "median"] >= 50000, 1)
      step("adam on 1,000,000 weights, a step", "adam/ours", "adam/streaming",
           "a loop over the same bytes", 1.2)
      lanes = "lanes/side_by_side<Tanh>"; apart = "lanes/ours<Tanh>"
      faster = items[lanes, "median"] / items[apart, "median"]
      row("MLP 10-16-8-1 tanh, batch 32, 100 replicates, replicate-steps a second",
          sprintf("%.0f", items[apart, "median"]) spread(items[apart, "cv"]),
          "a prototype side by side " sprintf("%.0f", items[lanes, "median"]) \
          spread(items[lanes, "cv"]), sprintf("%.2f x faster", faster), ">= 3 x to be built",
          faster >= 3)
      short = "runs/short_runs/2/iterations:1/real_time"
      row("100,000 runs with 22 curve rows, `descent run` from start to end, two workers", rate(short),
          "one worker " rate("runs/short_runs/1/iterations:1/real_time"),
          sprintf("%.2f x faster", items[short, "median"] / \
                  items["runs/short_runs/1/iterations:1/real_time", "median"]),
          ">= 50000 runs/s", items[short, "median"] >= 50000, 1)
      start = "start/run/real_time"; least = "start/version/real_time"
      row("`descent run`, one run of one epoch, new store", wall(start),
          "`descent --version` " wall(least),
          sprintf("%.1f", real[start, "median"] / real[least, "median"]), "<= 50 ms",
          real[start, "median"] <= 0.05, 1)
      one = "workers/grid/1/iterations:1/real_time"; two = "workers/grid/2/iterations:1/real_time"
      faster = real[one, "median"] / real[two, "median"]
      row("1000 runs of 2 ms, two workers", wall(two), "one worker " wall(one),
          sprintf("%.2f x faster", faster), ">= 1.9 x", faster >= 1.9, 1)
      point = "plan/plan/one_point/real_time"
      for (i = 1; i <= 2; ++i) {
        million = "plan/plan/million_" (i == 1 ? "hypers" : "with_seeds") "/real_time"
        row("`descent plan` of a million points" (i == 1 ? "" : ", a thousand of them seeds"),
            wall(million) ", " sprintf("%.0f MB", peak[million, "median"]), "one point " wall(point),
            sprintf("%.1f", real[million, "median"] / real[point, "median"]), "<= 2 s, < 200 MB",
            real[million, "median"] <= 2 && peak[million, "median"] < 200, 1)
      }
      asked = "view/ask/all_columns_of_a_rate/real_time"; all = "view/ask/a_column_of_all/real_time"
      row("a view over a million runs, the points of a swept value", wall(asked),
          "a column of all points " wall(all),
          sprintf("%.2f", real[asked, "median"] / real[all, "median"]), "<= 100 ms",
          real[asked, "median"] <= 0.1, 1)
    }' "$found/figures"
}

elementwise() {
  awk '
    $2 == "median" { us[$1] = $4 * 1e6 }
    function beside(name) { return (name in us) ? sprintf("%.1f | %.2f", us[name], ours / us[name]) : " | " }
    function row(title, name, element, sleef, libmvec) {
      ours = us["elementwise/" name element ">"]
      printf "| %s, %s | %.1f | %s | %s | %.1f |\n", title, element, ours,
             beside("elementwise/" sleef element ">"), beside("elementwise/" libmvec element ">"),
             us["elementwise/copy<" element ">"] }
    END {
      for (i = 1; i <= 2; ++i) {
        element = i == 1 ? "float" : "double"
        row("exp", "ours<Exp", element, "sleef<Exp", "libmvec<Exp")
        row("tanh", "ours<Tanh", element, "sleef<Tanh", "libmvec<Tanh")
        row("sigmoid", "ours<Sigmoid", element, "sleef<Sigmoid", "libmvec<Sigmoid")
        row("log-softmax of 10 classes", "ours<LogSoftmax", element, "sleef_log_softmax<", "none")
        row("tanh and its slope", "ours_tanh_and_slope<", element, "sleef_tanh_and_slope<", "none")
      }
    }' "$found/figures"
}

products() {
  awk '
    $2 == "median" && split($1, part, "/") == 5 && part[1] == "products" {
      split(part[2], kind, "_"); shape = part[3] " " part[4] " " part[5]
      if (!(shape in seen)) { seen[shape] = 1; order[++shapes] = shape }
      ns[shape, kind[1], kind[2]] = $4 * 1e9
    }
    function pair(shape, kind) { return sprintf("%.0f / %.0f", ns[shape, kind, "loops"],
                                                ns[shape, kind, "blas"]) }
    END {
      for (s = 1; s <= shapes; ++s) {
        split(order[s], size, /[^0-9]+/)
        printf "| %d x %d, %d x %d | %d | %s | %s | %s |\n", size[2], size[3], size[3], size[4],
               size[2] * size[3] * size[4], pair(order[s], "forward"), pair(order[s], "weights"),
               pair(order[s], "inputs")
      }
    }' "$found/figures" | sort -t '|' -k 3,3n -k 2,2
}

echo "Measuring growth ..."
build/release/bench/bench_scaling >"$found/scaling"
scripts/bench_peers.sh >"$found/peers"

package_version() { dpkg-query -W -f '${Version}' "$1"; }

# OpenBLAS names the kernels it chose when it is loaded verbosely.
openblas_core() {
  OPENBLAS_VERBOSE=2 build/release/bench/bench_products --benchmark_list_tests 2>&1 |
    sed -n "s/^Core: //p"
}

{
  echo "# Benchmarks"
  echo
  echo "Written by \`scripts/bench.sh\`; [docs/performance.md](../docs/performance.md) says where the time"
  echo "goes. Medians of 5 repetitions, in random order, ± their standard deviation; a ratio compares"
  echo "what one program measured in one go. Times of steps are processor time, the others wall time."
  echo
  echo "| machine | |"
  echo "| --- | --- |"
  echo "| processor | $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores |"
  echo "| load before | $load |"
  echo "| compiler | $(c++ --version | head -n 1), release preset |"
  echo "| OpenBLAS | $(package_version libopenblas-serial-dev), kernels for $(openblas_core) |"
  echo "| SLEEF | $(package_version libsleef-dev) |"
  echo "| Armadillo | $(package_version libarmadillo-dev) |"
  echo "| SQLite | $(package_version libsqlite3-dev) |"
  echo "| Boost | $(package_version libboost-dev) |"
  echo
  if awk "BEGIN { exit !($load > 0.5) }"; then
    echo "**The machine was busy** when this was measured (load $load): wall times, so the rows of store,"
    echo "start and workers, are those of a shared machine. They neither reach nor miss their limits."
    echo
  fi
  table
  echo
  echo "## Elementwise functions"
  echo
  echo "100,000 values, microseconds; the bare loops call the vector functions of the library (for"
  echo "log-softmax and slopes with what stands around them); ratio: time of ours / time of the loop."
  echo
  echo "| function | ours | SLEEF | ratio | libmvec | ratio | copying the values |"
  echo "| --- | --- | --- | --- | --- | --- | --- |"
  elementwise
  echo
  echo "## As the work grows"
  echo
  cat "$found/scaling"
  echo
  echo "## The same works in other libraries"
  echo
  cat "$found/peers"
  echo
  echo "## Small products"
  echo
  echo "Small products of a linear layer (k outputs, d inputs, batch n), nanoseconds by plain loops /"
  echo "by OpenBLAS:"
  echo
  echo "| k x d, d x n | multiply-adds | W x | dy x' | W' dy |"
  echo "| --- | --- | --- | --- | --- |"
  products
  echo
  echo "Each row again: \`build/release/bench/bench_NAME ${options[*]:0:3}\`"
  echo "with NAME one of ${programs[*]}."
} >"$found/RESULTS.md"
mv "$found/RESULTS.md" bench/RESULTS.md
cat bench/RESULTS.md
