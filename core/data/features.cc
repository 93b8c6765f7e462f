// SPDX-License-Identifier: MIT
#include "data/features.h"

#include <cmath>
#include <string_view>

#include "base/random.h"
#include "data/weights.h"

namespace descent::data {
namespace {

using Map = std::function<arma::mat(const arma::mat&)>;

// What a map is fitted on.
struct Samples {
  const arma::mat& rows;
  const arma::rowvec& weights;
};

Map fit(const Standardize&, const Samples& training, Random&) {
  return Standardizer(training.rows, training.weights);
}

Map fit(const Scale& spec, const Samples&, Random&) {
  return [factor = spec.factor](const arma::mat& x) -> arma::mat { return factor * x; };
}

Map fit(const Polynomial& spec, const Samples&, Random&) {
  return [degree = spec.degree](const arma::mat& x) {
    arma::mat powers(x.n_rows * degree, x.n_cols);
    for (arma::uword j = 0; j < x.n_rows; ++j)
      for (arma::uword p = 0; p < degree; ++p)
        powers.row(j * degree + p) = arma::pow(x.row(j), double(p + 1));
    return powers;
  };
}

arma::vec centres(const GaussianBasis& spec) {
  if (spec.count == 1) return {(spec.from + spec.to) / 2};
  return arma::linspace(spec.from, spec.to, spec.count);
}

Map fit(const GaussianBasis& spec, const Samples&, Random&) {
  return [at = centres(spec), width = spec.width](const arma::mat& x) {
    arma::mat bumps(x.n_rows * at.n_elem, x.n_cols);
    for (arma::uword j = 0; j < x.n_rows; ++j)
      for (arma::uword c = 0; c < at.n_elem; ++c)
        bumps.row(j * at.n_elem + c) =
            arma::exp(-arma::square(x.row(j) - at[c]) / (2 * width * width));
    return bumps;
  };
}

Map fit(const RandomRelu& spec, const Samples& training, Random& random) {
  // Drawn unit by unit, so that more units begin with the fewer's.
  const auto inputs = training.rows.n_rows;
  arma::mat transposed(inputs, spec.count);
  const double sd = 1 / std::sqrt(double(inputs));
  transposed.imbue([&] { return random.normal(0, sd); });
  return [weights = arma::mat(transposed.t())](const arma::mat& x) -> arma::mat {
    return arma::clamp(weights * x, 0, arma::datum::inf);
  };
}

std::uint64_t rows(const Standardize&, std::uint64_t inputs) { return inputs; }
std::uint64_t rows(const Scale&, std::uint64_t inputs) { return inputs; }
std::uint64_t rows(const Polynomial& spec, std::uint64_t inputs) { return inputs * spec.degree; }
std::uint64_t rows(const GaussianBasis& spec, std::uint64_t inputs) { return inputs * spec.count; }
std::uint64_t rows(const RandomRelu& spec, std::uint64_t) { return spec.count; }

}  // namespace

std::uint64_t feature_count(const std::vector<FeatureSpec>& specs, std::uint64_t inputs) {
  for (const auto& spec : specs)
    inputs = std::visit([&](const auto& map) { return rows(map, inputs); }, spec);
  return inputs;
}

Features::Features(const std::vector<FeatureSpec>& specs, const arma::mat& training,
                   const arma::rowvec& weights, std::uint64_t seed, std::uint64_t index)
    : count_(feature_count(specs, training.n_rows)) {
  Random random(seed, "features", index);
  auto seen = training;
  for (const auto& spec : specs) {
    maps_.push_back(std::visit(
        [&](const auto& map) -> Map {
          return fit(map, Samples{seen, weights}, random);
        },
        spec));
    seen = maps_.back()(seen);
  }
}

arma::mat Features::apply(const arma::mat& inputs) const {
  if (inputs.n_cols == 0) return arma::mat(count_, 0);
  auto seen = inputs;
  for (const auto& map : maps_) seen = map(seen);
  return seen;
}

}  // namespace descent::data
