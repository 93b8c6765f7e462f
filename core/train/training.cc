// SPDX-License-Identifier: MIT
#include "train/training.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/floating_point.h"
#include "base/suggestion.h"
#include "data/features.h"
#include "host/block_groups.h"
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

std::optional<host::UpdateRule> load_optimizer(const Settings& settings,
                                               const host::Catalog& catalog) {
  if (is_exact(settings)) return {};
  return host::rule_of(settings.optimizer, catalog);
}

}  // namespace

data::TargetKind target_kind(const Settings& settings, const host::Catalog& catalog) {
  const auto loss = load_loss(settings, catalog);
  if (!loss) return data::TargetKind::numbers;
  return target_kind(*loss, settings.loss.plugin.hyperparameters, target_columns(settings.data));
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
  fit();
  check();
}

void Training::fit() {
  auto& train = settings_.train;
  if (train.steps > 0) {
    const auto n = source_->training_size();
    const auto batch = train.batch == 0 ? n : std::min(n, train.batch);
    const auto batches = (n + batch - 1) / batch;
    train.epochs = (train.steps + batches - 1) / batches;
  }
  if (loss_) {
    const auto& hyperparameters = settings_.loss.plugin.hyperparameters;
    const auto kind = target_kind(*loss_, hyperparameters, target_columns(settings_.data));
    const auto prediction = (*loss_)->prediction;
    meaning_ = {prediction, train::estimated(prediction, kind),
                predicts_logarithms(*loss_, hyperparameters)};
    if (const auto i = loss_->hyperparameter_index("ignore_index"); i >= 0)
      meaning_.ignored = std::int64_t(hyperparameters[std::size_t(i)]);
  }
  const bool held_out = source_->test().data.size() > 0 || source_->validation().size() > 0;
  for (const auto set : {record::Set::train, record::Set::validation, record::Set::test})
    measures_[std::size_t(set)] =
        chosen_measures(settings_.record.metrics, meaning_.estimated, set, held_out);
}

void Training::check() const {
  check_data_fits(settings_, *source_);
  const auto outputs = model_.outputs();
  const arma::uword wanted = source_->outputs() * values_per_target();
  if (outputs != wanted)
    throw Error::about(
        "model",
        fmt::format(
            "the model's last layer has {} outputs, the data has {} {}{}; use "
            "'{{linear: auto}}' or '{{linear: {}}}' as the last linear layer",
            outputs, source_->outputs(), source_->names().classes.empty() ? "targets" : "classes",
            wanted == source_->outputs() ? "" : " (a mean and a variance for each)", wanted));
  if (!optimizer_ && !exact_applies(settings_))
    throw Error::about(
        "optimizer",
        "optimizer 'exact' needs a model of one linear layer, loss mse, no regularizer but l2 with "
        "apply: gradient, the full batch, and no schedule, clipping or average of weights");
  for (const auto& schedule : settings_.train.schedules)
    if (optimizer_->hyperparameter_index(schedule.hyper) < 0)
      throw Error::about(
          "train.schedule",
          fmt::format("schedule: optimizer '{}' has no hyperparameter '{}'{}",
                      settings_.optimizer.name, schedule.hyper,
                      did_you_mean(schedule.hyper, optimizer_->hyperparameter_names(),
                                   "key of optimizer")));
  check_needs();
  check_regularizers();
  check_blocks();
  check_class_weight();
  if (settings_.record.confusion && meaning_.estimated != Estimated::classes)
    throw Error::at("record.confusion",
                    loss_ ? fmt::format("loss '{}' predicts no classes; leave it out",
                                        settings_.loss.plugin.name)
                          : "a surface has no classes; leave it out");
  if (settings_.record.predictions && meaning_.estimated == Estimated::nothing)
    throw Error::at("record.predictions",
                    loss_ ? fmt::format("what loss '{}' reads are no predictions "
                                        "of the targets; leave it out",
                                        settings_.loss.plugin.name)
                          : "a surface has no samples; leave it out");
}

void Training::check_class_weight() const {
  if (!loss_ || !(*loss_)->class_weight) return;
  const auto key = fmt::format("loss.{}", (*loss_)->class_weight);
  if (settings_.loss.is_balanced && source_->names().classes.empty())
    throw Error::at(key, "balanced needs targets that are classes");
  const auto weights = settings_.loss.class_weight.size();
  if (weights != 0 && weights != model_.outputs())
    throw Error::about(
        key, fmt::format("{} has {} values, the model has {} outputs; give one for each", key,
                         weights, model_.outputs()));
}

// A pattern that means no block is a mistake.
void Training::check_blocks() const {
  if (!optimizer_) return;
  std::vector<std::string> names;
  for (const auto& block : model_.blocks()) names.push_back(block.name);
  std::string path = "optimizer";
  for (const auto* rule : optimizer_->chain()) {
    for (const auto& [pattern, values] : rule->on) {
      const auto is_meant = [&, &text = pattern](const nn::Block& b) {
        return host::matches(text, {b.name.c_str(), b.offset, b.rows, b.cols, b.is_bias});
      };
      if (std::ranges::none_of(model_.blocks(), is_meant))
        throw Error::at(
            path + ".on",
            fmt::format("'{}' is no block of the model; valid: bias, weight, {}, where * "
                        "stands for any text",
                        pattern, fmt::join(names, ", ")));
    }
    path += ".base";
  }
}

// What the optimizer asks of a step, and who cannot give it.
void Training::check_needs() const {
  if (!optimizer_) return;
  const auto refuse = [&](const std::string& why) {
    throw Error::about("optimizer",
                       fmt::format("optimizer '{}' {}", settings_.optimizer.name, why));
  };
  if (optimizer_->needs(DESCENT_NEEDS_SAMPLE_GRADIENTS) && !loss_)
    refuse("takes the gradient of each sample, and a surface has no samples");
  if (!optimizer_->needs(DESCENT_NEEDS_HESSIAN)) return;
  std::vector<const host::Plugin*> asked;
  if (loss_) asked.push_back(&*loss_);
  for (const auto& [plugin, given] : regularizers_)
    if (!given.proximal) asked.push_back(&plugin);
  for (const auto* plugin : asked)
    if (!((*plugin)->traits & DESCENT_TWICE))
      refuse(fmt::format("multiplies by the Hessian, and {} gives no second derivatives{}",
                         plugin->label(),
                         (*plugin)->kind == DESCENT_REGULARIZER && (*plugin)->proximal[DESCENT_F32]
                             ? "; use apply: proximal"
                             : ""));
}

// One of the Jacobian reads no weights, and needs inputs.
void Training::check_regularizers() const {
  for (const auto& [plugin, given] : regularizers_) {
    if (!(plugin->needs & DESCENT_NEEDS_JACOBIAN)) continue;
    if (model_.inputs() == 0)
      throw Error::about(
          "regularizer",
          plugin.label() +
              " penalizes derivatives with respect to inputs, and this model has none");
    if (given.on_all)
      throw Error::about(
          "regularizer",
          plugin.label() + " penalizes derivatives of the outputs, not weights; leave out on: all");
  }
}

std::uint64_t Training::values_per_target() const {
  return loss_ ? outputs_per_target((*loss_)->prediction) : 1;
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
