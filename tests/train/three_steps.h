// SPDX-License-Identifier: MIT
// Follows an optimizer over a few steps and compares its weights with numbers from elsewhere.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "host/optimizer.h"
#include "host/support.h"

namespace descent::testing {

using Hyperparameters = std::map<std::string, double>;
using Vectors = std::vector<arma::vec>;

inline constexpr double rounding = 1e-12;

// An optimizer, weights in blocks, and its inputs.
class Three {
 public:
  Three(const std::string& name, const Hyperparameters& hyperparameters, arma::vec start,
        std::vector<descent_block> blocks)
      : Three(rule(name, hyperparameters), std::move(start), std::move(blocks)) {}
  Three(const host::UpdateRule& rule, arma::vec start, std::vector<descent_block> blocks)
      : x_(std::move(start)), blocks_(std::move(blocks)), optimizer_(rule, x_.n_elem, blocks_, 3) {}

  void follow(const Vectors& gradients, const Vectors& expected, double tolerance = rounding) {
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      optimizer_.step(x_, gradients[i], 1, i, no_objective);
      expect(x_, expected[i], tolerance, i + 1);
    }
  }

  void descend(const host::Objective<double>& f, const Vectors& expected) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      arma::vec gradient(x_.n_elem);
      f(x_, &gradient);
      optimizer_.step(x_, gradient, 1, i, f);
      expect(x_, expected[i], rounding, i + 1);
    }
  }

  const arma::vec& average() { return optimizer_.evaluation_weights(x_); }

 private:
  static host::UpdateRule rule(const std::string& name, const Hyperparameters& hyperparameters) {
    const host::Catalog catalog({shipped_plugins()});
    return host::rule_of(catalog.get(DESCENT_OPTIMIZER, name).settle(hyperparameters), catalog);
  }

  static double no_objective(const arma::vec&, arma::vec*) {
    throw std::runtime_error("this rule needs no objective");
  }

  static void expect(const arma::vec& found, const arma::vec& expected, double tolerance,
                     std::size_t step) {
    ASSERT_EQ(found.n_elem, expected.n_elem);
    for (arma::uword i = 0; i < found.n_elem; ++i)
      EXPECT_NEAR(found(i), expected(i), tolerance) << "weight " << i << " after step " << step;
  }

  arma::vec x_;
  std::vector<descent_block> blocks_;
  host::Optimizer<double> optimizer_;
};

// Two weights from (1, -2).
inline Three pair_of_weights(const std::string& name, const Hyperparameters& hyperparameters) {
  return {name, hyperparameters, {1, -2}, {{"linear0.weight", 0, 1, 2, false}}};
}
inline const Vectors gradients = {{0.5, -1}, {0.25, 2}, {-1, 0.5}};

}  // namespace descent::testing
