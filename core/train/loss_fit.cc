// SPDX-License-Identifier: MIT
#include "train/loss_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/field.h"
#include "data/target_kind.h"
#include "nn/output_range.h"
#include "train/flat_loss.h"
#include "train/prediction.h"

namespace descent::train {
namespace {

using Kind = nn::LayerSpec::Kind;

bool is_over_classes(descent_prediction prediction) {
  return prediction == DESCENT_LOGITS || prediction == DESCENT_LOG_PROBABILITIES;
}

data::TargetKind probabilities(const host::Plugin& loss,
                               const std::vector<double>& hyperparameters) {
  if (!is_over_classes(loss->prediction)) return data::TargetKind::probabilities;
  return loss.is_on(loss->log_target, hyperparameters) ? data::TargetKind::log_distributions
                                                       : data::TargetKind::distributions;
}

std::size_t last_linear(const std::vector<nn::LayerSpec>& layers) {
  std::size_t last = 0;
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (layers[i].kind == Kind::linear) last = i;
  return last;
}

class Fit {
 public:
  Fit(const Settings& settings, const host::Plugin& loss, const data::ReplicateSampler& source)
      : settings_(settings),
        loss_(loss),
        source_(source),
        layers_(settings.model.layers),
        last_(layers_.back().kind),
        range_(nn::output_range(layers_)),
        before_(nn::output_range({layers_.begin(), layers_.end() - 1})),
        kind_(
            target_kind(loss, settings.loss.plugin.hyperparameters, target_columns(settings.data))),
        logarithms_(predicts_logarithms(loss, settings.loss.plugin.hyperparameters)) {}

  std::vector<Misfit> all() {
    width();
    constant();
    if (found_.empty()) last_layer();
    if (found_.empty()) reach();
    many_classes();
    not_whole();
    rounded_sums();
    ignored();
    if (std::ranges::none_of(found_, &Misfit::is_error)) flat();
    return std::move(found_);
  }

 private:
  std::string layer() const { return fmt::format("model.layers.{}", layers_.size() - 1); }
  void error(std::string text) { found_.push_back({layer(), std::move(text), true}); }
  void warning(std::string text) { found_.push_back({layer(), std::move(text), false}); }
  std::string reads(const char* what) const {
    return fmt::format("loss '{}' reads {}, but the model ends in {}", loss_->name, what,
                       nn::name(last_));
  }

  std::uint64_t wanted() const { return source_.outputs() * outputs_per_target(loss_->prediction); }

  void width() {
    const auto at = last_linear(layers_);
    const auto given = layers_[at].units;
    if (given == 0 || given == wanted()) return;
    found_.push_back({fmt::format("model.layers.{}.linear.units", at),
                      fmt::format("the last linear layer has {} output{}, the data need {}: {}; "
                                  "use `linear: auto` or `linear: {}`",
                                  given, given == 1 ? "" : "s", wanted(), what_calls(), wanted()),
                      true});
  }

  std::string what_calls() const {
    const auto n = source_.outputs();
    const bool classes = !source_.names().classes.empty();
    const auto pair = wanted() == n ? "" : ", a mean and a variance for each";
    return fmt::format("they have {} {}{}", n,
                       classes  ? "classes"
                       : n == 1 ? "target"
                                : "targets",
                       pair);
  }

  // Over a single output there is nothing to normalize.
  void constant() {
    const bool normalizes = std::ranges::any_of(
        layers_.begin() + long(last_linear(layers_)), layers_.end(),
        [](auto& one) { return one.kind == Kind::softmax || one.kind == Kind::log_softmax; });
    if (!normalizes || wanted() != 1 || !found_.empty()) return;
    error(
        fmt::format("softmax over a single output is always 1: the model ends in {} and predicts a "
                    "constant; use sigmoid, or leave it out",
                    nn::name(last_)));
  }

