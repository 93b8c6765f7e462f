// SPDX-License-Identifier: MIT
// Checks of a loss: its gradient, its weights, its edges.
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "autograd/gradient_check.h"
#include "conformance/checks.h"
#include "host/loss.h"

namespace descent::conformance {
namespace {

using Form = descent_targets;  // one of them

std::vector<Form> forms(const host::Plugin& plugin) {
  std::vector<Form> all;
  for (const auto form : {DESCENT_NUMBERS, DESCENT_CLASSES, DESCENT_PROBABILITIES, DESCENT_SIGNS,
                          DESCENT_COUNTS, DESCENT_POSITIVE})
    if (plugin->targets & form) all.push_back(form);
  return all;
}

// Logarithms of rates are any values.
descent_prediction drawn_as(const host::Plugin& plugin) {
  const bool logarithms =
      plugin->prediction == DESCENT_RATES && plugin.is_on(plugin->log_prediction, defaults(plugin));
  return logarithms || plugin->prediction == DESCENT_LOG_RATES ? DESCENT_VALUES
                                                               : plugin->prediction;
}

struct Batch {
  arma::mat prediction;
  host::Targets<double> targets;
};

// Ordinary predictions and targets of one kind, identical on every call.
class Draws {
 public:
  explicit Draws(const host::Plugin& plugin) : prediction_(drawn_as(plugin)) {}

  Batch batch(Form form, arma::uword k, arma::uword n) {
    Batch batch{prediction(k, n), {}};
    if (form == DESCENT_NUMBERS) batch.targets.values = normal(k, n);
    if (form == DESCENT_PROBABILITIES) batch.targets.values = probabilities(k, n);
    if (form == DESCENT_SIGNS) batch.targets.values = arma::sign(normal(k, n));
    if (form == DESCENT_COUNTS) batch.targets.values = arma::floor(uniform(k, n, 0, 8));
    if (form == DESCENT_POSITIVE) batch.targets.values = uniform(k, n, 0.5, 3);
    if (form == DESCENT_CLASSES)
      for (arma::uword j = 0; j < n; ++j)
        batch.targets.classes.push_back(std::int64_t((j * 7 + 1) % k));
    return batch;
  }

  arma::mat uniform(arma::uword rows, arma::uword cols, double low, double high) {
    std::uniform_real_distribution<double> distribution(low, high);
    arma::mat m(rows, cols);
    for (auto& x : m) x = distribution(engine_);
    return m;
  }

 private:
  bool of_one_class() const {
    return prediction_ == DESCENT_LOGITS || prediction_ == DESCENT_LOG_PROBABILITIES;
  }

  arma::mat normal(arma::uword rows, arma::uword cols) {
    std::normal_distribution<double> distribution;
    arma::mat m(rows, cols);
    for (auto& x : m) x = 1.5 * distribution(engine_);
    return m;
  }

  // Of the k classes of a sample they sum to 1.
  arma::mat probabilities(arma::uword k, arma::uword n) {
    const arma::mat p = uniform(k, n, 0.05, 0.95);
    return of_one_class() ? arma::mat(arma::normalise(p, 1, 0)) : p;
  }

  arma::mat prediction(arma::uword k, arma::uword n) {
    if (prediction_ == DESCENT_BINARY_PROBABILITIES) return uniform(k, n, 0.05, 0.95);
    if (prediction_ == DESCENT_LOG_PROBABILITIES) return arma::log(probabilities(k, n));
    if (prediction_ == DESCENT_RATES) return uniform(k, n, 0.5, 2);
    if (prediction_ == DESCENT_MEANS_AND_VARIANCES)
      return arma::join_cols(normal(k, n), uniform(k, n, 0.5, 2));
    return normal(k, n);
  }

  descent_prediction prediction_;
  std::mt19937_64 engine_{20240229};
};

template <class T>
struct Answer {
  double value;
  arma::Mat<T> gradient;
};

// The plugin with fixed hyperparameters, evaluated on batches.
class Asked {
 public:
  explicit Asked(const host::Plugin& plugin, std::vector<double> hypers = {})
      : plugin_(plugin), hypers_(hypers.empty() ? defaults(plugin) : std::move(hypers)) {}

  template <class T = double>
  Answer<T> operator()(const Batch& batch, descent_reduction reduction = DESCENT_MEAN,
                       const arma::vec& class_weight = {}) const {
    host::Loss<T> loss(plugin_, hypers_, arma::conv_to<arma::Col<T>>::from(class_weight),
                       reduction);
    const arma::Mat<T> x = arma::conv_to<arma::Mat<T>>::from(batch.prediction);
    const host::Targets<T> targets{arma::conv_to<arma::Mat<T>>::from(batch.targets.values),
                                   batch.targets.classes,
                                   arma::conv_to<arma::Mat<T>>::from(batch.targets.weights)};
    Answer<T> answer{0, arma::Mat<T>(arma::size(x))};
    answer.value = loss.evaluate(x, targets, &answer.gradient);
    return answer;
  }

