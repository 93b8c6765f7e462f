// SPDX-License-Identifier: MIT
// Why a loss is not finite, in words: the first number that the element type cannot hold, where it
// is, and what usually helps.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "train/samples.h"
#include "train/training.h"

namespace descent::train {

// Looks, in this order, at weights, inputs and targets, the outputs of each layer, and the loss of
// each sample at these weights. It repeats the forward pass in double, so it costs more than a
// step: call it once a run. numbers: of the samples in the training set; none: 0, 1, ...
template <class T>
std::string cause_of_divergence(const Training& training, const Samples<T>& samples,
                                const arma::Col<T>& weights,
                                std::span<const std::uint64_t> numbers);

// "a smaller optimizer.lr, features: standardize, dtype: float64": what is not in use yet.
std::string divergence_remedies(const Settings& settings);

}  // namespace descent::train
