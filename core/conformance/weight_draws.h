// SPDX-License-Identifier: MIT
// What the checks of a regularizer share: weights in blocks, and the plugin at work on them.
#pragma once

#include <random>
#include <vector>

#include "conformance/checks.h"
#include "host/regularizer.h"

namespace descent::conformance {

// Two weight matrices, as penalties on weights see them; and two biases, as those on all do.
inline const std::vector<descent_block> weight_blocks = {{"linear0.weight", 0, 4, 3, false},
                                                         {"linear1.weight", 12, 2, 4, false}};
inline const std::vector<descent_block> weight_and_bias_blocks = {
    {"linear0.weight", 0, 4, 3, false},
    {"linear1.weight", 12, 2, 4, false},
    {"linear0.bias", 20, 4, 1, true},
    {"linear1.bias", 24, 2, 1, true}};
inline constexpr arma::uword weight_count = 20, weight_and_bias_count = 26;

// At their defaults penalties are often too weak for a wrong proximal step to show.
inline std::vector<double> strong(const host::Plugin& plugin) {
  auto hyperparameters = defaults(plugin);
  for (std::uint32_t i = 0; i < plugin->hyper_count; ++i)
    if (plugin->hypers[i].type == DESCENT_REAL && hyperparameters[i] < 0.1 &&
        plugin.objection(i, 0.5).empty())
      hyperparameters[i] = 0.5;
  return hyperparameters;
}

template <class T = double>
host::Regularizer<T> at_work(const host::Plugin& plugin,
                             const std::vector<double>& hyperparameters) {
  return {plugin, hyperparameters, weight_blocks};
}
template <class T = double>
host::Regularizer<T> at_work(const host::Plugin& plugin) {
  return at_work<T>(plugin, strong(plugin));
}

struct WeightDraws {
  std::mt19937_64 engine{20240229};
  std::normal_distribution<double> normal;

  arma::vec vector(double scale = 1, arma::uword n = weight_count) {
    arma::vec v(n);
    for (auto& x : v) x = scale * normal(engine);
    return v;
  }
};

std::vector<Check> penalty_sense_checks(const host::Plugin& plugin);

}  // namespace descent::conformance
