// SPDX-License-Identifier: MIT
// Samples with their targets, in double: samples are columns. The trainer converts the elements.
#pragma once

#include <armadillo>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/not_recorded.h"

namespace descent::data {

struct Dataset {
  arma::mat features;  // d x n
  arma::mat targets;   // k x n numbers or probabilities; empty when classes are given
  std::vector<std::int64_t> classes;  // n class indices 0 .. C-1; empty unless the kind is classes
  arma::rowvec weights;               // 1 x n > 0, of mean 1 (weights.h); empty: all 1
  std::vector<std::uint64_t> lines;   // of each sample in its file; empty: not from lines of one

  std::uint64_t size() const { return features.n_cols; }
};

// The samples at the given indices, in the given order; an index may occur more than once. Their
// weights have mean 1 again.
Dataset select(const Dataset& data, std::span<const std::uint64_t> indices);

// The test set, the same for every replicate; size 0 when there is none.
struct TestSet {
  Dataset data;
  // E[y|x] where it is known, else empty: k x m; of classes, C x m probabilities.
  arma::mat expectation;
  // Var[y|x], the weighted mean over the samples, where it is known, else NaN; of classes, of class
  // 1's 0/1.
  double noise = not_recorded;
  // Where y is f + normal noise, its sd (0: y is f); NaN for other distributions and unknown ones.
  double normal_sd = not_recorded;
};

// The names of rows and classes.
struct Names {
  std::vector<std::string> inputs;   // of Dataset::features, before feature maps
  std::vector<std::string> targets;  // the target columns; of classes, one
  std::vector<std::string> classes;  // label of each class index; empty unless the kind is classes
};

}  // namespace descent::data