  void last_layer() {
    switch (loss_->prediction) {
      case DESCENT_LOG_PROBABILITIES:
        log_probabilities();
        break;
      case DESCENT_BINARY_PROBABILITIES:
        binary_probabilities();
        break;
      case DESCENT_LOGITS:
        logits();
        break;
      case DESCENT_BINARY_LOGITS:
        binary_logits();
        break;
      case DESCENT_RATES:
        if (!logarithms_ && range_.low < 0)
          error(reads("rates, which are positive") + outside("above 0") +
                "; add softplus as the last layer" + or_logarithms());
        break;
      case DESCENT_MEANS_AND_VARIANCES:
        if (!logarithms_ && range_.low < 0)
          warning(reads("means and variances") +
                  ", which may give negative variances; a loss can only cut these off" +
                  or_logarithms());
        break;
      case DESCENT_VALUES:
      case DESCENT_LOG_RATES:
        break;
    }
  }

  std::string outside(const char* range) const {
    return fmt::format(", which gives {}, not all {}", shown(range_), range);
  }

  std::string or_logarithms() const {
    if (!loss_->log_prediction) return "";
    return fmt::format("{}set {}: true", loss_->prediction == DESCENT_RATES ? ", or " : "; ",
                       loss_->log_prediction);
  }

  static std::string shown(const nn::OutputRange& range) {
    const auto infinite = std::isinf(range.low) && std::isinf(range.high);
    if (infinite) return "any numbers";
    if (std::isinf(range.high)) return fmt::format("{:.3g} or more", range.low);
    if (std::isinf(range.low)) return fmt::format("{:.3g} or less", range.high);
    return fmt::format("{:.3g} to {:.3g}", range.low, range.high);
  }

  static bool is_limited(const nn::OutputRange& range) {
    return std::isfinite(range.low) || std::isfinite(range.high);
  }
  static bool is_one_sided(const nn::OutputRange& range) {
    return range.low >= 0 || range.high <= 0;
  }

  void log_probabilities() {
    if (last_ != Kind::log_softmax)
      return error(reads("log-probabilities") +
                   "; add log_softmax as the last layer, or choose a loss of logits, such as "
                   "cross_entropy");
    limited_before();
  }

  void binary_probabilities() {
    if (range_.low < 0 || range_.high > 1)
      return error(reads("probabilities") + outside("0 to 1") +
                   "; add sigmoid as the last layer, or choose a loss of logits, such as "
                   "bce_with_logits");
    if (last_ == Kind::sigmoid && is_one_sided(before_))
      return error(
          fmt::format("the layer before sigmoid gives {}: the probability would never be {} "
                      "1/2; leave that layer out",
                      shown(before_), before_.low >= 0 ? "below" : "above"));
    limited_before();
  }

  void limited_before() {
    if (last_ != Kind::linear && is_limited(before_) &&
        layers_[layers_.size() - 2].kind != Kind::log_softmax)
      warning(fmt::format("the layer before {} gives {}; that limits the probabilities",
                          nn::name(last_), shown(before_)));
  }

  void logits() {
    if (last_ == Kind::softmax || last_ == Kind::sigmoid)
      return error(reads("logits") + fmt::format(", which gives probabilities; the loss applies "
                                                 "softmax itself: leave out {}",
                                                 nn::name(last_)));
    if (last_ == Kind::log_softmax)
      return warning(
          reads("logits") +
          "; the loss applies log_softmax itself, and twice is the same as once: leave it "
          "out");
    if (is_limited(range_))
      warning(reads("logits") +
              fmt::format(", which gives {}; that limits the probabilities", shown(range_)));
  }

  void binary_logits() {
    if (last_ == Kind::softmax || last_ == Kind::sigmoid)
      return error(reads("logits") +
                   fmt::format(", which gives probabilities; the loss applies "
                               "sigmoid itself: leave out {}, or choose a loss of "
                               "probabilities, such as bce",
                               nn::name(last_)));
    if (is_one_sided(range_)) return error(reads("logits") + one_sided("the probability", "1/2"));
    if (is_limited(range_))
      warning(reads("logits") +
              fmt::format(", which gives {}; that limits the probabilities", shown(range_)));
  }

