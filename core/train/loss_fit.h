// SPDX-License-Identifier: MIT
// Whether a loss, the model's last layer and the data fit: what the loss is defined for (abi.h)
// against what it would be given.
#pragma once

#include <string>
#include <vector>

#include "data/replicate_sampler.h"
#include "host/plugin.h"
#include "train/settings.h"

namespace descent::train {

// Which kind of targets the loss will be given of so many columns: classes if it reads them (of a
// single column), else numbers, else what else it reads.
data::TargetKind target_kind(const host::Plugin& loss, const std::vector<double>& hyperparameters,
                             std::size_t columns);

// How many columns of targets there are.
std::size_t target_columns(const data::DataSpec& data);

// Whether the loss reads logarithms of the rates or variances that the model predicts.
bool predicts_logarithms(const host::Plugin& loss, const std::vector<double>& hyperparameters);

// Something that does not fit (an error), or that fits and is odd (a warning).
struct Misfit {
  std::string key;  // where an experiment file writes it, such as "model.layers.1"
  std::string text;
  bool is_error;
};

// REQUIRES: settings with a loss, which is this one; the source of its data.
std::vector<Misfit> misfits(const Settings& settings, const host::Plugin& loss,
                            const data::ReplicateSampler& source);

}  // namespace descent::train
