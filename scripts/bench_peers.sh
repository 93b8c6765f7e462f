#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Does the same works, from the same numbers, in ours and in those of PyTorch, libtorch, scikit-learn,
# NumPy and JAX that are installed, and prints a table in Markdown; fails when one of them computed
# something else. Takes about three minutes after the build. Installs none of them: apt-get install
# --no-install-recommends python3-torch libtorch-dev python3-sklearn python3-numpy; Debian has no JAX.
# The environment variable PYTHON names another Python than /usr/bin/python3.
#   scripts/bench_peers.sh --smallest      smallest sizes, in seconds: shows that all runs
#   scripts/bench_peers.sh --built FOLDER  with the programs of that build; installs and builds nothing
target=peers
. "$(dirname "$0")/bench_common.sh"

python=${PYTHON:-/usr/bin/python3}  # the distribution's packages are not seen by other Pythons
all=(line mlp-64 mlp-784 replicates)
repetitions=5 seconds=0.2
[ -z "$smallest" ] || repetitions=2 seconds=0
export PYTHONDONTWRITEBYTECODE=1

# One thread everywhere. Freed memory stays with the process: all but ours allocate and free
# megabytes in every step, and on a virtual machine the page faults would cost more than the work.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
export XLA_FLAGS=--xla_cpu_multi_thread_eigen=false
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=1073741824

peers=() left_out=() versions=()
declare -A program works  # of a peer
add() {  # peer, program, works
  peers+=("$1")
  program[$1]=$2
  works[$1]=$3
}
add_python() {  # peer, file, distribution, package, works
  local version
  if version=$("$python" -c "from importlib.metadata import version as v; print(v('$3'))" 2>/dev/null); then
    add "$1" "$python bench/peers/$2" "$5"
    [[ " ${versions[*]} " = *" $3 "* ]] || versions+=("$3 $version,")
  else
    left_out+=("$1 ($4 is not installed for $python)")
  fi
}
add ours "$built/bench/peers/peers_ours" "${all[*]}"
if [ -x "$built/bench/peers/peers_libtorch" ]; then
  add libtorch "$built/bench/peers/peers_libtorch" "${all[*]}"
  version=$(dpkg-query -W -f '${Version}' libtorch-dev)
  versions+=("libtorch $version,")
else
  left_out+=("libtorch (libtorch-dev was not installed when the build was configured)")
fi
add_python PyTorch with_torch.py torch python3-torch "${all[*]}"
add_python scikit-learn with_sklearn.py scikit-learn python3-sklearn "${all[*]}"
add_python NumPy with_numpy.py numpy python3-numpy "${all[*]}"
add_python "PyTorch, batched" with_torch_batched.py torch python3-torch replicates
add_python "NumPy, batched" with_numpy_batched.py numpy python3-numpy replicates
add_python "JAX, batched" with_jax.py jax jax replicates
for one in "${left_out[@]}"; do echo "Left out: $one" >&2; done

mkdir "$found/numbers" "$found/figures"
logged write_numbers "$built/bench/peers/peers_write_numbers" "$found/numbers"
rounds=("${all[@]}")  # all peers right after each other, as the machine's speed may drift
[ -z "$smallest" ] || rounds=("${all[*]}")
for round in "${rounds[@]}"; do
  echo "Measuring $round ..." >&2
  for peer in "${peers[@]}"; do
    now=()
    for work in $round; do [[ " ${works[$peer]} " != *" $work "* ]] || now+=("$work"); done
    [ ${#now[@]} -gt 0 ] || continue
    # shellcheck disable=SC2086  # a program and its arguments
    logged "$peer" ${program[$peer]} "$found/numbers" $repetitions $seconds "${now[@]}"
    cat "$found/$peer.out" >>"$found/figures/$peer"
  done
done
logged table "$built/bench/peers/peers_table" "$found/figures" "${peers[@]}"

blas=$(ldconfig -p | awk '$1 == "libblas.so.3" && !seen++ { print $NF }')
cat "$found/table.out"
echo
echo "Processor time of one thread, float32: medians of $repetitions repetitions ± their standard"
echo "deviation. All start from the same weights and take the same batches in the same order. A training"
echo "includes making model and optimizer and measuring the loss of all samples before and after; its"
echo "time is divided by its steps. Ours also draws data, weights and batches, which the others find in"
echo "memory. Batched: all replicates in each operation, along a leading axis of the arrays. The last"
echo "column is the largest relative deviation of a final loss from ours; above the tolerance"
echo "(\`bench/peers/works.h\`) the script fails."
echo "${versions[*]} BLAS of the peers: $(readlink -f "${blas:-none}")."
[ ${#left_out[@]} = 0 ] || printf 'Left out: %s.\n' "${left_out[@]}"
