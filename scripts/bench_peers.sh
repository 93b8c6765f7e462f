#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Does the same works, from the same numbers, in ours and in those of PyTorch, libtorch, scikit-learn
# and NumPy that are installed, and prints a table in Markdown; fails when one of them computed
# something else. Installs none of them: apt-get install --no-install-recommends python3-torch
# libtorch-dev python3-sklearn python3-numpy. Takes about three minutes after the build.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
ensure_packages "${build_packages[@]}" >&2

python=${PYTHON:-/usr/bin/python3}  # the distribution's packages are not seen by other Pythons
works=(line mlp-64 mlp-784 replicates)
repetitions=5
tolerance=1e-3  # of the final loss, relative: some hundred steps of float32, summed in other orders
export PYTHONDONTWRITEBYTECODE=1

# One thread everywhere. Freed memory stays with the process: all but ours allocate and free
# megabytes in every step, and on a virtual machine the page faults would cost more than the work.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=1073741824

echo "Building (build/release) ..." >&2
cmake --preset release -DDESCENT_PEERS=ON >/dev/null
cmake --build --preset release --target peers >/dev/null

built=build/release/bench/peers
peers=(ours)
declare -A program=([ours]=$built/peers_ours) version=()
left_out=()
if grep -q '^Torch_DIR:PATH=/' build/release/CMakeCache.txt; then
  peers+=(libtorch)
  program[libtorch]=$built/peers_libtorch
  version[libtorch]=$(dpkg-query -W -f '${Version}' libtorch-dev 2>/dev/null || true)
else
  left_out+=("libtorch (libtorch-dev is not installed)")
fi
offer() {  # name, module, package
  if version[$1]=$("$python" -c "import $2; print($2.__version__)" 2>/dev/null); then
    peers+=("$1")
    program[$1]="$python bench/peers/with_$2.py"
  else
    left_out+=("$1 ($3 is not installed for $python)")
  fi
}
offer PyTorch torch python3-torch
offer scikit-learn sklearn python3-sklearn
offer NumPy numpy python3-numpy
for one in "${left_out[@]}"; do echo "Left out: $one" >&2; done

found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
"$built/peers_write_numbers" "$found"
load=$(cut -d' ' -f1 /proc/loadavg)
for work in "${works[@]}"; do
  echo "Measuring $work ..." >&2
  for peer in "${peers[@]}"; do  # right after each other, as the machine's speed may drift
    ${program[$peer]} "$found" "$work" $repetitions | sed "s/^/$work $peer /" >>"$found/figures"
  done
done

# Reads works, then figures: work, peer, "time" or "loss", value.
awk -v order="${peers[*]}" -v tolerance=$tolerance '
  function median(key,   n, i, j, x, t) {
    n = count[key, "time"]
    for (i = 1; i <= n; ++i) {
      t = value[key, "time", i]
      for (j = i - 1; j > 0 && x[j] > t; --j) x[j + 1] = x[j]
      x[j + 1] = t
    }
    return n % 2 ? x[(n + 1) / 2] : (x[n / 2] + x[n / 2 + 1]) / 2
  }
  function spread(key,   n, i, sum, squares) {
    n = count[key, "time"]
    for (i = 1; i <= n; ++i) sum += value[key, "time", i]
    for (i = 1; i <= n; ++i) squares += (value[key, "time", i] - sum / n) ^ 2
    return sprintf(" ± %.0f %%", 100 * sqrt(squares / (n - 1)) / (sum / n))
  }
  function deviation(work, peer,   ours, n, i, d, largest) {
    ours = work SUBSEP "ours"
    n = count[work, peer, "loss"]
    if (n != count[ours, "loss"]) return "inf"
    for (i = 1; i <= n; ++i) {
      d = value[work, peer, "loss", i] / value[ours, "loss", i] - 1
      if (!(d > -1e9 && d < 1e9)) return "inf"
      if (d < 0) d = -d
      if (d > largest) largest = d
    }
    return largest + 0
  }
  function seconds(s) { return s < 1e-6 ? sprintf("%.0f ns", s * 1e9) : s < 1e-3 ? \
    sprintf("%.1f us", s * 1e6) : s < 1 ? sprintf("%.2f ms", s * 1e3) : sprintf("%.2f s", s) }
  function figure(work, peer,   t) {
    t = median(work SUBSEP peer)
    t = replicates[work] > 1 ? sprintf("%.0f replicates/s", replicates[work] / t) : \
                               seconds(t / steps[work])
    return t spread(work SUBSEP peer)
  }
  function ratio(work, peer) {
    return sprintf(", **%.3g**", median(work SUBSEP peer) / median(work SUBSEP "ours"))
  }
  function title(work,   what) {
    what = steps[work] / epochs[work] == 1 ? "full batch" : "batch " batch[work]
    return sprintf("%s %s, %d samples, %s, %s, %s; %d %s", units[work] ~ /-.*-/ ? "MLP" : "Line",
      units[work] (activation[work] == "none" ? "" : " " activation[work]), samples[work], what,
      loss[work], optimizer[work], replicates[work] > 1 ? epochs[work] : steps[work],
      replicates[work] > 1 ? "epochs, " replicates[work] " replicates" : "steps")
  }
  BEGIN {
    peers = split(order, peer, " ")
    for (p = 1; p <= peers; ++p) { head = head " | " peer[p]; rule = rule " | ---" }
    print "| work" head " | largest deviation |"
    print "| ---" rule " | --- |"
  }
  FNR == NR {
    names[++works] = $1; units[$1] = $2; activation[$1] = $3; loss[$1] = $4; optimizer[$1] = $5
    samples[$1] = $7; batch[$1] = $8; epochs[$1] = $9; replicates[$1] = $10
    steps[$1] = $9 * $7 / $8
    next
  }
  { value[$1, $2, $3, ++count[$1, $2, $3]] = $4 }
  END {
    for (w = 1; w <= works; ++w) {
      work = names[w]; largest = 0; row = "| " title(work)
      for (p = 1; p <= peers; ++p) {
        d = deviation(work, peer[p])
        if (d == "inf" || d > tolerance) {
          printf "error: %s: the final loss of %s deviates by %s from ours, more than %s\n",
                 work, peer[p], d, tolerance >"/dev/stderr"
          failed = 1
        }
        if (d > largest) largest = d
        row = row " | " figure(work, peer[p]) (p > 1 ? ratio(work, peer[p]) : "")
      }
      print row sprintf(" | %.0e |", largest)
    }
    exit failed
  }' "$found/works" "$found/figures" >"$found/table"

cat "$found/table"
echo
echo "Processor time of one thread, float32: medians of $repetitions repetitions ± their standard"
echo "deviation; **bold**: time of the peer / time of ours. All start from the same weights and take the"
echo "same batches in the same order. A training includes making model and optimizer and measuring the"
echo "loss of all samples before and after; its time is divided by its steps. Ours also draws data,"
echo "weights and batches, which the peers find in memory. The last column is the largest relative"
echo "deviation of a final loss from ours; above $tolerance the script fails. Load before: $load."
blas=$(ldconfig -p | awk '$1 == "libblas.so.3" && !seen++ { print $NF }')
versions=
for peer in "${peers[@]:1}"; do versions+="$peer ${version[$peer]}, "; done
[ -z "$versions" ] || echo "${versions}BLAS of the peers: $(readlink -f "${blas:-none}")."
[ ${#left_out[@]} = 0 ] || printf 'Left out: %s.\n' "${left_out[@]}"
