// SPDX-License-Identifier: MIT
#include "train/measures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "statistics/confusion.h"
#include "statistics/probability_measures.h"
#include "statistics/ranking.h"
#include "statistics/regression_measures.h"

namespace descent::train {
namespace {

using record::Measure;
using statistics::PointWeights;

// A column for each output of a sample.
PointWeights repeated(const PointWeights& weights, arma::uword outputs) {
  if (weights.is_empty()) return {};
  return arma::vectorise(arma::repmat(weights, outputs, 1)).t();
}

std::vector<Measure> default_measures(Estimated estimated) {
  using enum Measure;
  if (is_numeric(estimated)) return {mae, r2};
  if (estimated == Estimated::classes) return {balanced_accuracy, f1};
  return {};
}

void check_suits(const record::MeasureFacts& facts, Estimated estimated) {
  if (suits(facts, estimated)) return;
  std::vector<std::string_view> valid;
  for (const auto& one : record::measure_facts)
    if (suits(one, estimated)) valid.push_back(one.name);
  throw Error::at("record.metrics",
                  fmt::format("{} is a measure of {}, and the loss predicts {}; {}", facts.name,
                              facts.is_of_classes ? "classes" : "numbers",
                              estimated == Estimated::nothing ? "nothing that could be measured"
                              : is_numeric(estimated)         ? "numbers"
                                                              : "classes",
                              valid.empty() ? std::string("leave record.metrics out")
                                            : fmt::format("valid: {}", fmt::join(valid, ", "))));
}

double of_numbers(Measure measure, const statistics::PredictedNumbers& numbers) {
  using enum Measure;
  switch (measure) {
    case mse:
      return mean_squared_error(numbers);
    case mae:
      return mean_absolute_error(numbers);
    case rmse:
      return root_mean_squared_error(numbers);
    case r2:
      return statistics::r2(numbers);
    case median_absolute_error:
      return statistics::median_absolute_error(numbers);
    case explained_variance:
      return statistics::explained_variance(numbers);
    default:
      return arma::datum::nan;
  }
}

// The mean of the values that are defined.
double mean_defined(const std::vector<double>& values) {
  double sum = 0, count = 0;
  for (const double value : values)
    if (!std::isnan(value)) sum += value, ++count;
  return sum / count;
}

template <class F>
double mean_over(const std::vector<arma::mat>& matrices, const F& of) {
  std::vector<double> values;
  for (const auto& one : matrices) values.push_back(of(one));
  return mean_defined(values);
}

// Predicted classes, and what else measures of them read.
class Classified {
 public:
  template <class T>
  Classified(descent_prediction kind, const arma::Mat<T>& prediction,
             const host::Targets<T>& targets, std::int64_t ignored)
      : is_binary_(is_binary(kind)),
        outputs_(prediction.n_rows),
        weights_(counted_weights(targets, ignored)),
        columns_(is_binary_ ? repeated(weights_, outputs_) : weights_),
        predicted_(arma::exp(log_probabilities(kind, prediction))),
        target_(target_probabilities(kind, outputs_, targets)),
        confusions_(confusions(kind, prediction, targets, ignored)),
        counts_(is_binary_ ? statistics::counts_of_outputs(confusions_)
                           : statistics::counts_of_classes(confusions_.front())) {}

  double value(Measure measure) const {
    using enum Measure;
    const auto pooled = [&] { return statistics::pooled(counts_); };
    const statistics::PredictedProbabilities p{predicted_, target_, columns_};
    switch (measure) {
      case precision:
        return statistics::precision(counts_);
      case recall:
        return statistics::recall(counts_);
      case f1:
        return statistics::f1(counts_);
      case precision_micro:
        return statistics::precision(pooled());
      case recall_micro:
        return statistics::recall(pooled());
      case f1_micro:
        return statistics::f1(pooled());
      case balanced_accuracy:
        return mean_over(confusions_, statistics::balanced_accuracy);
      case mcc:
        return mean_over(confusions_, statistics::matthews_correlation);
      case roc_auc:
        return ranked(statistics::roc_auc);
      case average_precision:
        return ranked(statistics::average_precision);
      case log_loss:
        return statistics::log_loss(p);
      case brier:
        return statistics::brier(p);
      case ece:
        return statistics::calibration_error(p);
      case top_2_accuracy:
        return statistics::top_k_accuracy(p, 2);
      case top_3_accuracy:
        return statistics::top_k_accuracy(p, 3);
      case top_5_accuracy:
        return statistics::top_k_accuracy(p, 5);
      case top_10_accuracy:
        return statistics::top_k_accuracy(p, 10);
      default:
        return arma::datum::nan;
    }
  }

