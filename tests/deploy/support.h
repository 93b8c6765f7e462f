// SPDX-License-Identifier: MIT
// Trained models of each kind, and what their training predicted last.
#pragma once

#include "deploy/trained_model.h"
#include "train/support.h"

namespace descent::testing {

struct Fitted {
  deploy::TrainedModel model;
  arma::mat inputs;     // of the test set
  arma::mat predicted;  // as deploy::predict() gives it
};

inline Fitted fit(train::Settings s) {
  s.record.model = train::ModelKept::all;
  const auto ready = training(s);
  arma::mat last;
  const auto run = ready.run(0, [&](std::size_t, const arma::mat& p) { last = p; });
  EXPECT_EQ(run.status, record::Status::done) << run.reason;
  const auto kind = ready.meaning().kind;
  if (deploy::predicts_probabilities(kind)) {
    const arma::mat p = arma::exp(train::log_probabilities(kind, last));
    const bool binary = kind == DESCENT_BINARY_LOGITS || kind == DESCENT_BINARY_PROBABILITIES;
    last = binary ? arma::mat(arma::reshape(p.row(1), last.n_rows, last.n_cols)) : p;
  }
  return {deploy::model_of(ready, run), ready.source().test().data.features, last};
}

inline std::vector<nn::LayerSpec> hidden(nn::LayerSpec::Kind activation) {
  nn::LayerSpec linear;
  linear.units = 5;
  nn::LayerSpec between;
  between.kind = activation;
  between.slope = 0.3;
  return {linear, between, nn::LayerSpec{}};
}

// A network for f(x1, x2) after all feature maps.
inline train::Settings network(Element dtype, nn::LayerSpec::Kind activation) {
  auto s = line(0.01, 20);
  auto& data = std::get<data::SyntheticSpec>(s.data);
  data.function = {"sin(3*x1) + x2"};
  data.dims = 2;
  data.x = data.test_x = {data::InputSpec::Kind::uniform, -1, 1};
  s.dtype = dtype;
  s.features = {data::Standardize{}, data::Polynomial{2}, data::GaussianBasis{3, -1, 1, 0.7},
                data::RandomRelu{7}, data::Scale{0.5},    data::Interactions{},
                data::Pca{9},        data::RandomRelu{5}, data::Log1p{}};
  s.model = {hidden(activation), {nn::InitSpec::Kind::torch}};
  return s;
}

// Of one input; the target is 1 with probability x, else 0.
inline train::Settings coin(const std::string& loss) {
  auto s = line(0.1, 20, 0);
  auto& data = std::get<data::SyntheticSpec>(s.data);
  data.function = {"x"};
  data.noise = {data::NoiseSpec::Kind::bernoulli};
  s.loss.plugin = choose(DESCENT_LOSS, loss);
  return s;
}

}  // namespace descent::testing
