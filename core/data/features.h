// SPDX-License-Identifier: MIT
// Feature maps transform the inputs of the model. They are fitted on training inputs only.
#pragma once

#include <armadillo>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "data/spec.h"

namespace descent::data {

// Rows that come out of the maps for this many inputs. Throws Error where these are too few.
std::uint64_t feature_count(const std::vector<FeatureSpec>& specs, std::uint64_t inputs);

// The maps are applied in the order given, each fitted on the output of those before it:
//   standardize     (x - mean) / sd of each row, by the sample weights (Standardizer)
//   scale           factor * x
//   polynomial      x, x^2 .. x^degree of the first row, then of the second, ...; degree 0: no rows
//   gaussian_basis  exp(-(x - c)^2 / (2 width^2)) of the first row for every centre c, then of the
//                   second, ...; centres evenly spaced, from and to included; one centre: the
//                   middle
//   log1p           log(1 + x); apply() throws Error for inputs of -1 and below
//   interactions    x, then the products of its first row with the second, the third, ..., of the
//                   second with the third, ...
//   quantile        the rank of x among the training inputs, from 0 to 1 (quantiles.h)
//   pca             the first `count` principal components of x (principal_components.h)
//   random_relu     max(0, W x), W count x d with entries N(0, 1/d) of stream (seed, "features",
//                   index): index follows the initialization, as W is part of the random model
//
// A map as it was fitted: its name, and the numbers that it computes with.
//   standardize     unit, mean, sd: (x / unit - mean) / sd of each row, 0 where sd is 0
//   scale           factor
//   polynomial      degree
//   gaussian_basis  centres, width
//   quantile        quantiles, a row of them for each input
//   pca             mean, components: components (x - mean)
//   random_relu     weights
struct FittedMap {
  std::string name;
  std::map<std::string, arma::mat> numbers;
};

arma::mat apply(const FittedMap& map, const arma::mat& inputs);

class Features {
 public:
  // weights: of the training samples; empty: all 1.
  Features(const std::vector<FeatureSpec>& specs, const arma::mat& training,
           const arma::rowvec& weights, std::uint64_t seed, std::uint64_t index);

  arma::mat apply(const arma::mat& inputs) const;  // d x n -> feature_count(specs, d) x n
  const std::vector<FittedMap>& maps() const { return maps_; }

 private:
  std::uint64_t count_;
  std::vector<FittedMap> maps_;
};

}  // namespace descent::data
