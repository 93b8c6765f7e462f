#!/usr/bin/env bash
# Draws the pictures of README.md and the tutorial, from the shipped experiments.
#   scripts/readme_pictures.sh [BUILD]     the build folder, build/release by default
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:-build/release}
cmake --build "$build" --target descent plugins >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

draw() {  # the experiment's file, its name, the picture's, the file in docs/images
  "$build/descent" run "experiments/$1.yaml" --db "$folder/$1.db" --quiet
  "$build/descent" plot "$folder/$1.db" "$2" "$3" --output "docs/images/$4.svg" --force
  # White paper, so that it reads on a dark page too.
  sed -i 's|</style>|</style><rect width="100%" height="100%" fill="#fff"/>|' "docs/images/$4.svg"
}
draw bias_variance_polynomial bias-variance-polynomial bias2-and-variance-over-degree bias_variance_polynomial
draw bias_variance_polynomial bias-variance-polynomial data-and-fit polynomial_fit
