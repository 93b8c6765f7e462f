// SPDX-License-Identifier: MIT
// Checks of second derivatives, which only some optimizers ask for.
#include "conformance/loss_draws.h"
#include "conformance/weight_draws.h"

namespace descent::conformance {
namespace {

constexpr double h = 1e-5, limit = 1e-6;
constexpr auto compared_along =
    "derivatives of the gradient along a direction, against differences";

// (f(h) - f(-h)) / 2h, with an error of order h^2.
template <class Gradient>
double off(const arma::mat& found, Gradient&& gradient) {
  const arma::mat expected = (gradient(h) - gradient(-h)) / (2 * h);
  return largest<double>(found - expected) / std::max(1.0, largest<double>(expected));
}

double off_of_loss(const host::Plugin& plugin, const Batch& batch, descent_reduction reduction,
                   const arma::mat& direction) {
  host::Loss<double> loss(plugin, defaults(plugin), {}, reduction);
  arma::mat gradient(arma::size(direction)), found = gradient;
  loss.evaluate_twice(batch.prediction, batch.targets, gradient, direction, found);
  return off(found, [&](double step) {
    const arma::mat at = batch.prediction + step * direction;
    loss.evaluate(at, batch.targets, &gradient);
    return gradient;
  });
}

Finding of_loss(const host::Plugin& plugin) {
  Draws draws(plugin);
  double worst = 0;
  for (const auto form : forms(plugin))
    for (const auto reduction : {DESCENT_MEAN, DESCENT_SUM}) {
      auto batch = draws.batch(form, 3, 5);
      const auto direction = draws.uniform(batch.prediction.n_rows, 5, -1, 1);
      worst = worse(worst, off_of_loss(plugin, batch, reduction, direction));
      batch.targets.weights = draws.uniform(1, 5, 0.5, 2);
      worst = worse(worst, off_of_loss(plugin, batch, reduction, direction));
    }
  return {worst, limit, compared_along};
}

Finding of_penalty(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  WeightDraws draws;
  double worst = 0;
  for (const double scale : {0.2, 1.0, 5.0}) {
    const arma::vec w = draws.vector(scale), direction = draws.vector();
    arma::vec found(weight_count, arma::fill::zeros);
    penalty.add_hessian_times(w, direction, found);
    worst = worse(worst, off(found, [&](double step) {
                    arma::vec gradient(weight_count, arma::fill::zeros);
                    penalty.penalty(w + step * direction, &gradient);
                    return arma::mat(gradient);
                  }));
  }
  return {worst, limit, compared_along};
}

}  // namespace

std::vector<Check> second_derivative_checks(const host::Plugin& plugin) {
  if (!has_trait(plugin, DESCENT_TWICE)) return {};
  return {{"second derivatives", [plugin] {
             return plugin->kind == DESCENT_LOSS ? of_loss(plugin) : of_penalty(plugin);
           }}};
}

}  // namespace descent::conformance
