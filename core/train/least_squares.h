// SPDX-License-Identifier: MIT
// `optimizer: exact`: computes the minimum of a linear layer under squared error, with or without
// L2, directly instead of by steps. A part of the program, not a plugin.
#pragma once

#include <armadillo>

#include "train/exact_optimizer.h"
#include "train/samples.h"
#include "train/training.h"

namespace descent::train {

// Whether the objective is one it solves: a linear layer alone, loss mse, no regularizers but l2 by
// its gradient, the full batch, and nothing that changes steps.
bool exact_applies(const Settings& settings);

// Writes the weights and biases that minimize the objective; where several do, the shortest weights
// do. A bias without a penalty follows from centring; with a penalty `on: all`, be its
// lambda 0, a bias counts as one of the weights. Computed in double, in the smaller of the two
// dimensions: O(d n min(d, n)). REQUIRES: exact_applies. Throws std::runtime_error if the singular
// values cannot be found.
template <class T>
void solve_exactly(const Training& training, const Samples<T>& samples, arma::Col<T>& weights);

}  // namespace descent::train
