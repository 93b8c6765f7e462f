// SPDX-License-Identifier: MIT
// Members of Trainer: what a run leaves behind, which is its curve, checkpoints, predictions and
// final values. Only for trainer.cc.
#pragma once

#include <fmt/format.h>

#include <cmath>

#include "base/unsigned_nan.h"
#include "train/curve_recorder.h"
#include "train/divergence.h"
#include "train/final_predictions.h"
#include "train/loss_fit.h"
#include "train/measures.h"
#include "train/prediction.h"
#include "train/stop_run.h"
#include "train/trainer.h"
#include "train/trainer_context.h"

namespace descent::train {

// Of the set that was passed over; this is its loss.
template <class T>
double value_of_metric(const Training& training, record::Metric metric, double loss,
                       ModelPass<T>& pass) {
  using enum record::Metric;
  if (metric == train_loss || metric == validation_loss) return loss;
  const auto& targets = pass.samples().targets;
  const auto& meaning = training.meaning();
  if (!record::is_measure(metric))
    return accuracy(meaning.kind, pass.prediction(), targets, meaning.ignored);
  return measured({record::measure_of(metric)}, meaning, pass.prediction(), targets)[0];
}

template <class T>
void Trainer<T>::record(std::uint64_t epoch) {
  const double loss = at_evaluation_weights([&] { return measure_all(epoch); });
  for (const auto& [name, value] : context_->notes()) run_.notes.push_back({epoch, name, value});
  if (std::isfinite(loss)) return;
  std::string reason;
  at_evaluation_weights([&] {
    reason = diverged(fmt::format("the training loss is {} after epoch {} (step {})",
                                  unsigned_nan(loss), epoch, run_.steps),
                      cause_in(*train_pass_));
    return loss;
  });
  throw StopRun{record::Status::diverged, reason};
}

// The last step of an epoch is left to the record of the epoch.
template <class T>
void Trainer<T>::record_step(std::uint64_t epoch, std::uint64_t batch) {
  const auto every = settings_.record.every_steps;
  if (every == 0 || run_.steps % every != 0) return;
  const auto recorded = settings_.record.every;
  const bool ends_epoch = batch + 1 == batches_->count() || is_spent();
  if (ends_epoch && (epoch % recorded == 0 || epoch == settings_.train.epochs || is_spent()))
    return;
  const auto curve = run_.curve.size(), costs = run_.costs.size(), notes = run_.notes.size();
  running_ = batch_loss_;
  record(epoch);
  const double epochs = double(epoch - 1) + double(batch + 1) / double(batches_->count());
  for (auto i = curve; i < run_.curve.size(); ++i)
    run_.step_curve.push_back({epochs, run_.steps, run_.curve[i].metric, run_.curve[i].value});
  run_.curve.resize(curve);
  run_.costs.resize(costs);
  run_.notes.resize(notes);
}

template <class T>
double Trainer<T>::measure_all(std::uint64_t epoch) {
  run_.costs.push_back({epoch, run_.steps, run_.evaluations, seconds()});
  CurveRecorder curve(run_, epoch);
  curve.measure(*train_pass_, loss(), training_, training_set);
  if (validation_pass_) curve.measure(*validation_pass_, loss(), training_, validation_set);
  if (test_pass_) curve.measure(*test_pass_, loss(), training_, test_set);
  if (!penalties_.empty()) curve.note(record::Metric::penalty, penalty(), &record::Run::penalty);
  if (epoch > 0) {
    curve.note(record::Metric::running_loss, running_);
    const bool clips = settings_.train.clip_norm > 0 || settings_.train.clip_value > 0;
    curve.note(record::Metric::gradient_norm,
               clips ? gradient_norm_ : double(arma::norm(gradient_)), &record::Run::gradient_norm);
  }
  curve.note(record::Metric::weight_norm, arma::norm(weights_));
  if (settings_.model.surface) {
    curve.note(record::Metric::x, weights_(0));
    curve.note(record::Metric::y, weights_(1));
  }
  return run_.train_loss;
}

template <class T>
double Trainer<T>::penalty(Penalty& p, const Samples<T>& samples, bool with_gradient) {
  if (p.of_jacobian)
    return jacobian_->add(p.regularizer, samples, with_gradient ? &gradient_ : nullptr);
  return p.regularizer.penalty(p.weights, with_gradient ? &p.gradient : nullptr);
}

template <class T>
double Trainer<T>::penalty() {
  double sum = 0;
  for (auto& p : penalties_) sum += penalty(p, train_, false);
  return sum;
}

template <class T>
double Trainer<T>::watched(record::Metric metric) {
  if (!run_.curve.empty() && run_.curve.back().epoch == run_.epochs)
    for (auto point = run_.curve.rbegin(); point != run_.curve.rend(); ++point)
      if (point->epoch == run_.epochs && point->metric == metric) return point->value;
  const bool on_training = metric_name(metric).starts_with("train_");
  auto& pass = on_training ? *train_pass_ : *validation_pass_;
  return at_evaluation_weights([&] {
    const double loss_value = pass.evaluate(loss());
    return value_of_metric(training_, metric, loss_value, pass);
  });
}

template <class T>
void Trainer<T>::keep_weights() {
  const auto every = settings_.record.weights_every;
  if (every == 0 || run_.epochs % every != 0) return;
  const auto kept = arma::conv_to<std::vector<double>>::from(evaluation_weights());
  run_.checkpoints.push_back({run_.epochs, kept});
}

// The test set's estimates as they were last measured.
template <class T>
void Trainer<T>::emit_predictions(std::size_t index, const PredictionSink& sink) {
  if (!test_pass_ || !sink) return;
  const auto& loss = *training_.loss();
  const bool logarithms = predicts_logarithms(loss, settings_.loss.plugin.hyperparameters);
  sink(index, estimates(loss->prediction, logarithms, test_pass_->prediction()));
}

template <class T>
void Trainer<T>::keep_predictions() {
  if (!settings_.record.predictions) return;
  const auto streams = streams_of(settings_.replicates, run_.replicate);
  const auto& source = training_.source();
  const auto keep = [&](record::Set set, const auto& pass,
                        const std::vector<std::uint64_t>& lines) {
    auto& kept = run_.predictions.emplace_back(final_predictions(
        training_, source.preparation(streams.split), pass->prediction(), pass->samples().targets));
    kept.set = set;
    kept.lines = lines;
  };
  if (test_pass_) keep(record::Set::test, test_pass_, source.test(streams.split).data.lines);
  if (validation_pass_)
    keep(record::Set::validation, validation_pass_, source.validation(streams.split).lines);
  if (!test_pass_ && !validation_pass_)
    keep(record::Set::train, train_pass_, source.training(streams.data, streams.split).lines);
}

// The curve keeps the course of the run; its final values are measured again.
template <class T>
void Trainer<T>::restore() {
  if (best_weights_.is_empty()) return;
  weights_ = best_weights_;
  restored_ = true;
  const auto curve = run_.curve.size(), costs = run_.costs.size(), notes = run_.notes.size();
  record(run_.epochs);
  run_.curve.resize(curve);
  run_.costs.resize(costs);
  run_.notes.resize(notes);
}

template <class T>
std::string Trainer<T>::cause_in(const ModelPass<T>& pass) const {
  const bool is_batch = &pass != &*train_pass_;
  return cause_of_divergence(training_, pass.samples(), weights_,
                             is_batch ? in_batch_ : std::span<const std::uint64_t>());
}

template <class T>
std::string Trainer<T>::diverged(const std::string& what, const std::string& cause) const {
  return fmt::format("{}: {}; what usually helps: {}", what, cause, divergence_remedies(settings_));
}

template <class T>
void Trainer<T>::finish() {
  run_.train_seconds = seconds();
  if (weights_.is_empty()) return;
  const arma::Col<T>& final_weights =
      run_.status == record::Status::done ? evaluation_weights() : weights_;
  const arma::vec x = arma::conv_to<arma::vec>::from(final_weights);
  run_.zero_weights = 0;
  for (arma::uword i = 0; i < training_.model().weight_count(); ++i) run_.zero_weights += x(i) == 0;
  run_.weight_norm = arma::norm(x);
  if (settings_.record.weights || settings_.record.model != ModelKept::none)
    run_.weights.assign(x.begin(), x.end());
}

}  // namespace descent::train
