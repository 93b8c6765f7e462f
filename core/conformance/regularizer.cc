// SPDX-License-Identifier: MIT
// Checks of a penalty: its gradient, its sign, its proximal step.
#include <algorithm>
#include <cmath>

#include "conformance/hyperparameter_changes.h"
#include "conformance/weight_draws.h"

namespace descent::conformance {
namespace {

double difference(host::Regularizer<double>& penalty, arma::uword n, double scale) {
  WeightDraws draws;
  std::vector<arma::mat> w = {draws.vector(scale, n)};
  const arma::vec before = draws.vector(1, n);
  arma::vec sum = before;
  penalty.penalty(w[0].col(0), &sum);
  const std::vector<arma::mat> slope = {sum - before};
  return gradient_error_at_kinks(w, slope, [&] { return penalty.penalty(w[0].col(0), nullptr); });
}

Finding penalty_gradient(const host::Plugin& plugin) {
  double worst = 0;
  for (const auto& hyperparameters : nearby(plugin, strong(plugin))) {
    auto penalty = at_work(plugin, hyperparameters);
    host::Regularizer<double> of_all(plugin, hyperparameters, weight_and_bias_blocks);
    for (const double scale : {0.2, 1.0, 5.0})
      worst = worse(worst, worse(difference(penalty, weight_count, scale),
                                 difference(of_all, weight_and_bias_count, scale)));
  }
  return {worst, 1e-6,
          "against central differences, added to what was there, with each hyperparameter changed"};
}

double float_error(const host::Plugin& plugin, const Values& hyperparameters) {
  auto in_double = at_work(plugin, hyperparameters);
  auto in_float = at_work<float>(plugin, hyperparameters);
  WeightDraws draws;
  double worst = 0;
  for (int i = 0; i < 10; ++i) {
    const arma::fvec w = arma::conv_to<arma::fvec>::from(draws.vector());
    arma::vec slope(weight_count, arma::fill::zeros);
    arma::fvec float_slope(weight_count, arma::fill::zeros);
    const double value = in_double.penalty(arma::conv_to<arma::vec>::from(w), &slope);
    const double difference = std::abs(in_float.penalty(w, &float_slope) - value);
    worst = worse(worst, difference / std::max(1.0, std::abs(value)));
    const arma::vec apart = slope - arma::conv_to<arma::vec>::from(float_slope);
    worst = worse(worst, largest(apart) / std::max(1.0, largest(slope)));
    if (!plugin->proximal[DESCENT_F64]) continue;
    arma::vec u = arma::conv_to<arma::vec>::from(w);
    arma::fvec v = w;
    in_double.proximal(u, 0.5);
    in_float.proximal(v, 0.5);
    worst =
        worse(worst, largest<double>(u - arma::conv_to<arma::vec>::from(v)) / largest<float>(w));
  }
  return worst;
}

Finding penalty_single_precision(const host::Plugin& plugin) {
  double worst = 0;
  for (const auto& hyperparameters : nearby(plugin, strong(plugin)))
    worst = worse(worst, float_error(plugin, hyperparameters));
  return {
      worst, 1e-5,
      "float against double, relative, and of the proximal step, with each hyperparameter changed"};
}

Finding never_negative(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  WeightDraws draws;
  double worst = 0;
  for (const double scale : {1e-3, 1.0, 1e3})
    for (int i = 0; i < 100; ++i)
      worst = worse(worst, -penalty.penalty(draws.vector(scale), nullptr));
  return {worst, 0, "how far below 0 in 300 draws"};
}

Finding zero_at_zero(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  const double value = penalty.penalty(arma::vec(weight_count, arma::fill::zeros), nullptr);
  if (has_trait(plugin, DESCENT_ZERO_ELSEWHERE)) return {value, no_limit, "declared: not 0"};
  return {std::abs(value), 1e-12, "penalty of zero weights"};
}

// Also of blocks, the norms of which are then 0.
Finding finite_at_zero(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  arma::vec slope(weight_count, arma::fill::zeros);
  const double value = penalty.penalty(arma::vec(weight_count, arma::fill::zeros), &slope);
  const arma::uvec wrong = arma::find_nonfinite(slope);
  return {double(wrong.n_elem) + (std::isfinite(value) ? 0 : 1), 0,
          "inf or nan in the gradient at zero weights"};
}

// The lowest value of f that a search by random directions finds from a start.
template <class F>
double search(arma::vec u, F&& f, WeightDraws& draws) {
  double best = f(u);
  for (double radius = 1; radius > 1e-8;) {
    bool better = false;
    for (arma::uword i = 0; i < 3 * weight_count; ++i) {
      arma::vec direction(weight_count, arma::fill::zeros);
      if (i < 2 * weight_count)
        direction(i / 2) = i % 2 ? 1 : -1;
      else
        direction = arma::normalise(draws.vector());
      const arma::vec there = u + radius * direction;
      if (const double value = f(there); value < best) {
        best = value;
        u = there;
        better = true;
      }
    }
    if (!better) radius /= 2;
  }
  return best;
}

double gained(const host::Plugin& plugin, const Values& hyperparameters) {
  auto penalty = at_work(plugin, hyperparameters);
  WeightDraws draws;
  double worst = 0;
  for (const double step : {0.1, 1.0}) {
    const arma::vec w = draws.vector();
    arma::vec u = w;
    penalty.proximal(u, step);
    const auto objective = [&](const arma::vec& at) {
      return arma::accu(arma::square(at - w)) / 2 + step * penalty.penalty(at, nullptr);
    };
    const double found = objective(u);
    const double best = std::min(search(u, objective, draws), search(w, objective, draws));
    worst = worse(worst, (found - best) / std::max(1.0, best));
  }
  return worst;
}

Finding proximal(const host::Plugin& plugin) {
  double worst = 0;
  for (const auto& hyperparameters : nearby(plugin, strong(plugin)))
    worst = worse(worst, gained(plugin, hyperparameters));
  return {worst, 1e-8, "what a brute-force search still gains, with each hyperparameter changed"};
}

// Onto weights without penalty, none of which lies nearer, and no further from there.
Finding projection(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  WeightDraws draws;
  const arma::vec w = draws.vector(10);
  arma::vec nearest = w;
  penalty.proximal(nearest, 1);
  double worst = penalty.penalty(nearest, nullptr);
  arma::vec again = nearest;
  penalty.proximal(again, 1);
  worst = worse(worst, largest<double>(again - nearest));
  for (int i = 0; i < 1000; ++i) {
    arma::vec other = nearest + draws.vector(i % 2 ? 1 : 1e-3);
    penalty.proximal(other, 1);
    worst = worse(worst, arma::norm(nearest - w) - arma::norm(other - w));
  }
  return {worst, 1e-9, "declared a projection: penalty left, moved by a second, nearer ones"};
}

Finding no_step(const host::Plugin& plugin) {
  auto penalty = at_work(plugin);
  WeightDraws draws;
  const arma::vec w = draws.vector();
  arma::vec u = w;
  penalty.proximal(u, 0);
  return {largest<double>(u - w), 1e-12, "how far a step of size 0 moves"};
}

}  // namespace

std::vector<Check> checks_of_regularizer(const host::Plugin& plugin) {
  std::vector<Check> all = {
      {"gradient", [plugin] { return penalty_gradient(plugin); }},
      {"single precision", [plugin] { return penalty_single_precision(plugin); }},
      {"never negative", [plugin] { return never_negative(plugin); }},
      {"zero at zero", [plugin] { return zero_at_zero(plugin); }},
      {"finite at zero", [plugin] { return finite_at_zero(plugin); }}};
  for (const auto part : {penalty_sense_checks, second_derivative_checks})
    for (auto& check : part(plugin)) all.push_back(std::move(check));
  if (!plugin->proximal[DESCENT_F64]) return all;
  if (has_trait(plugin, DESCENT_PROJECTS)) {
    all.push_back({"proximal step projects", [plugin] { return projection(plugin); }});
    return all;
  }
  all.push_back({"proximal step minimises", [plugin] { return proximal(plugin); }});
  all.push_back({"proximal step of size 0", [plugin] { return no_step(plugin); }});
  return all;
}

}  // namespace descent::conformance