  std::string one_sided(const char* what, const char* bound) const {
    return fmt::format(", which gives {}: {} would never be {} {}; leave out {}", shown(range_),
                       what, range_.low >= 0 ? "below" : "above", bound, nn::name(last_));
  }

  nn::OutputRange reachable() const {
    if (loss_->prediction == DESCENT_MEANS_AND_VARIANCES || !logarithms_) return range_;
    return {std::exp(range_.low), std::exp(range_.high)};
  }

  // Of the first replicate. Read only where needed: a plan has many points of the same data.
  const arma::mat& targets() {
    if (targets_.is_empty()) targets_ = source_.training(settings_.replicates.first).targets;
    return targets_;
  }

  // Targets that no weights can predict.
  void reach() {
    if (!is_numeric(estimated(loss_->prediction, kind_))) return;
    const auto [low, high] = reachable();
    if (!is_limited({low, high})) return;
    const arma::mat& targets = this->targets();
    if (kind_ == data::TargetKind::signs && is_one_sided({low, high}))
      return error(reads("scores of both signs") + one_sided("they", "0"));
    const auto count = arma::accu(targets < low) + arma::accu(targets > high);
    if (count == 0) return;
    auto text = fmt::format(
        "{} of {} targets cannot be predicted: the model ends in {}, its predictions are {}, and "
        "the targets lie between {:.6g} and {:.6g}; end in another layer, such as linear, or scale "
        "the "
        "targets",
        count, targets.n_elem, nn::name(last_), shown({low, high}), targets.min(), targets.max());
    std::uint64_t(count) == targets.n_elem ? error(std::move(text)) : warning(std::move(text));
  }

  std::string target_key() const {
    return std::holds_alternative<data::CsvSpec>(settings_.data) ? "data.csv.target"
                                                                 : "data.synthetic.function";
  }

  // A column of whole numbers is taken for classes: most likely they are measurements.
  void many_classes() {
    const auto& classes = source_.names().classes;
    const auto n = source_.training_size();
    const auto is_number = [](const std::string& label) { return data::number(label).has_value(); };
    if (classes.size() <= 10 || 2 * classes.size() <= n || !std::ranges::all_of(classes, is_number))
      return;
    found_.push_back({target_key(),
                      fmt::format("loss '{}' reads classes, and the {} training samples have {} "
                                  "different ones, all numbers; of measured numbers, choose a loss "
                                  "of numbers, such as mse",
                                  loss_->name, n, classes.size()),
                      false});
  }

  void not_whole() {
    if (kind_ != data::TargetKind::counts || (loss_->targets & DESCENT_POSITIVE)) return;
    const arma::mat& targets = this->targets();
    const auto wrong = std::ranges::find_if(targets, [](double t) { return t != std::floor(t); });
    if (wrong == targets.end()) return;
    found_.push_back(
        {target_key(),
         fmt::format("loss '{}' reads counts, and {} is not whole; the loss is defined "
                     "for it, but is no likelihood of it",
                     loss_->name, *wrong),
         false});
  }

  void rounded_sums() {
    if (kind_ != data::TargetKind::distributions) return;
    const arma::mat& targets = this->targets();
    const arma::rowvec sums = arma::sum(targets, 0);
    const arma::rowvec distances = arma::abs(sums - 1);
    if (targets.is_empty() || distances.max() <= 1e-6) return;
    found_.push_back(
        {target_key(),
         fmt::format("loss '{}' reads a probability for every class; those of a sample "
                     "sum to {:.9g}, not to 1",
                     loss_->name, sums(distances.index_max())),
         false});
  }

