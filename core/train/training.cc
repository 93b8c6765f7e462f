// SPDX-License-Identifier: MIT
#include "train/training.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/floating_point.h"
#include "base/suggestion.h"
#include "data/features.h"
#include "train/data_fits.h"
#include "train/least_squares.h"
#include "train/loss_fit.h"
#include "train/trainer.h"

namespace descent::train {
namespace {

std::vector<RegularizerPlugin> load(const std::vector<RegularizerSettings>& all,
                                    const host::Catalog& catalog) {
  std::vector<RegularizerPlugin> loaded;
  for (const auto& one : all)
    loaded.push_back({catalog.get(DESCENT_REGULARIZER, one.plugin.name), one});
  return loaded;
}

std::optional<host::Plugin> load_loss(const Settings& settings, const host::Catalog& catalog) {
  if (settings.model.surface) return {};
  return catalog.get(DESCENT_LOSS, settings.loss.plugin.name);
}

std::optional<host::Plugin> load_optimizer(const Settings& settings, const host::Catalog& catalog) {
  if (is_exact(settings)) return {};
  return catalog.get(DESCENT_OPTIMIZER, settings.optimizer.name);
}

}  // namespace

data::TargetKind target_kind(const Settings& settings, const host::Catalog& catalog) {
  const auto loss = load_loss(settings, catalog);
  if (!loss) return data::TargetKind::numbers;
  return target_kind(*loss, settings.loss.plugin.hypers, target_columns(settings.data));
}

Training::Training(const Settings& settings, std::shared_ptr<const data::ReplicateSampler> source,
                   const host::Catalog& catalog)
    : settings_(settings),
      source_(std::move(source)),
      loss_(load_loss(settings, catalog)),
      optimizer_(load_optimizer(settings, catalog)),
      regularizers_(load(settings.regularizers, catalog)),
      model_(settings.model, data::feature_count(settings.features, source_->inputs()),
             source_->outputs() * values_per_target()) {
  check();
}

void Training::check() const {
  check_data_fits(settings_, *source_);
  const auto outputs = model_.outputs();
  const auto wanted = arma::uword(source_->outputs() * values_per_target());
  if (outputs != wanted)
    throw Error(fmt::format(
        "the model's last layer has {} outputs, the data has {} {}{}; use "
        "'{{linear: auto}}' or '{{linear: {}}}' as the last linear layer",
        outputs, source_->outputs(), source_->names().classes.empty() ? "targets" : "classes",
        wanted == source_->outputs() ? "" : " (a mean and a variance for each)", wanted));
  if (!optimizer_ && !exact_applies(settings_))
    throw Error(
        "optimizer 'exact' needs a model of one linear layer, loss mse, no regularizer but l2 with "
        "apply: gradient, the full batch, and no schedule, clipping or average of weights");
  for (const auto& schedule : settings_.train.schedules)
    if (optimizer_->hyper_index(schedule.hyper) < 0)
      throw Error(
          fmt::format("schedule: optimizer '{}' has no hyperparameter '{}'{}",
                      settings_.optimizer.name, schedule.hyper,
                      did_you_mean(schedule.hyper, optimizer_->hyper_names(), "key of optimizer")));
  const auto weights = settings_.loss.class_weight.size();
  if (weights != 0 && weights != outputs)
    throw Error(fmt::format("loss '{}': {} has {} values, the model has {} outputs",
                            settings_.loss.plugin.name, (*loss_)->class_weight, weights, outputs));
}

std::uint64_t Training::values_per_target() const {
  return loss_ ? outputs_per_target((*loss_)->prediction) : 1;
}

Estimated Training::estimated() const {
  if (!loss_) return Estimated::nothing;
  const auto kind =
      target_kind(*loss_, settings_.loss.plugin.hypers, target_columns(settings_.data));
  return train::estimated((*loss_)->prediction, kind);
}

std::vector<std::uint64_t> Training::recorded_epochs() const {
  std::vector<std::uint64_t> epochs;
  for (std::uint64_t e = 0; e < settings_.train.epochs; e += settings_.record.every)
    epochs.push_back(e);
  epochs.push_back(settings_.train.epochs);
  return epochs;
}

record::Run Training::run(std::uint64_t replicate, const PredictionSink& sink, std::uint64_t epochs,
                          const IsLate& is_late) const {
  const KeepFloatingPoint keep;
  set_standard_floating_point();
  return with_element(settings_.dtype, [&]<class T>() {
    return Trainer<T>(*this, replicate, epochs, is_late).run(sink);
  });
}

}  // namespace descent::train
