#!/usr/bin/env bash
# From a fresh Debian 12 to a trained linear regression: installs what is missing, builds what the first
# experiment needs, runs it, queries its results and writes a page with its pictures. Then it builds
# the remaining plugins.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
. scripts/progress.sh

echo "On a bare Debian 12 this installs 0.7 GB of packages and leaves 0.4 GB in build/."
echo "On two cores that takes about nine minutes; the first result comes after about six."
ensure_packages "${build_packages[@]}"

build() { build_with_progress build-release.log cmake --build --preset release --target "$@"; }

echo "Building descent in build/release ..."
cmake --preset release >build-release.log 2>&1 ||
  { cat build-release.log >&2; echo "The configuration failed; see build-release.log." >&2; exit 1; }
build descent losses_mse optimizers_sgd

build/release/descent run experiments/linear_regression.yaml --db results.db
echo
echo "How far the learnt w and b are from 5 and 7, on average over the replicates:"
query="SELECT 5 - avg(value) FILTER (WHERE name = 'linear0.weight') AS \"5 - w\",
         7 - avg(value) FILTER (WHERE name = 'linear0.bias') AS \"7 - b\"
  FROM weights JOIN runs USING (run_id) JOIN results USING (point_id)
  WHERE experiment = 'linear-regression'"
echo "$query" | sed 's/^/  /'
build/release/descent sql results.db "$query"
echo
build/release/descent report results.db --output report.html
echo
echo "Building the other plugins ..."
build plugins
rm -f build-release.log
