// SPDX-License-Identifier: MIT
// The checks of each kind of plugin, and shared helpers.
#pragma once

#include <armadillo>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "autograd/gradient_check.h"
#include "conformance/check.h"

namespace descent::conformance {

std::vector<Check> checks_of_table(const host::Plugin& plugin);
std::vector<Check> checks_of_loss(const host::Plugin& plugin);
std::vector<Check> checks_of_regularizer(const host::Plugin& plugin);
std::vector<Check> checks_of_optimizer(const host::Plugin& plugin);

// Of a loss or a regularizer that gives second derivatives: against differences of its gradient.
std::vector<Check> second_derivative_checks(const host::Plugin& plugin);

std::vector<double> defaults(const host::Plugin& plugin);

// "lr=0.1 momentum=0.9" over the defaults; null: the defaults. Throws Error for a hyperparameter
// that the plugin does not have.
std::vector<double> with_settings(const host::Plugin& plugin, const char* settings);

inline bool has_trait(const host::Plugin& plugin, descent_traits trait) {
  return (plugin->traits & trait) != 0;
}

// gradient_error() of a formula with kinks: one between two points of a difference is not between
// those of a closer one.
inline double gradient_error_at_kinks(std::span<arma::mat> inputs,
                                      std::span<const arma::mat> gradients,
                                      const std::function<double()>& f) {
  constexpr double suspicious = 1e-7, closer = 2e-5;
  const double error = gradient_error(inputs, gradients, f);
  if (error <= suspicious) return error;
  const double again = gradient_error(inputs, gradients, f, closer);
  return again < error ? again : error;
}

// The larger of the two, where nan is largest.
inline double worse(double a, double b) { return a >= b || a != a ? a : b; }

// The largest size of an element; unlike Armadillo's max, nan where there is one.
template <class T>
double largest(const arma::Mat<T>& m) {
  double worst = 0;
  for (const T x : m) worst = worse(std::abs(double(x)), worst);
  return worst;
}

}  // namespace descent::conformance
