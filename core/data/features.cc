// SPDX-License-Identifier: MIT
#include "data/features.h"

#include <cmath>
#include <string_view>

#include "base/random.h"
#include "data/weights.h"

namespace descent::data {
namespace {

// What a map is fitted on.
struct Samples {
  const arma::mat& rows;
  const arma::rowvec& weights;
};

arma::mat single(double value) { return arma::mat(1, 1, arma::fill::value(value)); }

FittedMap fit(const Standardize&, const Samples& training, Random&) {
  const Standardizer fitted(training.rows, training.weights);
  return {"standardize",
          {{"unit", fitted.units()}, {"mean", fitted.means()}, {"sd", fitted.sds()}}};
}

FittedMap fit(const Scale& spec, const Samples&, Random&) {
  return {"scale", {{"factor", single(spec.factor)}}};
}

FittedMap fit(const Polynomial& spec, const Samples&, Random&) {
  return {"polynomial", {{"degree", single(double(spec.degree))}}};
}

arma::vec centres(const GaussianBasis& spec) {
  if (spec.count == 1) return {(spec.from + spec.to) / 2};
  return arma::linspace(spec.from, spec.to, spec.count);
}

FittedMap fit(const GaussianBasis& spec, const Samples&, Random&) {
  return {"gaussian_basis", {{"centres", centres(spec)}, {"width", single(spec.width)}}};
}

FittedMap fit(const RandomRelu& spec, const Samples& training, Random& random) {
  // Drawn unit by unit, so that more units begin with the fewer's.
  const auto inputs = training.rows.n_rows;
  arma::mat transposed(inputs, spec.count);
  const double sd = 1 / std::sqrt(double(inputs));
  transposed.imbue([&] { return random.normal(0, sd); });
  return {"random_relu", {{"weights", arma::mat(transposed.t())}}};
}

arma::mat powers(const arma::mat& x, arma::uword degree) {
  arma::mat all(x.n_rows * degree, x.n_cols);
  for (arma::uword j = 0; j < x.n_rows; ++j)
    for (arma::uword p = 0; p < degree; ++p)
      all.row(j * degree + p) = arma::pow(x.row(j), double(p + 1));
  return all;
}

arma::mat bumps(const arma::mat& x, const arma::vec& at, double width) {
  arma::mat all(x.n_rows * at.n_elem, x.n_cols);
  for (arma::uword j = 0; j < x.n_rows; ++j)
    for (arma::uword c = 0; c < at.n_elem; ++c)
      all.row(j * at.n_elem + c) = arma::exp(-arma::square(x.row(j) - at[c]) / (2 * width * width));
  return all;
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

arma::mat apply(const FittedMap& map, const arma::mat& x) {
  const auto numbers = [&](const char* name) -> const arma::mat& { return map.numbers.at(name); };
  if (map.name == "standardize")
    return Standardizer(arma::vectorise(numbers("unit")), arma::vectorise(numbers("mean")),
                        arma::vectorise(numbers("sd")))(x);
  if (map.name == "scale") return numbers("factor")(0) * x;
  if (map.name == "polynomial") return powers(x, arma::uword(numbers("degree")(0)));
  if (map.name == "gaussian_basis")
    return bumps(x, arma::vectorise(numbers("centres")), numbers("width")(0));
  return arma::clamp(numbers("weights") * x, 0, arma::datum::inf);
}

Features::Features(const std::vector<FeatureSpec>& specs, const arma::mat& training,
                   const arma::rowvec& weights, std::uint64_t seed, std::uint64_t index)
    : count_(feature_count(specs, training.n_rows)) {
  Random random(seed, "features", index);
  auto seen = training;
  for (const auto& spec : specs) {
    maps_.push_back(std::visit(
        [&](const auto& map) -> FittedMap {
          return fit(map, Samples{seen, weights}, random);
        },
        spec));
    seen = data::apply(maps_.back(), seen);
  }
}

arma::mat Features::apply(const arma::mat& inputs) const {
  if (inputs.n_cols == 0) return arma::mat(count_, 0);
  auto seen = inputs;
  for (const auto& map : maps_) seen = data::apply(map, seen);
  return seen;
}

}  // namespace descent::data
