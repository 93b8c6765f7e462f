// SPDX-License-Identifier: MIT
// All checks of an optimizer, and those of its reaction to unusual gradients.
#include <fmt/format.h>

#include "conformance/hyperparameter_changes.h"
#include "conformance/optimizer_checks.h"
#include "conformance/walk.h"

namespace descent::conformance {
namespace {

Course constant(double gradient, arma::uword steps) {
  auto course = Course::usual(steps);
  course.gradients.fill(gradient);
  return course;
}

Finding zero_gradient(const host::Plugin& plugin) {
  if (has_trait(plugin, DESCENT_DECAYS)) return {0, no_limit, "declared: weights decay"};
  const auto hyperparameters = without_decay(plugin, defaults(plugin));
  if (draws(plugin, hyperparameters)) return {0, no_limit, "it moves at random"};
  host::Optimizer<double> optimizer(plugin, hyperparameters, layered_size, layered, 100);
  const arma::vec start(layered_size, arma::fill::ones), gradient(layered_size, arma::fill::zeros);
  arma::vec x = start;
  for (std::uint64_t t = 1; t <= 3; ++t)
    optimizer.step(x, gradient, t, t, [](const arma::vec&, arma::vec* slope) {
      if (slope) slope->zeros();
      return 0.0;
    });
  return {largest<double>(x - start), 1e-12, "how far three zero gradients move the weights"};
}

template <class T>
double not_finite_after(const host::Plugin& plugin, double gradient) {
  Walk<T> walk(plugin, defaults(plugin), constant(gradient, 5));
  walk.go(5);
  const arma::uvec wrong = arma::find_nonfinite(walk.x());
  return double(wrong.n_elem);
}

Finding extreme_gradient(const host::Plugin& plugin, double gradient) {
  return {not_finite_after<double>(plugin, gradient) + not_finite_after<float>(plugin, gradient), 0,
          "weights that are inf or nan after 5 steps"};
}

// Each of these can be distinguished from the outside; a crash or a hang cannot, and ends the
// check.
std::string outcome_of_nan(const host::Plugin& plugin) {
  auto course = constant(1, 3);
  course.gradients.row(3).fill(arma::datum::nan);
  Walk<double> walk(plugin, defaults(plugin), course);
  try {
    walk.go(3);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  const arma::uvec wrong = arma::find_nonfinite(walk.x());
  if (wrong.is_empty()) return "ignored: all weights stay finite";
  return wrong.n_elem == 1 ? "the weight it belongs to becomes nan"
                           : fmt::format("{} of {} weights become nan", wrong.n_elem, layered_size);
}

}  // namespace

std::vector<Check> gradient_checks(const host::Plugin& plugin) {
  return {{"zero gradient", [plugin] { return zero_gradient(plugin); }},
          {"gradient 1e10", [plugin] { return extreme_gradient(plugin, 1e10); }},
          {"gradient 1e-30", [plugin] { return extreme_gradient(plugin, 1e-30); }},
          {"gradient nan", [plugin] {
             return Finding{0, no_limit, outcome_of_nan(plugin)};
           }}};
}

std::vector<Check> checks_of_optimizer(const host::Plugin& plugin) {
  std::vector<Check> all;
  for (const auto part : {descent_checks, hyperparameter_checks, invariance_checks, gradient_checks,
                          memory_checks, cost_checks})
    for (auto& check : part(plugin)) all.push_back(std::move(check));
  return all;
}

}  // namespace descent::conformance