 private:
  host::Plugin plugin_;
  std::vector<double> hypers_;
};

double difference(const Asked& loss, const Batch& batch, descent_reduction reduction,
                  const arma::vec& class_weight) {
  auto moved = batch;
  std::vector<arma::mat> x = {batch.prediction};
  const std::vector<arma::mat> slope = {loss(batch, reduction, class_weight).gradient};
  return gradient_error(x, slope, [&] {
    moved.prediction = x[0];
    return loss(moved, reduction, class_weight).value;
  });
}

Finding gradient(const host::Plugin& plugin) {
  const Asked loss(plugin);
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
    }
  return {worst, 1e-6, "against central differences, with and without weights"};
}

Finding single_precision(const host::Plugin& plugin) {
  const Asked loss(plugin);
  Draws draws(plugin);
  double worst = 0;
  for (const auto form : forms(plugin)) {
    const auto batch = draws.batch(form, 3, 20);
    const auto a = loss(batch);
    const auto b = loss.operator()<float>(batch);
    worst = worse(worst, std::abs(a.value - b.value) / std::max(1.0, std::abs(a.value)));
    const arma::mat apart = a.gradient - arma::conv_to<arma::mat>::from(b.gradient);
    worst = worse(worst, largest(apart) / std::max(1.0, largest(a.gradient)));
  }
  return {worst, 1e-5, "float against double, relative"};
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
  }
  return {count, 0, fmt::format("inf or nan at predictions of {} and {}", low, high)};
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

// All weights doubled: a sum doubles, and a mean too unless it divides by the weights' sum.
Finding weights(const host::Plugin& plugin) {
  const Asked loss(plugin);
  Draws draws(plugin);
  double worst = 0;
  for (const auto form : forms(plugin))
    for (const auto reduction : {DESCENT_MEAN, DESCENT_SUM}) {
      const bool divides = reduction == DESCENT_MEAN && form == DESCENT_CLASSES &&
                           has_trait(plugin, DESCENT_WEIGHTED_MEAN);
      auto once = draws.batch(form, 3, 5);
      once.targets.weights = draws.uniform(1, 5, 0.5, 2);
      auto twice = once;
      twice.targets.weights *= 2;
      const auto a = loss(once, reduction), b = loss(twice, reduction);
      const double factor = divides ? 1 : 2;
      worst = worse(worst, std::abs(b.value - factor * a.value) / std::max(1.0, std::abs(b.value)));
      worst = worse(worst, largest<double>(b.gradient - factor * a.gradient));
      once.targets.weights(2) = 0;
      worst = worse(worst, largest<double>(loss(once, reduction).gradient.col(2)));
    }
  return {worst, 1e-12,
          has_trait(plugin, DESCENT_WEIGHTED_MEAN)
              ? "doubled and zero weights; declared: a mean over classes divides by them"
              : "doubled and zero weights"};
}

Finding ignored(const host::Plugin& plugin) {
  auto hypers = defaults(plugin);
  hypers[std::size_t(plugin.hyper_index("ignore_index"))] = 1;
  const Asked loss(plugin, hypers);
  auto batch = Draws(plugin).batch(DESCENT_CLASSES, 3, 9);
  const auto gradient = loss(batch).gradient;
  double worst = 0;
  for (arma::uword j = 0; j < gradient.n_cols; ++j)
    if (batch.targets.classes[j] == 1) worst = worse(worst, largest<double>(gradient.col(j)));
  return {worst, 0, "gradient of samples of the ignored class"};
}

}  // namespace

std::vector<Check> checks_of_loss(const host::Plugin& plugin) {
  std::vector<Check> all = {{"gradient", [plugin] { return gradient(plugin); }},
                            {"single precision", [plugin] { return single_precision(plugin); }},
                            {"finite at extremes", [plugin] { return finite(plugin); }},
                            {"single output", [plugin] { return single_output(plugin); }},
                            {"weights", [plugin] { return weights(plugin); }}};
  if (has_trait(plugin, DESCENT_MINIMUM_AT_TARGET))
    all.push_back({"minimum at the target", [plugin] { return minimum_at_target(plugin); }});
  if (plugin.hyper_index("ignore_index") >= 0)
    all.push_back({"ignored class", [plugin] { return ignored(plugin); }});
  return all;
}

}  // namespace descent::conformance
