// SPDX-License-Identifier: MIT
#include "train/least_squares.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace descent::train {
namespace {

// sum_i |W x_i + b - y_i|^2 + ridge |W|^2; samples are columns.
struct LeastSquares {
  arma::mat x, y;
  double ridge = 0;
};

arma::mat shortest_solution(const LeastSquares& problem) {
  const auto& [x, y, ridge] = problem;
  if (x.is_empty()) return arma::mat(y.n_rows, x.n_rows, arma::fill::zeros);
  arma::mat u, v;
  arma::vec s;
  if (!arma::svd_econ(u, s, v, x) && !arma::svd_econ(u, s, v, x, "both", "std"))
    throw std::runtime_error("optimizer 'exact': the singular values were not found");
  const double least =
      std::numeric_limits<double>::epsilon() * double(std::max(x.n_rows, x.n_cols)) * s.max();
  s.transform(
      [&, added = ridge](double one) { return one > least ? one / (one * one + added) : 0; });
  arma::mat coordinates = y * v;
  coordinates.each_row() %= s.t();
  return coordinates * u.t();
}

// The sums of the lambdas that act on weights and on biases.
struct Penalty {
  double weights = 0, biases = 0;
  bool on_all = false;

  // A bias without a cost is free when the weights have one, whatever `on` is.
  bool spares_biases() const { return !on_all || (biases == 0 && weights > 0); }
};

Penalty penalty(const Training& training) {
  Penalty sum;
  for (const auto& [plugin, given] : training.regularizers()) {
    const double lambda =
        given.plugin.hyperparameters[std::size_t(plugin.hyperparameter_index("lambda"))];
    sum.weights += lambda;
    if (given.on_all) sum.biases += lambda;
    sum.on_all |= given.on_all;
  }
  return sum;
}

// A matrix without rows, as of a model without features, has no memory for Armadillo to point to.
void scale_columns(arma::mat& matrix, const arma::rowvec& by) {
  if (!matrix.is_empty()) matrix.each_row() %= by;
}

// The mean of the columns by their weights, taken out of each.
arma::vec centre(arma::mat& matrix, const arma::rowvec& weights) {
  const double total = arma::accu(weights);
  const arma::vec mean = matrix * weights.t() / (total > 0 ? total : 1);
  if (!matrix.is_empty()) matrix.each_col() -= mean;
  return mean;
}

struct Solution {
  arma::mat weights;
  arma::vec bias;
};

Solution solve(LeastSquares problem, const arma::rowvec& sample_weights, bool has_bias,
               const Penalty& penalty) {
  arma::mat &x = problem.x, &y = problem.y;
  const bool is_free = has_bias && penalty.spares_biases();
  const double one = penalty.biases > 0 ? std::sqrt(penalty.weights / penalty.biases) : 1;
  arma::vec x_mean, y_mean;
  if (is_free) {
    x_mean = centre(x, sample_weights);
    y_mean = centre(y, sample_weights);
  } else if (has_bias) {
    // The weight v of an input that is always `one`: weights v^2 is biases (one v)^2.
    x.insert_rows(x.n_rows, arma::mat(1, x.n_cols, arma::fill::value(one)));
  }
  scale_columns(x, arma::sqrt(sample_weights));
  scale_columns(y, arma::sqrt(sample_weights));
  arma::mat w = shortest_solution(problem);
  if (is_free) return {w, y_mean - w * x_mean};
  if (!has_bias) return {w, {}};
  return {w.head_cols(w.n_cols - 1), w.col(w.n_cols - 1) * one};
}

}  // namespace

bool exact_applies(const Settings& s) {
  const auto is_ridge = [](const RegularizerSettings& one) {
    return one.plugin.name == "l2" && !one.proximal;
  };
  const auto& layers = s.model.layers;
  const auto& train = s.train;
  return layers.size() == 1 && layers[0].kind == nn::LayerSpec::Kind::linear &&
         s.loss.plugin.name == "mse" && s.loss.class_weight.empty() &&
         std::ranges::all_of(s.regularizers, is_ridge) && train.batch == 0 &&
         train.schedules.empty() && train.clip_norm == 0 && train.clip_value == 0 && train.ema == 0;
}

template <class T>
void solve_exactly(const Training& training, const Samples<T>& samples, arma::Col<T>& weights) {
  const auto& settings = training.settings();
  const auto& targets = samples.targets;
  LeastSquares problem{arma::conv_to<arma::mat>::from(samples.features),
                       arma::conv_to<arma::mat>::from(targets.values)};
  arma::rowvec sample_weights(problem.x.n_cols, arma::fill::ones);
  if (!targets.weights.is_empty())
    sample_weights = arma::conv_to<arma::mat>::from(targets.weights).row(0);
  const auto lambda = penalty(training);
  const double divisors[] = {double(problem.y.n_elem), 1, double(problem.y.n_cols)};
  problem.ridge = lambda.weights * divisors[int(settings.loss.reduction)];

  const auto& blocks = training.model().blocks();
  const auto found = solve(std::move(problem), sample_weights, blocks.size() > 1, lambda);
  const auto write = [&](const arma::mat& values, const nn::Block& block) {
    std::ranges::transform(values, weights.begin() + block.offset,
                           [](double value) { return T(value); });
  };
  write(found.weights, blocks.front());
  if (blocks.size() > 1) write(found.bias, blocks.back());
}

template void solve_exactly(const Training&, const Samples<float>&, arma::Col<float>&);
template void solve_exactly(const Training&, const Samples<double>&, arma::Col<double>&);

}  // namespace descent::train
