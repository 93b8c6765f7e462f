// SPDX-License-Identifier: MIT
// The works that ours and the peers do, and the folder through which they share the numbers.
#pragma once

#include <algorithm>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "built.h"
#include "size.h"
#include "train/training.h"

namespace descent::peers {

struct Work {
  std::string name;
  std::vector<std::uint64_t> units;  // inputs, hidden ..., outputs; one linear layer has no hidden
  std::string activation;            // of the hidden layers: "relu", "tanh", "none" without any
  std::string loss, optimizer;       // of classes if the loss is cross_entropy
  double rate;
  std::uint64_t samples, batch, epochs, replicates = 1;
};

// Rates and epochs are such that no training converges: otherwise the loss would be that of the
// noise, whatever was computed. A rate wrong by 1 % changes every final loss by more than the
// tolerance, which is for some hundred steps of float32, summed in other orders.
inline constexpr double tolerance = 1e-3;  // of a final loss, relative
inline const std::vector<Work> works{
    {"line", {1, 1}, "none", "mse", "sgd", 0.01, 256, 256, size(1000, 20)},
    {"mlp-64", {64, 128, 10}, "relu", "cross_entropy", "adam", 1e-3, 512, 32, size(20, 5)},
    {"mlp-784", {784, 512, 512, 10}, "relu", "cross_entropy", "adam", 1e-4, 512, 128, size(50, 8)},
    {"replicates", {10, 16, 8, 1}, "tanh", "mse", "sgd", 0.05, 256, 32, size(20, 5), size(100, 4)},
};

inline const Work& work_named(const std::string& name) {
  const auto work = std::ranges::find(works, name, &Work::name);
  if (work == works.end()) throw std::runtime_error("no work is called " + name);
  return *work;
}

inline data::DataSpec data_of(const Work& work, const std::filesystem::path& folder) {
  if (work.loss == "cross_entropy") {
    data::CsvSpec data;
    data.path = folder / (work.name + ".csv");
    data.target = {"class"};
    return data;
  }
  data::SyntheticSpec data;
  data.function = {work.units[0] == 1 ? "5*x + 7" : "sin(3*x1) + x2*x3 + x4 - x5"};
  data.dims = work.units[0];
  data.noise = {data::NoiseSpec::Kind::normal, 0.25};
  data.train = work.samples;
  return data;
}

// The point as an experiment file would resolve it. Classes are read from <folder>/<name>.csv.
inline train::Settings settings_of(const Work& work, const host::Catalog& catalog,
                                   const std::filesystem::path& folder) {
  train::Settings settings;
  settings.data = data_of(work, folder);
  for (std::size_t i = 1; i < work.units.size(); ++i) {
    nn::LayerSpec activation, linear;
    activation.kind =
        work.activation == "relu" ? nn::LayerSpec::Kind::relu : nn::LayerSpec::Kind::tanh;
    linear.units = work.units[i];
    if (i > 1) settings.model.layers.push_back(activation);
    settings.model.layers.push_back(linear);
  }
  settings.loss.plugin = {work.loss,
                          catalog.get(DESCENT_LOSS, work.loss).settle({}).hyperparameters};
  settings.optimizer = {
      work.optimizer,
      catalog.get(DESCENT_OPTIMIZER, work.optimizer).settle({{"lr", work.rate}}).hyperparameters};
  settings.train.epochs = work.epochs;
  settings.train.batch = work.batch;
  settings.record.every = work.epochs;
  settings.replicates.resample =
      work.loss == "cross_entropy" ? data::Resample::none : data::Resample::fresh;
  return settings;
}

inline train::Training training_of(const Work& work, const std::filesystem::path& folder) {
  const host::Catalog catalog({built("plugins")});
  const train::Settings settings = settings_of(work, catalog, folder);
  const auto kind = train::target_kind(settings, catalog);
  const auto source = std::make_shared<data::ReplicateSampler>(
      settings.data, kind, settings.replicates.resample, settings.seed);
  return train::Training(settings, source, catalog);
}

// Trains every replicate.
inline std::vector<double> final_losses(const Work& work, const train::Training& training) {
  std::vector<double> losses;
  for (std::uint64_t r = 0; r < work.replicates; ++r) {
    const record::Run run = training.run(r, {});
    if (run.status != record::Status::done) throw std::runtime_error(work.name + ": " + run.reason);
    losses.push_back(run.train_loss);
  }
  return losses;
}

}  // namespace descent::peers
