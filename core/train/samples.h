// SPDX-License-Identifier: MIT
// Samples in the element type of the run, as the model and the loss take them.
#pragma once

#include <fmt/format.h>

#include <armadillo>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string_view>

#include "base/element.h"
#include "data/dataset.h"
#include "host/loss.h"

namespace descent::train {

template <class T>
struct Samples {
  arma::Mat<T> features;  // d x n, after the feature maps
  host::Targets<T> targets;

  arma::uword size() const { return features.n_cols; }
};

// The values as T. Throws std::runtime_error at the first that T cannot hold; what is too small
// becomes 0.
template <class T>
arma::Mat<T> convert(const arma::mat& values, const char* row, const char* set) {
  auto converted = arma::conv_to<arma::Mat<T>>::from(values);
  for (arma::uword i = 0; i < converted.n_elem; ++i)
    if (!std::isfinite(converted[i]))
      throw std::runtime_error(fmt::format(
          "{} {} of {} sample {} is {:g}, which {} cannot hold (its largest number is {:.3g}); "
          "scale the data, as with {}{}",
          row, i % values.n_rows + 1, set, i / values.n_rows + 1, values[i], name(element_of<T>),
          largest(element_of<T>),
          row == std::string_view("target") ? "data.csv.standardize_target: true"
                                            : "features: [standardize]",
          sizeof(T) == 4 ? ", or set dtype: float64" : ""));
  return converted;
}

// set: "training", "validation" or "test", for messages.
template <class T>
Samples<T> convert(const data::Dataset& data, const arma::mat& features, const char* set) {
  Samples<T> samples;
  samples.features = convert<T>(features, "feature", set);
  samples.targets.values = convert<T>(data.targets, "target", set);
  samples.targets.classes = data.classes;
  samples.targets.weights = arma::conv_to<arma::Mat<T>>::from(data.weights);
  return samples;
}

// Uninitialized memory for n samples of the same kind.
template <class T>
Samples<T> like(const Samples<T>& all, arma::uword n) {
  Samples<T> batch;
  batch.features.set_size(all.features.n_rows, n);
  batch.targets.values.set_size(all.targets.values.n_rows, all.targets.values.is_empty() ? 0 : n);
  batch.targets.classes.resize(all.targets.classes.empty() ? 0 : n);
  batch.targets.weights.set_size(all.targets.weights.n_rows,
                                 all.targets.weights.is_empty() ? 0 : n);
  return batch;
}

// Copies the samples at the indices into a batch of that many; allocates nothing.
template <class T>
void gather(const Samples<T>& all, std::span<const std::uint64_t> indices, Samples<T>& batch) {
  const auto copy = [&](const arma::Mat<T>& from, arma::Mat<T>& to) {
    if (from.is_empty()) return;
    for (std::size_t j = 0; j < indices.size(); ++j)
      std::copy_n(from.colptr(indices[j]), from.n_rows, to.colptr(j));
  };
  copy(all.features, batch.features);
  copy(all.targets.values, batch.targets.values);
  copy(all.targets.weights, batch.targets.weights);
  for (std::size_t j = 0; j < batch.targets.classes.size(); ++j)
    batch.targets.classes[j] = all.targets.classes[indices[j]];
}

}  // namespace descent::train