  // A class has a number, from 0 in the order of the labels, that may be another one's label.
  void ignored() {
    const auto index = loss_.hyperparameter_index("ignore_index");
    const auto& classes = source_.names().classes;
    if (index < 0 || classes.empty()) return;
    const auto number = std::int64_t(settings_.loss.plugin.hyperparameters[std::size_t(index)]);
    const auto label = std::ranges::find(classes, std::to_string(number));
    const bool is_class = number >= 0 && number < std::int64_t(classes.size());
    if (is_class && label == classes.begin() + number) return;
    if (!is_class && number < 0 && label == classes.end()) return;  // no class, as by default
    const auto meant = label == classes.end()
                           ? fmt::format("classes are 0 to {}", classes.size() - 1)
                           : fmt::format("the class with the label '{}' is ignore_index: {}",
                                         number, label - classes.begin());
    found_.push_back({"loss.ignore_index",
                      fmt::format("loss.ignore_index: {} {}: it counts the classes from 0 in the "
                                  "order of their labels; {}",
                                  number,
                                  is_class ? fmt::format("ignores the class with the label '{}'",
                                                         classes[std::size_t(number)])
                                           : "ignores no class",
                                  meant),
                      !is_class && number >= 0});
  }

  void flat() {
    const auto& loss = settings_.loss;
    if (!is_flat(loss, loss_, source_.pool(), wanted())) return;
    const bool weightless = !loss.class_weight.empty() &&
                            std::ranges::all_of(loss.class_weight, [](double w) { return w == 0; });
    std::string cause;
    if (weightless) cause = fmt::format(": {} is 0 for all of them", loss_->class_weight);
    for (std::size_t i = 0; i < loss.plugin.hyperparameters.size() && !weightless; ++i)
      if (loss.plugin.hyperparameters[i] == 0 && loss_->hypers[i].type == DESCENT_REAL)
        cause += fmt::format("{} {} is 0", cause.empty() ? ":" : ",", loss_->hypers[i].name);
    found_.push_back({"loss",
                      fmt::format("loss '{}' is 0 whatever is predicted{}; with it nothing can be "
                                  "learnt",
                                  loss_->name, cause),
                      true});
  }

  const Settings& settings_;
  const host::Plugin& loss_;
  const data::ReplicateSampler& source_;
  const std::vector<nn::LayerSpec>& layers_;
  Kind last_;
  nn::OutputRange range_, before_;  // before_: of what the last layer is given
  data::TargetKind kind_;
  bool logarithms_;
  arma::mat targets_;
  std::vector<Misfit> found_;
};

}  // namespace

data::TargetKind target_kind(const host::Plugin& loss, const std::vector<double>& hyperparameters,
                             std::size_t columns) {
  const auto reads = [&](descent_targets one) { return (loss->targets & one) != 0; };
  if (reads(DESCENT_CLASSES) && columns == 1) return data::TargetKind::classes;
  if (reads(DESCENT_NUMBERS)) return data::TargetKind::numbers;
  if (reads(DESCENT_PROBABILITIES)) return probabilities(loss, hyperparameters);
  if (reads(DESCENT_SIGNS)) return data::TargetKind::signs;
  if (reads(DESCENT_COUNTS)) return data::TargetKind::counts;
  if (reads(DESCENT_POSITIVE)) return data::TargetKind::positive;
  return data::TargetKind::classes;
}

std::size_t target_columns(const data::DataSpec& data) {
  const auto* csv = std::get_if<data::CsvSpec>(&data);
  return csv ? csv->target.size() : 1;
}

bool predicts_logarithms(const host::Plugin& loss, const std::vector<double>& hyperparameters) {
  return loss->prediction == DESCENT_LOG_RATES || loss.is_on(loss->log_prediction, hyperparameters);
}

std::vector<Misfit> misfits(const Settings& settings, const host::Plugin& loss,
                            const data::ReplicateSampler& source) {
  return Fit(settings, loss, source).all();
}

}  // namespace descent::train
