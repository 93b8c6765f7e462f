// SPDX-License-Identifier: MIT
// Checks of a loss: its gradient, its weights, its edges.
#include <fmt/format.h>

#include <algorithm>

#include "conformance/hyperparameter_changes.h"
#include "conformance/loss_draws.h"

namespace descent::conformance {
namespace {

// A factor that takes predictions beyond thresholds. An exponential of a value, as a loss may be,
// must not outgrow what differences can resolve.
double far(const host::Plugin& plugin) {
  if (plugin->prediction == DESCENT_LOGITS || plugin->prediction == DESCENT_BINARY_LOGITS) return 6;
  return plugin->prediction == DESCENT_VALUES ? 3 : 1;
}

// Residuals, or logits, of 0.005 to 0.05, where formulas have other branches.
void move_close(const host::Plugin& plugin, Draws& draws, Batch& batch) {
  const auto& values = batch.targets.values;
  const arma::mat small =
      draws.uniform(batch.prediction.n_rows, batch.prediction.n_cols, 0.005, 0.05);
  const arma::mat off = small % arma::sign(batch.prediction);
  if (drawn_as(plugin) == DESCENT_BINARY_LOGITS) batch.prediction = off;
  if (drawn_as(plugin) == DESCENT_VALUES && arma::size(values) == arma::size(off))
    batch.prediction = values + off;
}

double gradient_at(const host::Plugin& plugin, const Values& hyperparameters) {
  const Asked loss(plugin, hyperparameters);
  Draws draws(plugin);
  double worst = 0;
  for (const auto form : forms(plugin))
    for (const auto reduction : {DESCENT_MEAN, DESCENT_SUM}) {
      auto batch = draws.batch(form, 3, 5);
      worst = worse(worst, difference(loss, batch, reduction, {}));
      batch.targets.weights = draws.uniform(1, 5, 0.5, 2);
      worst = worse(worst, difference(loss, batch, reduction, {}));
      if (plugin->class_weight)
        worst = worse(worst, difference(loss, batch, reduction, draws.uniform(3, 1, 0.5, 2)));
      auto close = batch;
      batch.prediction *= far(plugin);
      worst = worse(worst, difference(loss, batch, reduction, {}));
      move_close(plugin, draws, close);
      worst = worse(worst, difference(loss, close, reduction, {}));
    }
  return worst;
}

Finding loss_gradient(const host::Plugin& plugin) {
  double worst = 0;
  for (const auto& hyperparameters : nearby(plugin, defaults(plugin)))
    worst = worse(worst, gradient_at(plugin, hyperparameters));
  return {worst, 1e-6,
          "against central differences, with and without weights, near and far, with each "
          "hyperparameter changed"};
}

double float_error(const Asked& loss, const Batch& batch, descent_reduction reduction,
                   const arma::vec& class_weight) {
  const auto a = loss(batch, reduction, class_weight);
  const auto b = loss.operator()<float>(batch, reduction, class_weight);
  const arma::mat apart = a.gradient - arma::conv_to<arma::mat>::from(b.gradient);
  return worse(std::abs(a.value - b.value) / std::max(1.0, std::abs(a.value)),
               largest(apart) / std::max(1.0, largest(a.gradient)));
}

double float_error_at(const host::Plugin& plugin, const Values& hyperparameters) {
  const Asked loss(plugin, hyperparameters);
  Draws draws(plugin);
  double worst = 0;
  for (const auto form : forms(plugin))
    for (const auto reduction : {DESCENT_MEAN, DESCENT_SUM}) {
      auto batch = draws.batch(form, 3, 20);
      worst = worse(worst, float_error(loss, batch, reduction, {}));
      batch.targets.weights = draws.uniform(1, 20, 0.5, 2);
      worst = worse(worst, float_error(loss, batch, reduction, {}));
      if (plugin->class_weight)
        worst = worse(worst, float_error(loss, batch, reduction, draws.uniform(3, 1, 0.5, 2)));
    }
  return worst;
}

Finding loss_single_precision(const host::Plugin& plugin) {
  double worst = 0;
  for (const auto& hyperparameters : nearby(plugin, defaults(plugin)))
    worst = worse(worst, float_error_at(plugin, hyperparameters));
  return {
      worst, 1e-5,
      "float against double, relative, with and without weights, with each hyperparameter changed"};
}

// The most extreme predictions that are still valid.
std::pair<double, double> extremes(descent_prediction prediction) {
  if (prediction == DESCENT_BINARY_PROBABILITIES) return {0, 1};
  if (prediction == DESCENT_LOG_PROBABILITIES) return {-850, 0};
  if (prediction == DESCENT_MEANS_AND_VARIANCES || prediction == DESCENT_RATES) return {1e-6, 1e6};
  if (prediction == DESCENT_VALUES) return {-80, 80};  // a loss may be the exponential of a value
  return {-850, 850};
}

template <class T>
double not_finite(const Asked& loss, const Batch& batch) {
  const auto answer = loss.operator()<T>(batch);
  const arma::uvec wrong = arma::find_nonfinite(answer.gradient);
  return double(wrong.n_elem) + (std::isfinite(answer.value) ? 0 : 1);
}

// Ordinary predictions with targets at the ends of what is valid, and numbers that are predicted
// exactly: where logarithms, roots and quotients are not defined.
std::vector<Batch> at_edges(const host::Plugin& plugin, Draws& draws, Form form) {
  auto batch = draws.batch(form, 2, 8);
  auto& values = batch.targets.values;
  if (form == DESCENT_PROBABILITIES) {  // of the classes of a sample one is 1
    for (arma::uword i = 0; i < values.n_elem; ++i) values(i) = (i / 2 + i) % 2;
    return {batch};
  }
  if (form == DESCENT_COUNTS) {
    values.zeros();
    return {batch};
  }
  const bool is_of_targets = drawn_as(plugin) == DESCENT_VALUES && form == DESCENT_NUMBERS &&
                             arma::size(values) == arma::size(batch.prediction);
  if (!is_of_targets) return {};
  batch.prediction = values;
  return {batch};
}

Finding finite(const host::Plugin& plugin) {
  const Asked loss(plugin);
  Draws draws(plugin);
  const auto [low, high] = extremes(drawn_as(plugin));
  double count = 0;
  for (const auto form : forms(plugin)) {
    auto batch = draws.batch(form, 2, 8);
    for (arma::uword i = 0; i < batch.prediction.n_elem; ++i)
      batch.prediction(i) = (i / 2 + i) % 2 ? low : high;
    count += not_finite<double>(loss, batch) + not_finite<float>(loss, batch);
    for (const auto& edge : at_edges(plugin, draws, form))
      count += not_finite<double>(loss, edge) + not_finite<float>(loss, edge);
  }
  return {count, 0,
          fmt::format("inf or nan at predictions of {} and {}, at targets of 0 and 1, and where "
                      "both are equal",
                      low, high)};
}

Finding single_output(const host::Plugin& plugin) {
  const Asked loss(plugin);
  Draws draws(plugin);
  double worst = 0;
  for (const auto form : forms(plugin))
    worst = worse(worst, difference(loss, draws.batch(form, 1, 1), DESCENT_MEAN, {}));
  return {worst, 1e-6, "one sample, one output: against central differences"};
}

Finding minimum_at_target(const host::Plugin& plugin) {
  const Asked loss(plugin);
  Draws draws(plugin);
  double worst = 0;
  for (const auto form : forms(plugin)) {
    if (form == DESCENT_CLASSES) continue;
    auto batch = draws.batch(form, 3, 5);
    batch.prediction = batch.targets.values;
    const auto at_target = loss(batch);
    worst = worse(worst, largest<double>(at_target.gradient));
    for (int i = 0; i < 20; ++i) {
      auto near = batch;
      near.prediction += draws.uniform(3, 5, -0.04, 0.04);
      worst = worse(worst, at_target.value - loss(near).value);
    }
  }
  return {worst, 1e-12, "gradient at the target, and how much lower the loss is near it"};
}

Finding ignored(const host::Plugin& plugin) {
  auto hyperparameters = defaults(plugin);
  hyperparameters[std::size_t(plugin.hyperparameter_index("ignore_index"))] = 1;
  const Asked loss(plugin, hyperparameters);
  auto batch = Draws(plugin).batch(DESCENT_CLASSES, 3, 9);
  const auto gradient = loss(batch).gradient;
  double worst = 0;
  arma::uvec others;
  for (arma::uword j = 0; j < gradient.n_cols; ++j)
    if (batch.targets.classes[j] == 1)
      worst = worse(worst, largest<double>(gradient.col(j)));
    else
      others = arma::join_cols(others, arma::uvec{j});
  if (has_trait(plugin, DESCENT_WEIGHTED_MEAN)) {
    const double all = loss(batch).value, without = loss(picked(batch, others)).value;
    const double off = std::abs(all - without) / std::max(1.0, std::abs(without));
    worst = worse(worst, off > 1e-12 ? off : 0);
  }
  return {worst, 0, "gradient of samples of the ignored class, and the mean without them"};
}

}  // namespace

std::vector<Check> checks_of_loss(const host::Plugin& plugin) {
  std::vector<Check> all = {
      {"gradient", [plugin] { return loss_gradient(plugin); }},
      {"single precision", [plugin] { return loss_single_precision(plugin); }},
      {"finite at extremes", [plugin] { return finite(plugin); }},
      {"single output", [plugin] { return single_output(plugin); }}};
  for (const auto part : {sense_checks, sum_checks, second_derivative_checks})
    for (auto& check : part(plugin)) all.push_back(std::move(check));
  if (has_trait(plugin, DESCENT_MINIMUM_AT_TARGET))
    all.push_back({"minimum at the target", [plugin] { return minimum_at_target(plugin); }});
  if (plugin.hyperparameter_index("ignore_index") >= 0)
    all.push_back({"ignored class", [plugin] { return ignored(plugin); }});
  return all;
}

}  // namespace descent::conformance
