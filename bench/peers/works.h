// SPDX-License-Identifier: MIT
// The works that ours and the peers do, and the folder through which they share the numbers.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "train/training.h"

namespace descent::peers {

struct Work {
  std::string name;
  std::vector<std::uint64_t> units;  // inputs, hidden ..., outputs; one linear layer has no hidden
  std::string activation;            // of the hidden layers: "relu", "tanh", "none" without any
  std::string loss, optimizer;       // of classes if the loss is cross_entropy
  double rate;
  std::uint64_t samples, batch, epochs, replicates;
};

// Rates and epochs are such that no training arrives: where all is learned, the loss is the noise's
// whatever was computed. Here a rate wrong by 1 % changes every final loss by more than 1e-3.
inline const std::array works{
    Work{"line", {1, 1}, "none", "mse", "sgd", 0.01, 256, 256, 1000, 1},
    Work{"mlp-64", {64, 128, 10}, "relu", "cross_entropy", "adam", 1e-3, 512, 32, 20, 1},
    Work{"mlp-784", {784, 512, 512, 10}, "relu", "cross_entropy", "adam", 1e-4, 512, 128, 50, 1},
    Work{"replicates", {10, 16, 8, 1}, "tanh", "mse", "sgd", 0.05, 256, 32, 20, 100},
};

// The point as an experiment file would settle it. Classes are read from <folder>/<name>.csv.
inline Settings settings_of(const Work& work, const Catalog& catalog,
                            const std::filesystem::path& folder) {
  Settings settings;
  if (work.loss == "cross_entropy")
    settings.data = CsvSpec{.path = folder / (work.name + ".csv"),
                            .target = {"class"},
                            .test_path = "",
                            .truth = "",
                            .weight = "",
                            .noise = {}};
  else
    settings.data =
        SyntheticSpec{.function = work.units[0] == 1 ? "5*x + 7" : "sin(3*x1) + x2*x3 + x4 - x5",
                      .dims = work.units[0],
                      .x = {},
                      .noise = {NoiseSpec::Kind::normal, 0.25},
                      .train = work.samples,
                      .test_x = {}};
  for (std::size_t i = 1; i < work.units.size(); ++i) {
    const auto kind = work.activation == "relu" ? LayerSpec::Kind::relu : LayerSpec::Kind::tanh;
    if (i > 1) settings.model.layers.push_back({kind});
    settings.model.layers.push_back({LayerSpec::Kind::linear, work.units[i]});
  }
  settings.loss.plugin = {work.loss, catalog.get(DESCENT_LOSS, work.loss).settle({}).hypers};
  settings.optimizer = {
      work.optimizer,
      catalog.get(DESCENT_OPTIMIZER, work.optimizer).settle({{"lr", work.rate}}).hypers};
  settings.train = {work.epochs, work.batch, 0};
  settings.record.every = work.epochs;
  settings.replicates.resample = work.loss == "cross_entropy" ? Resample::none : Resample::fresh;
  return settings;
}

inline Training training_of(const Work& work, const std::filesystem::path& folder) {
  const Catalog catalog({DESCENT_BUILD_DIR "/plugins"});
  const Settings settings = settings_of(work, catalog, folder);
  const auto kind = target_kind(catalog.get(DESCENT_LOSS, work.loss), settings.data);
  const auto source =
      std::make_shared<Source>(settings.data, kind, settings.replicates.resample, settings.seed);
  return Training(settings, source, catalog);
}

}  // namespace descent::peers
