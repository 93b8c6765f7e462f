// SPDX-License-Identifier: MIT
// Members of Trainer: what a run begins with, which is samples and weights, loss, penalties,
// optimizer, and passes. Only for trainer.cc.
#pragma once

#include "base/hash.h"
#include "data/features.h"
#include "train/running_loss.h"
#include "train/trainer.h"
#include "train/trainer_context.h"

namespace descent::train {

inline std::vector<descent_block> as_blocks(const nn::Model& model, bool biases) {
  std::vector<descent_block> blocks;
  for (const auto& b : model.blocks())
    if (biases || !b.is_bias)
      blocks.push_back({b.name.c_str(), b.offset, b.rows, b.cols, b.is_bias});
  return blocks;
}

template <class T>
arma::Col<T> front(arma::Col<T>& x, arma::uword size) {
  return arma::Col<T>(x.memptr(), size, /*copy=*/false, /*strict=*/true);
}

template <class T>
void Trainer<T>::draw() {
  const auto [data, init, order, split] = streams_of(settings_.replicates, run_.replicate);
  const auto& source = training_.source();
  const data::Dataset drawn = source.training(data, split);
  const data::Features features(settings_.features, drawn.features, drawn.weights, settings_.seed,
                                init);
  train_ = convert<T>(drawn, features.apply(drawn.features), "training");
  const auto& test = source.test(split).data;
  if (test.size() > 0) test_ = convert<T>(test, features.apply(test.features), "test");
  const auto& validation = source.validation(split);
  if (validation.size() > 0)
    validation_ = convert<T>(validation, features.apply(validation.features), "validation");
  batches_.emplace(train_.size(), settings_.train.batch, Random(settings_.seed, "order", order),
                   settings_.train.replacement);
  Random random(settings_.seed, "init", init);
  training_.model().initialize(weights_, random);
  gradient_.zeros(weights_.n_elem);
  if (const auto& surface = settings_.model.surface; surface && surface->noise > 0)
    noise_stream_.emplace(settings_.seed, "order", order);
  step_seed_ =
      hash64("step", hash64({reinterpret_cast<const char*>(&order), sizeof order}, settings_.seed));
}

template <class T>
void Trainer<T>::assemble() {
  const auto& model = training_.model();
  blocks_ = as_blocks(model, true);
  weight_blocks_ = as_blocks(model, false);
  jacobian_block_ = {{"jacobian", 0, model.outputs(), model.inputs(), false}};
  if (const auto& loss = training_.loss())
    loss_.emplace(*loss, settings_.loss.plugin.hyperparameters, class_weight(),
                  settings_.loss.reduction == Reduction::mean ? DESCENT_MEAN : DESCENT_SUM);
  if (loss_ && settings_.loss.reduction == Reduction::batchmean) loss_->divide_by_samples();
  for (const auto& [plugin, given] : training_.regularizers()) {
    const auto size = given.on_all ? model.size() : model.weight_count();
    const bool of_jacobian = (plugin->needs & DESCENT_NEEDS_JACOBIAN) != 0;
    if (of_jacobian && !jacobian_)
      jacobian_ = std::make_unique<JacobianPenalty<T>>(model, train_.size(), weights_);
    const auto& blocks = of_jacobian ? jacobian_block_ : given.on_all ? blocks_ : weight_blocks_;
    penalties_.push_back({{plugin, given.plugin.hyperparameters, blocks},
                          given.proximal,
                          of_jacobian,
                          front(weights_, size),
                          front(gradient_, size)});
  }
  if (const auto& optimizer = training_.optimizer()) {
    optimizer_.emplace(*optimizer, weights_.n_elem, blocks_,
                       total_steps(settings_.train, batches_->count()));
    schedules_ = Schedules(training_, batches_->count());
  }
  context_ = std::make_unique<Context>(*this);
  context_->batches = batches_->count();

  const auto n = train_.size(),
             batch = arma::uword(batches_->count() > 1 ? settings_.train.batch : n);
  const bool gathered = batch < n || settings_.train.replacement;
  train_pass_.emplace(model, train_, weights_, gathered ? nullptr : &gradient_);
  if (gathered) {
    if (loss_ && settings_.loss.reduction == Reduction::mean)
      divisors_ = divisors(*loss_, train_.targets, model.outputs());
    batch_ = like(train_, batch);
    batch_pass_.emplace(model, batch_, weights_, &gradient_);
    if (n % batch) {
      remainder_ = like(train_, n % batch);
      last_batch_pass_.emplace(model, remainder_, weights_, &gradient_);
    }
  }
  if (test_.size() > 0) test_pass_.emplace(model, test_, weights_, nullptr);
  if (validation_.size() > 0) validation_pass_.emplace(model, validation_, weights_, nullptr);
}

// n / (classes n_c), as in scikit-learn, of sample weights in place of numbers; 1 of a class that
// this training set has no sample of.
template <class T>
arma::Col<T> Trainer<T>::class_weight() const {
  if (!settings_.loss.is_balanced)
    return arma::conv_to<arma::Col<T>>::from(settings_.loss.class_weight);
  const auto& targets = train_.targets;
  arma::vec share(training_.source().outputs(), arma::fill::zeros);
  for (arma::uword i = 0; i < targets.classes.size(); ++i)
    share[arma::uword(targets.classes[i])] +=
        targets.weights.is_empty() ? 1 : double(targets.weights[i]);
  const double all = arma::accu(share), count = double(share.n_elem);
  share.transform([&](double of) { return of == 0 ? 1 : all / (count * of); });
  return arma::conv_to<arma::Col<T>>::from(share);
}

}  // namespace descent::train