 private:
  // Each class against the others; each binary output by itself.
  template <class F>
  double ranked(const F& of) const {
    std::vector<double> values;
    for (arma::uword i = 0; i < outputs_; ++i) {
      arma::rowvec scores;
      arma::urowvec is_positive;
      if (is_binary_) {
        const arma::uvec columns =
            arma::regspace<arma::uvec>(i, outputs_, predicted_.n_cols - outputs_ + i);
        const arma::rowvec p = predicted_.row(1), q = target_.row(1);
        scores = p.cols(columns);
        is_positive = q.cols(columns) > 0.5;
      } else {
        scores = predicted_.row(i);
        is_positive = arma::index_max(target_, 0) == i;
      }
      values.push_back(of(scores, is_positive, weights_));
    }
    return mean_defined(values);
  }

  bool is_binary_;
  arma::uword outputs_;
  PointWeights weights_, columns_;  // of samples; of the columns that follow
  arma::mat predicted_, target_;    // probabilities
  std::vector<arma::mat> confusions_;
  statistics::ClassCounts counts_;
};

}  // namespace

bool suits(const record::MeasureFacts& facts, Estimated estimated) {
  return facts.is_of_classes ? estimated == Estimated::classes : is_numeric(estimated);
}

template <class T>
std::vector<double> measured(const std::vector<Measure>& measures, const Meaning& meaning,
                             const arma::Mat<T>& prediction, const host::Targets<T>& targets) {
  std::vector<double> values(measures.size(), arma::datum::nan);
  if (measures.empty() || prediction.has_nan()) return values;
  if (meaning.estimated == Estimated::classes) {
    const Classified classified(meaning.kind, prediction, targets, meaning.ignored);
    for (std::size_t i = 0; i < measures.size(); ++i) values[i] = classified.value(measures[i]);
    return values;
  }
  const arma::mat estimated = estimates(meaning.kind, meaning.logarithms, prediction);
  const arma::mat target = arma::conv_to<arma::mat>::from(targets.values);
  const auto weights = counted_weights(targets, none_ignored);
  for (std::size_t i = 0; i < measures.size(); ++i)
    values[i] = of_numbers(measures[i], {estimated, target, weights});
  return values;
}

template <class T>
std::vector<arma::mat> confusions(descent_prediction kind, const arma::Mat<T>& prediction,
                                  const host::Targets<T>& targets, std::int64_t ignored) {
  const auto n = prediction.n_cols;
  const auto weights = counted_weights(targets, ignored);
  std::vector<arma::uword> truth(n), predicted(n);
  if (!is_binary(kind)) {
    for (arma::uword j = 0; j < n; ++j) {
      truth[j] = targets.classes.empty() ? targets.values.col(j).index_max()
                                         : arma::uword(targets.classes[j]);
      predicted[j] = prediction.col(j).index_max();
    }
    return {statistics::confusion(truth, predicted, prediction.n_rows, weights)};
  }
  const T threshold = kind == DESCENT_BINARY_LOGITS ? T(0) : T(0.5);
  std::vector<arma::mat> all;
  for (arma::uword i = 0; i < prediction.n_rows; ++i) {
    for (arma::uword j = 0; j < n; ++j) {
      truth[j] = targets.values(i, j) > T(0.5);
      predicted[j] = prediction(i, j) > threshold;
    }
    all.push_back(statistics::confusion(truth, predicted, 2, weights));
  }
  return all;
}

std::vector<Measure> chosen_measures(const std::optional<std::vector<std::string>>& names,
                                     Estimated estimated, record::Set set, bool is_held_out) {
  const bool meant = is_held_out == (set != record::Set::train);
  if (!names) return meant ? default_measures(estimated) : std::vector<Measure>();
  std::vector<Measure> chosen;
  for (std::size_t i = 0; i < record::measure_count; ++i) {
    const auto measure = Measure(i);
    const auto& facts = record::facts_of(measure);
    const bool bare = std::ranges::count(*names, facts.name) > 0;
    const bool whole = std::ranges::count(*names, metric_name(metric_of(measure, set))) > 0;
    if (!bare && !whole) continue;
    check_suits(facts, estimated);
    if (whole || meant) chosen.push_back(measure);
  }
  return chosen;
}

template std::vector<double> measured(const std::vector<Measure>&, const Meaning&,
                                      const arma::Mat<float>&, const host::Targets<float>&);
template std::vector<double> measured(const std::vector<Measure>&, const Meaning&,
                                      const arma::Mat<double>&, const host::Targets<double>&);
template std::vector<arma::mat> confusions(descent_prediction, const arma::Mat<float>&,
                                           const host::Targets<float>&, std::int64_t);
template std::vector<arma::mat> confusions(descent_prediction, const arma::Mat<double>&,
                                           const host::Targets<double>&, std::int64_t);

}  // namespace descent::train
