// SPDX-License-Identifier: MIT
#include "train/trainer.h"

#include <fmt/format.h>

#include <cmath>

#include "base/unsigned_nan.h"
#include "train/least_squares.h"
#include "train/running_loss.h"
#include "train/stop_run.h"
#include "train/trainer_context.h"
#include "train/trainer_records.h"
#include "train/trainer_setup.h"

namespace descent::train {

template <class T>
Trainer<T>::Trainer(const Training& training, std::uint64_t replicate, std::uint64_t epochs,
                    const IsLate& is_late)
    : training_(training),
      settings_(training.settings()),
      pruned_after_(epochs < settings_.train.epochs ? epochs : 0),
      is_late_(is_late) {
  run_.replicate = replicate;
  if (settings_.train.stop) early_stopping_.emplace(*settings_.train.stop);
}

template <class T>
Trainer<T>::~Trainer() = default;

template <class T>
record::Run Trainer<T>::run(const PredictionSink& sink) {
  start_ = std::chrono::steady_clock::now();
  try {
    draw();
    assemble();
    train(sink);
  } catch (const StopRun& stop) {
    run_.status = stop.status;
    run_.reason = stop.reason;
  } catch (const std::exception& error) {
    run_.status = record::Status::failed;
    run_.reason =
        fmt::format("{} (epoch {}, step {})", error.what(), run_.epochs + 1, run_.steps + 1);
  }
  finish();
  return std::move(run_);
}

template <class T>
void Trainer<T>::train(const PredictionSink& sink) {
  const auto recorded = training_.recorded_epochs();
  start_ = std::chrono::steady_clock::now();
  record(0);
  keep_weights();
  std::size_t next = 0;  // recorded epoch to pass on
  for (bool over = false; run_.epochs < recorded.back() && !over;) {
    if (run_.epochs == recorded[next]) emit_predictions(next++, sink);
    train_epoch(run_.epochs + 1);
    if (run_.epochs == pruned_after_) prune();
    const bool is_recorded = run_.epochs == recorded[next];
    if (is_recorded) record(run_.epochs);
    keep_weights();
    schedules_.note_epoch([&](record::Metric metric) { return watched(metric); });
    over = stops_early() || is_spent();
    if (over && !is_recorded) record(run_.epochs);
  }
  restore();
  for (; next < recorded.size(); ++next) emit_predictions(next, sink);
  keep_predictions();
}

template <class T>
bool Trainer<T>::stops_early() {
  if (!early_stopping_) return false;
  const auto& stop = *settings_.train.stop;
  const bool is_best = early_stopping_->note(run_.epochs, watched(stop.metric));
  if (stop.restore && (is_best || best_weights_.is_empty())) best_weights_ = evaluation_weights();
  if (run_.epochs == settings_.train.epochs) return false;
  run_.reason = early_stopping_->reason();
  return !run_.reason.empty();
}

// Training with these steps is over, also where another batch of the epoch would follow.
template <class T>
bool Trainer<T>::is_spent() const {
  return settings_.train.steps > 0 && run_.steps >= settings_.train.steps;
}

template <class T>
void Trainer<T>::prune() {
  record(run_.epochs);
  throw StopRun{record::Status::pruned, ""};
}

template <class T>
void Trainer<T>::train_epoch(std::uint64_t epoch) {
  if (!batch_pass_) {
    step(*train_pass_, epoch);
    running_ = batch_loss_;
    record_step(epoch, 0);
  } else {
    RunningLoss running(settings_.loss.reduction, divisors_);
    batches_->next_epoch();
    for (std::uint64_t i = 0; i < batches_->count() && !is_spent(); ++i) {
      const auto indices = in_batch_ = batches_->batch(i);
      const bool is_short = indices.size() < batch_.size();
      context_->batch = i + 1;
      gather(train_, indices, is_short ? remainder_ : batch_);
      step(is_short ? *last_batch_pass_ : *batch_pass_, epoch);
      running.add(batch_loss_, indices);
      record_step(epoch, i);
    }
    running_ = running.value();
  }
  run_.epochs = epoch;
}

template <class T>
void Trainer<T>::step(ModelPass<T>& pass, std::uint64_t epoch) {
  if (optimizer_) schedules_.apply(*optimizer_, epoch, run_.steps);
  draw_noise();
  ++run_.evaluations;
  if (loss_) loss_->set_seed(step_seed_ + run_.steps + 1);
  const double value = context_->value = objective(pass);
  gradient_norm_ = unclipped_;
  const auto number = run_.steps + 1;
  if (!std::isfinite(value))
    throw StopRun{record::Status::diverged,
                  diverged(fmt::format("the loss is {} at step {} (epoch {})", unsigned_nan(value),
                                       number, epoch),
                           std::isfinite(batch_loss_) ? "the penalty of a regularizer is not finite"
                                                      : cause_in(pass))};
  run_.last_finite_loss = batch_loss_;
  apply_optimizer(pass, epoch);
  if (loss_) loss_->set_seed(0);
  run_.steps = number;
  if (settings_.train.ema > 0) average();
  if (takes_too_long())
    throw StopRun{record::Status::timeout,
                  fmt::format("longer than {} s after step {} (epoch {})",
                              settings_.train.timeout_seconds, number, epoch)};
}

template <class T>
bool Trainer<T>::takes_too_long() const {
  const double limit = settings_.train.timeout_seconds;
  if (limit <= 0) return false;
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start_;
  return taken.count() > limit && (!is_late_ || is_late_(limit));
}

template <class T>
void Trainer<T>::apply_optimizer(ModelPass<T>& pass, std::uint64_t epoch) {
  if (!optimizer_) return solve(pass);
  current_ = &pass;
  context_->epoch = epoch;
  context_->seed = step_seed_ + run_.steps + 1;
  context_->samples = in_batch_;
  context_->sample_count = loss_ ? pass.samples().size() : 0;
  optimizer_->step(weights_, gradient_, *context_);
  for (auto& p : penalties_)
    if (p.proximal) p.regularizer.proximal(p.weights, schedules_.rate());
}

// The remaining gradient shows the solver's error, so it is the one recorded.
template <class T>
void Trainer<T>::solve(ModelPass<T>& pass) {
  if (run_.steps > 0) return;  // the first step went all the way
  const double before = batch_loss_;
  solve_exactly(training_, train_, weights_);
  objective(pass);
  batch_loss_ = before;
}

template <class T>
double Trainer<T>::objective(ModelPass<T>& pass) {
  batch_loss_ = pass.differentiate(loss());
  if (noise_stream_) gradient_ += noise_;
  double value = batch_loss_;
  for (auto& p : penalties_)
    if (!p.proximal) value += penalty(p, pass.samples(), true);
  clip();
  return value;
}

// All evaluations within a step use the same noise, as they use the same batch.
template <class T>
void Trainer<T>::draw_noise() {
  if (!noise_stream_) return;
  noise_.set_size(gradient_.n_elem);
  const double sd = settings_.model.surface->noise;
  noise_.imbue([&] { return T(noise_stream_->normal(0, sd)); });
}

template <class T>
void Trainer<T>::clip() {
  const T value = T(settings_.train.clip_value);
  const double norm = settings_.train.clip_norm;
  if (value == 0 && norm == 0) return;
  unclipped_ = double(arma::norm(gradient_));
  if (value > 0)
    for (T& g : gradient_) g = g > value ? value : g < -value ? -value : g;
  const double length = value > 0 ? double(arma::norm(gradient_)) : unclipped_;
  if (norm > 0 && length > norm) gradient_ *= T(norm / length);
}

template <class T>
void Trainer<T>::average() {
  if (run_.steps == 1)
    ema_ = weights_;
  else
    ema_ += T(1 - settings_.train.ema) * (weights_ - ema_);
}

template <class T>
const arma::Col<T>& Trainer<T>::evaluation_weights() {
  if (restored_) return weights_;
  if (!ema_.is_empty()) return ema_;
  return optimizer_ ? optimizer_->evaluation_weights(weights_) : weights_;
}

// The passes refer to weights_, so an average is moved there while it is evaluated.
template <class T>
double Trainer<T>::at_evaluation_weights(const std::function<double()>& evaluate) {
  const arma::Col<T>& evaluated = evaluation_weights();
  const arma::Col<T> kept = &evaluated == &weights_ ? arma::Col<T>() : weights_;
  if (!kept.is_empty()) weights_ = evaluated;
  const double value = evaluate();
  if (!kept.is_empty()) weights_ = kept;
  return value;
}

template <class T>
double Trainer<T>::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

template class Trainer<float>;
template class Trainer<double>;

}  // namespace descent::train
