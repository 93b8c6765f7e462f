// SPDX-License-Identifier: MIT
#include "train/divergence.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <variant>

#include "base/unsigned_nan.h"
#include "nn/output_range.h"

namespace descent::train {
namespace {

template <class T>
class Search {
 public:
  Search(const Training& training, const Samples<T>& samples, const arma::Col<T>& weights,
         std::span<const std::uint64_t> numbers)
      : training_(training), samples_(samples), weights_(weights), numbers_(numbers) {}

  std::string cause() {
    if (auto found = of_weights(); !found.empty()) return found;
    if (!training_.loss())
      return fmt::format("at ({:.4g}, {:.4g}) the surface is higher than {}", weights_(0),
                         weights_(1), limit());
    if (auto found = of_targets(); !found.empty()) return found;
    if (auto found = of_layers(); !found.empty()) return found;
    return of_losses();
  }

 private:
  static bool is_held(double value) {
    return std::abs(value) <= double(std::numeric_limits<T>::max());
  }

  static std::string limit() {
    return sizeof(T) == 4 ? "float32 holds (3.4e+38)" : "float64 holds (1.8e+308)";
  }

  static std::string too_large(double value) {
    if (std::isnan(value)) return "nan";
    return fmt::format("{:.4g}, more than {}", value, limit());
  }

  std::string sample(arma::uword j) const {
    return fmt::format("training sample {} (counted from 1)",
                       (numbers_.empty() ? std::uint64_t(j) : numbers_[j]) + 1);
  }

  std::string of_weights() const {
    for (const auto& block : training_.model().blocks())
      for (arma::uword i = 0; i < block.rows * block.cols; ++i)
        if (const double w = weights_(block.offset + i); !is_held(w))
          return fmt::format("{}[{},{}] is {}", block.name, i % block.rows, i / block.rows,
                             too_large(w));
    return "";
  }

  // Inputs are finite: the trainer refuses features that T cannot hold.
  std::string of_targets() const {
    const auto& values = samples_.targets.values;
    for (arma::uword j = 0; j < values.n_cols; ++j)
      for (const double t : values.col(j))
        if (!is_held(t)) return fmt::format("a target of {} is {}", sample(j), too_large(t));
    return "";
  }

  // In double, which holds what is too large for a float.
  std::string of_layers() {
    const arma::mat inputs = arma::conv_to<arma::mat>::from(samples_.features);
    const arma::vec weights = arma::conv_to<arma::vec>::from(weights_);
    Graph<double> graph;
    std::vector<Var<double>> outputs;
    arma::vec* const no_gradient = nullptr;
    const auto last =
        training_.model().record(graph.constant(inputs.memptr(), inputs.n_rows, inputs.n_cols),
                                 weights, no_gradient, &outputs);
    graph.forward();
    prediction_ = last.value();
    for (std::size_t layer = 0; layer < outputs.size(); ++layer)
      for (arma::uword j = 0; j < outputs[layer].value().n_cols; ++j)
        for (const double y : outputs[layer].value().col(j))
          if (!is_held(y))
            return fmt::format("an output of model.layers.{} ({}) is {}, for {}", layer,
                               nn::name(training_.settings().model.layers[layer].kind),
                               too_large(y), sample(j));
    return "";
  }

  template <class S>
  double loss_of(arma::uword j) const {
    const auto& settings = training_.settings().loss;
    host::Loss<S> loss(*training_.loss(), settings.plugin.hyperparameters,
                       arma::conv_to<arma::Col<S>>::from(settings.class_weight), DESCENT_SUM);
    const auto column = [&](const arma::Mat<T>& all) {
      return all.is_empty() ? arma::Mat<S>() : arma::conv_to<arma::Mat<S>>::from(all.cols(j, j));
    };
    host::Targets<S> targets{column(samples_.targets.values), {}, column(samples_.targets.weights)};
    if (!samples_.targets.classes.empty()) targets.classes = {samples_.targets.classes[j]};
    const arma::Mat<S> prediction = arma::conv_to<arma::Mat<S>>::from(prediction_.col(j));
    return loss.evaluate(prediction, targets, nullptr);
  }

  std::string of_losses() const {
    arma::uword largest = 0;
    for (arma::uword j = 0; j < prediction_.n_cols; ++j) {
      if (!is_held(loss_of<T>(j)))
        return fmt::format("the loss of {} is {}: its prediction is {:.4g}{}", sample(j),
                           too_large(exact_or_not_held(j)), prediction_(0, j), target(j));
      if (loss_of<T>(j) > loss_of<T>(largest)) largest = j;
    }
    return fmt::format(
        "the losses of {} samples add up to more than {}; the largest is {:.4g}, of {}: its "
        "prediction is {:.4g}{}",
        prediction_.n_cols, limit(), double(loss_of<T>(largest)), sample(largest),
        prediction_(0, largest), target(largest));
  }

  // The loss in double, unless that would fit: then a term of it did not.
  double exact_or_not_held(arma::uword j) const {
    const double exact = loss_of<double>(j);
    return is_held(exact) ? unsigned_nan(loss_of<T>(j)) : unsigned_nan(exact);
  }

  std::string target(arma::uword j) const {
    const auto& targets = samples_.targets;
    if (!targets.classes.empty()) return fmt::format(", its class {}", targets.classes[j]);
    return fmt::format(", its target {:.4g}", double(targets.values(0, j)));
  }

  const Training& training_;
  const Samples<T>& samples_;
  const arma::Col<T>& weights_;
  std::span<const std::uint64_t> numbers_;
  arma::mat prediction_;
};

}  // namespace

template <class T>
std::string cause_of_divergence(const Training& training, const Samples<T>& samples,
                                const arma::Col<T>& weights,
                                std::span<const std::uint64_t> numbers) {
  return Search<T>(training, samples, weights, numbers).cause();
}

template std::string cause_of_divergence(const Training&, const Samples<float>&,
                                         const arma::Col<float>&, std::span<const std::uint64_t>);
template std::string cause_of_divergence(const Training&, const Samples<double>&,
                                         const arma::Col<double>&, std::span<const std::uint64_t>);

std::string divergence_remedies(const Settings& settings) {
  std::vector<std::string> all = {"a smaller optimizer.lr"};
  const auto standardizes = [](const auto& map) {
    return std::holds_alternative<data::Standardize>(map);
  };
  if (!settings.model.surface && std::ranges::none_of(settings.features, standardizes))
    all.emplace_back("features: standardize");
  if (settings.train.clip_norm == 0) all.emplace_back("train.clip_norm: 1");
  if (settings.dtype != Element::float64) all.emplace_back("dtype: float64");
  return fmt::format("{}", fmt::join(all, ", "));
}

}  // namespace descent::train
