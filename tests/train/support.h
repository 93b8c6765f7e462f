// SPDX-License-Identifier: MIT
// Small points to train, and access to the results of a run.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/support.h"
#include "train/training.h"

namespace descent::testing {

inline host::PluginConfig choose(descent_kind kind, const std::string& name,
                                 const std::map<std::string, double>& hyperparameters = {}) {
  return all_plugins().get(kind, name).settle(hyperparameters);
}

inline host::PluginConfig optimizer(const std::string& name,
                                    const std::map<std::string, double>& hyperparameters) {
  return choose(DESCENT_OPTIMIZER, name, hyperparameters);
}

inline train::RegularizerSettings regularizer(const std::string& name, double lambda) {
  return {choose(DESCENT_REGULARIZER, name, {{"lambda", lambda}})};
}

// y = 5x + 7 with normal noise at the fixed points (i - 1/2)/256, gradient descent from U(-1, 1),
// in double; tested without noise of its own at (k - 1/2)/100.
inline train::Settings line(double lr = 0.01, std::uint64_t epochs = 100, double noise = 0.25) {
  train::Settings s;
  data::SyntheticSpec data;
  data.function = {"5*x + 7"};
  data.x = data.test_x = {data::InputSpec::Kind::midpoints, 0, 1};
  if (noise > 0) data.noise = {data::NoiseSpec::Kind::normal, noise};
  data.train = 256;
  data.test = 100;
  s.seed = 42;
  s.dtype = Element::float64;
  s.data = data;
  s.model = {{nn::LayerSpec{}}, {nn::InitSpec::Kind::uniform, -1, 1}};
  s.loss.plugin = choose(DESCENT_LOSS, "mse");
  s.optimizer = optimizer("sgd", {{"lr", lr}});
  s.train.epochs = epochs;
  s.record = {epochs, true, true, {}};
  return s;
}

// A file as it is: nothing drawn, nothing held back.
inline train::Settings file(const std::string& path, const std::string& loss, double lr,
                            std::uint64_t epochs) {
  train::Settings s = line(lr, epochs);
  data::CsvSpec data;
  data.path = path;
  data.target = {"y"};
  s.data = data;
  s.model.init = {nn::InitSpec::Kind::zeros};
  s.loss.plugin = choose(DESCENT_LOSS, loss);
  s.replicates.resample = data::Resample::none;
  return s;
}

inline train::Training training(const train::Settings& s) {
  const host::Catalog catalog = all_plugins();
  const auto kind = train::target_kind(s, catalog);
  return {
      s,
      std::make_shared<const data::ReplicateSampler>(s.data, kind, s.replicates.resample, s.seed),
      catalog};
}

inline record::Run train(const train::Settings& s, std::uint64_t replicate = 0) {
  return training(s).run(replicate, {});
}

inline arma::vec weights(const record::Run& run) { return run.weights; }

// The values of a metric, epoch by epoch.
inline std::map<std::uint64_t, double> curve(const record::Run& run, record::Metric metric) {
  std::map<std::uint64_t, double> values;
  for (const auto& point : run.curve) {
    if (point.metric != metric) continue;
    EXPECT_TRUE(values.emplace(point.epoch, point.value).second) << "epoch twice: " << point.epoch;
  }
  return values;
}

// Features with a row of ones below: what the weights and the bias are multiplied by.
inline arma::mat with_ones(const arma::mat& features) {
  return arma::join_cols(features, arma::mat(1, features.n_cols, arma::fill::ones));
}

inline void expect_near(const arma::vec& found, const arma::vec& expected, double tolerance) {
  ASSERT_EQ(found.n_elem, expected.n_elem);
  EXPECT_LE(arma::abs(found - expected).max(), tolerance) << found.t() << expected.t();
}

}  // namespace descent::testing
