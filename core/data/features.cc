// SPDX-License-Identifier: MIT
#include "data/features.h"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "base/error.h"
#include "base/random.h"
#include "data/principal_components.h"
#include "data/quantiles.h"
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

FittedMap fit(const Log1p&, const Samples&, Random&) { return {"log1p", {}}; }

FittedMap fit(const Interactions&, const Samples&, Random&) { return {"interactions", {}}; }

FittedMap fit(const Quantile& spec, const Samples& training, Random&) {
  return {"quantile", {{"quantiles", quantiles(training.rows, training.weights, spec.count)}}};
}

FittedMap fit(const Pca& spec, const Samples& training, Random&) {
  const auto found = principal_components(training.rows, training.weights, spec.count);
  return {"pca", {{"mean", found.mean}, {"components", found.components}}};
}

arma::mat logarithms_of_one_and(const arma::mat& x) {
  for (arma::uword i = 0; i < x.n_elem; ++i)
    if (x[i] <= -1)
      throw Error::at("features",
                      fmt::format("log1p needs inputs above -1; input {} of sample {} is {:g}",
                                  i % x.n_rows + 1, i / x.n_rows + 1, x[i]));
  return arma::log1p(x);
}

arma::mat with_products(const arma::mat& x) {
  const auto d = x.n_rows;
  arma::mat all(d + d * (d - 1) / 2, x.n_cols);
  all.head_rows(d) = x;
  auto next = d;
  for (arma::uword i = 0; i < d; ++i)
    for (arma::uword j = i + 1; j < d; ++j) all.row(next++) = x.row(i) % x.row(j);
  return all;
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
std::uint64_t rows(const Log1p&, std::uint64_t inputs) { return inputs; }
std::uint64_t rows(const Interactions&, std::uint64_t inputs) {
  return inputs + inputs * (inputs - 1) / 2;
}
std::uint64_t rows(const Quantile&, std::uint64_t inputs) { return inputs; }
std::uint64_t rows(const Pca& spec, std::uint64_t inputs) {
  if (spec.count > inputs)
    throw Error::at("features",
                    fmt::format("pca with count: {} needs as many inputs, and there are {}",
                                spec.count, inputs));
  return spec.count;
}

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
  if (map.name == "log1p") return logarithms_of_one_and(x);
  if (map.name == "interactions") return with_products(x);
  if (map.name == "quantile") return ranks(numbers("quantiles"), x);
  if (map.name == "pca")
    return numbers("components") * arma::mat(x.each_col() - numbers("mean").col(0));
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
