// SPDX-License-Identifier: MIT
// A point ready for training: checks model, plugins and data against each other, then trains any of
// its replicates. Independent of YAML and SQL.
#pragma once

#include <armadillo>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "data/replicate_sampler.h"
#include "host/catalog.h"
#include "host/update_rule.h"
#include "nn/model.h"
#include "record/run.h"
#include "train/measures.h"
#include "train/prediction.h"
#include "train/settings.h"

namespace descent::train {

// Which kind of targets the loss will be given; numbers without one.
data::TargetKind target_kind(const Settings& settings, const host::Catalog& catalog);

// Called for every recorded epoch with the position of that epoch in recorded_epochs() and the
// k x m estimates of the test set's targets. From the epoch on in which a run stops early they are
// the final ones: the predictions of the trained model.
using PredictionSink = std::function<void(std::size_t, const arma::mat&)>;

// Asked when a run has taken as many seconds by the clock as it may: whether that counts. Time in
// which the whole program was suspended does not.
using IsLate = std::function<bool(double seconds)>;

struct RegularizerPlugin {
  host::Plugin plugin;
  RegularizerSettings settings;
};

class Training {
 public:
  // Throws Error when the parts do not fit: outputs against targets, a class weight too many, ...
  Training(const Settings& settings, std::shared_ptr<const data::ReplicateSampler> source,
           const host::Catalog& catalog);

  // Trains one replicate. Problems during training do not throw: they become the status.
  // It begins and leaves with the floating-point environment as it should be, whatever a plugin
  // does. One that ends after an earlier epoch than train.epochs is `pruned`; up to there it is the
  // same.
  record::Run run(std::uint64_t replicate, const PredictionSink& sink, std::uint64_t epochs = 0,
                  const IsLate& is_late = {}) const;

  const Settings& settings() const { return settings_; }
  const data::ReplicateSampler& source() const { return *source_; }
  const nn::Model& model() const { return model_; }
  const std::optional<host::Plugin>& loss() const { return loss_; }  // none: a surface
  const std::optional<host::UpdateRule>& optimizer() const {
    return optimizer_;
  }  // none: least_squares.h
  const std::vector<RegularizerPlugin>& regularizers() const { return regularizers_; }

  // What the model's outputs estimate; nothing on a surface.
  Estimated estimated() const { return meaning_.estimated; }
  // REQUIRES: a loss.
  const Meaning& meaning() const { return meaning_; }
  // What is measured of a set, besides the loss and the accuracy.
  const std::vector<record::Measure>& measures(record::Set set) const {
    return measures_[std::size_t(set)];
  }

  // 0, every, 2 every, ..., and the last.
  std::vector<std::uint64_t> recorded_epochs() const;

 private:
  void fit();  // what depends on several parts
  void check() const;
  void check_needs() const;
  void check_regularizers() const;
  void check_class_weight() const;
  void check_blocks() const;
  std::uint64_t values_per_target() const;  // outputs of the model for each of the data's

  Settings settings_;
  std::shared_ptr<const data::ReplicateSampler> source_;
  std::optional<host::Plugin> loss_;
  std::optional<host::UpdateRule> optimizer_;
  std::vector<RegularizerPlugin> regularizers_;
  nn::Model model_;
  Meaning meaning_{DESCENT_VALUES, Estimated::nothing, false};
  std::array<std::vector<record::Measure>, 3> measures_;  // by set
};

}  // namespace descent::train
