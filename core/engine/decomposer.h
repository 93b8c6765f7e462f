// SPDX-License-Identifier: MIT
// Between training and statistics: which losses of a point are decomposed, and against which truth.
#pragma once

#include <armadillo>
#include <string>
#include <vector>

#include "statistics/decomposition.h"
#include "statistics/state.h"
#include "statistics/variance_components.h"
#include "train/training.h"

namespace descent::engine {

// The metric that the views show: "mse" for predicted values, "nll" for predicted probabilities.
// Blocks of replicates are decomposed by squared error only: "brier" for probabilities.
std::string primary_metric(const train::Training& training);

// What a point is ranked by: "total", the error of the primary metric, if the loss is this metric,
// or if replicates come in blocks, of which only a decomposition has intervals; else "test_loss".
std::string ranked_by(const train::Training& training);

// The primary metric, then those of record.decompose; of classifiers brier and zero_one unless the
// file says otherwise. Throws Error for a metric that does not go with the loss or with blocks.
std::vector<std::string> decomposed_metrics(const train::Training& training);

// Whether replicates of a training are decomposed: there is a test set and something to vary, and
// the file does not say `decompose: none`.
bool is_decomposed(const train::Training& training);

class Decomposer {
 public:
  // Looks at the test set of the training's source; training must outlive the decomposer.
  explicit Decomposer(const train::Training& training);

  std::size_t size() const { return measures_.size(); }  // metrics
  const std::string& metric(std::size_t i) const { return measures_[i].metric; }
  // The central prediction of all replicates: mean, geomean, mode or median.
  const std::string& central(std::size_t i) const { return measures_[i].central; }

  std::vector<statistics::State> empty_states() const;  // one a metric
  void add(std::vector<statistics::State>& to,
           const arma::mat& prediction) const;          // outputs x m, as the model gives it
  void skip(std::vector<statistics::State>& to) const;  // a replicate that did not end well
  // The groups of metric i, in replicate order.
  statistics::Decomposition decompose(
      std::size_t i, const statistics::GroupSource<statistics::State>& groups) const;

  // About the bytes of the states of one epoch after so many replicates.
  std::uint64_t state_bytes(std::uint64_t replicates) const;

 private:
  struct Measure {
    std::string metric, central;
    arma::mat target;  // f where it is known, else y; of classes their probabilities
    statistics::DecompositionSettings settings;
  };

  Measure measure(const std::string& metric, const train::Training& training) const;

  descent_prediction kind_;
  bool is_of_classes_;                   // else of numbers
  std::uint64_t block_;                  // replicates of a block; 1: no blocks
  statistics::Attribution attribution_;  // of blocks
  std::vector<Measure> measures_;
};

}  // namespace descent::engine
