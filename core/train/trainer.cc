// SPDX-License-Identifier: MIT
#include "train/trainer.h"

#include <fmt/format.h>

#include <cmath>

#include "base/hash.h"
#include "base/unsigned_nan.h"
#include "data/features.h"
#include "train/curve_recorder.h"
#include "train/divergence.h"
#include "train/final_predictions.h"
#include "train/least_squares.h"
#include "train/loss_fit.h"
#include "train/measures.h"
#include "train/prediction.h"
#include "train/running_loss.h"
#include "train/trainer_context.h"

namespace descent::train {
namespace {

// Thrown to end a run before its last epoch.
struct Stop {
  record::Status status;
  std::string reason;
};

std::vector<descent_block> as_blocks(const nn::Model& model, bool biases) {
  std::vector<descent_block> blocks;
  for (const auto& b : model.blocks())
    if (biases || !b.is_bias)
      blocks.push_back({b.name.c_str(), b.offset, b.rows, b.cols, b.is_bias});
  return blocks;
}

bool is_higher_better(record::Metric metric) {
  return record::facts_of(metric).better == record::Better::higher;
}

// Of the set that was passed over, whose loss this is.
template <class T>
double value_of_metric(const Training& training, record::Metric metric, double loss,
                       ModelPass<T>& pass) {
  using enum record::Metric;
  if (metric == train_loss || metric == validation_loss) return loss;
  const auto& targets = pass.samples().targets;
  if (!record::is_measure(metric))
    return accuracy(training.meaning().kind, pass.prediction(), targets);
  return measured({record::measure_of(metric)}, training.meaning(), pass.prediction(), targets)[0];
}

template <class T>
arma::Col<T> front(arma::Col<T>& x, arma::uword size) {
  return arma::Col<T>(x.memptr(), size, /*copy=*/false, /*strict=*/true);
}

}  // namespace

template <class T>
Trainer<T>::Trainer(const Training& training, std::uint64_t replicate, std::uint64_t epochs,
                    const IsLate& is_late)
    : training_(training),
      settings_(training.settings()),
      pruned_after_(epochs < settings_.train.epochs ? epochs : 0),
      is_late_(is_late) {
  run_.replicate = replicate;
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
  } catch (const Stop& stop) {
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
    loss_.emplace(*loss, settings_.loss.plugin.hypers, class_weight(),
                  settings_.loss.reduction == Reduction::mean ? DESCENT_MEAN : DESCENT_SUM);
  if (loss_ && settings_.loss.reduction == Reduction::batchmean) loss_->divide_by_samples();
  for (const auto& [plugin, given] : training_.regularizers()) {
    const auto size = given.on_all ? model.size() : model.weight_count();
    const bool of_jacobian = (plugin->needs & DESCENT_NEEDS_JACOBIAN) != 0;
    if (of_jacobian && !jacobian_)
      jacobian_ = std::make_unique<JacobianPenalty<T>>(model, train_.size(), weights_);
    const auto& blocks = of_jacobian ? jacobian_block_ : given.on_all ? blocks_ : weight_blocks_;
    penalties_.push_back({{plugin, given.plugin.hypers, blocks},
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
    over = (settings_.train.stop && is_over()) || is_spent();
    if (over && !is_recorded) record(run_.epochs);
  }
  restore();
  for (; next < recorded.size(); ++next) emit_predictions(next, sink);
  keep_predictions();
}

// An improvement is defined as in Keras and PyTorch Lightning: more than min_delta better than the
// best. Epoch 0 does not count.
template <class T>
bool Trainer<T>::is_over() {
  const auto& stop = *settings_.train.stop;
  const double value = watched(stop.metric), sign = is_higher_better(stop.metric) ? -1 : 1;
  const bool is_better = sign * value + stop.min_delta < sign * best_.value ||
                         (best_.epoch == 0 && std::isfinite(value));
  if (is_better) best_.value = value, best_.epoch = run_.epochs;
  if (stop.restore && (is_better || best_.weights.is_empty())) best_.weights = evaluation_weights();
  if (run_.epochs == settings_.train.epochs) return false;
  if (stop.target && sign * value <= sign * *stop.target) {
    run_.reason = fmt::format("stopped at epoch {}: {} is {:.6g}, and the target was {}",
                              run_.epochs, metric_name(stop.metric), value, *stop.target);
    return true;
  }
  if (stop.patience == 0 || run_.epochs - best_.epoch < stop.patience) return false;
  run_.reason = fmt::format(
      "stopped at epoch {}: {} has not improved by more than {} for {} epochs{}", run_.epochs,
      metric_name(stop.metric), stop.min_delta, stop.patience,
      best_.epoch > 0 ? fmt::format("; the best was {:.6g} at epoch {}", best_.value, best_.epoch)
                      : "");
  return true;
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

// Training with these steps is over, also where another batch of the epoch would follow.
template <class T>
bool Trainer<T>::is_spent() const {
  return settings_.train.steps > 0 && run_.steps >= settings_.train.steps;
}

template <class T>
void Trainer<T>::keep_weights() {
  const auto every = settings_.record.weights_every;
  if (every == 0 || run_.epochs % every != 0) return;
  const auto kept = arma::conv_to<std::vector<double>>::from(evaluation_weights());
  run_.checkpoints.push_back({run_.epochs, kept});
}

template <class T>
void Trainer<T>::keep_predictions() {
  if (!settings_.record.predictions) return;
  const auto streams = streams_of(settings_.replicates, run_.replicate);
  const auto& source = training_.source();
  const auto keep = [&](record::Set set, const auto& pass, std::vector<std::uint64_t> lines) {
    auto& kept = run_.predictions.emplace_back(final_predictions(
        training_, source.preparation(streams.split), pass->prediction(), pass->samples().targets));
    kept.set = set;
    kept.lines = std::move(lines);
  };
  if (test_pass_) keep(record::Set::test, test_pass_, source.test(streams.split).data.lines);
  if (validation_pass_)
    keep(record::Set::validation, validation_pass_, source.validation(streams.split).lines);
  if (!test_pass_ && !validation_pass_)
    keep(record::Set::train, train_pass_, source.training(streams.data, streams.split).lines);
}

// n / (classes n_c), as in scikit-learn; 1 of a class that this training set has no sample of.
template <class T>
arma::Col<T> Trainer<T>::class_weight() const {
  if (!settings_.loss.is_balanced)
    return arma::conv_to<arma::Col<T>>::from(settings_.loss.class_weight);
  const auto& classes = train_.targets.classes;
  arma::Col<T> counts(training_.source().outputs(), arma::fill::zeros);
  for (const auto c : classes) ++counts[arma::uword(c)];
  return counts.transform([&](T count) {
    return count == 0 ? T(1) : T(double(classes.size()) / (double(counts.n_elem) * double(count)));
  });
}

// The curve keeps the course of the run; its final values are measured again.
template <class T>
void Trainer<T>::restore() {
  if (best_.weights.is_empty()) return;
  weights_ = best_.weights;
  restored_ = true;
  const auto curve = run_.curve.size(), costs = run_.costs.size(), notes = run_.notes.size();
  record(run_.epochs);
  run_.curve.resize(curve);
  run_.costs.resize(costs);
  run_.notes.resize(notes);
}

// The test set's estimates as they were last measured.
template <class T>
void Trainer<T>::emit_predictions(std::size_t index, const PredictionSink& sink) {
  if (!test_pass_ || !sink) return;
  const auto& loss = *training_.loss();
  const bool logarithms = predicts_logarithms(loss, settings_.loss.plugin.hypers);
  sink(index, estimates(loss->prediction, logarithms, test_pass_->prediction()));
}

template <class T>
void Trainer<T>::prune() {
  record(run_.epochs);
  throw Stop{record::Status::pruned, ""};
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
    throw Stop{record::Status::diverged,
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
    throw Stop{record::Status::timeout,
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
  throw Stop{record::Status::diverged, reason};
}

// The last step of an epoch is left to the record of the epoch.
template <class T>
void Trainer<T>::record_step(std::uint64_t epoch, std::uint64_t batch) {
  const auto every = settings_.record.every_steps;
  const auto recorded = settings_.record.every;
  const bool ends_epoch = batch + 1 == batches_->count() || is_spent();
  const bool left_to_epoch =
      ends_epoch && (epoch % recorded == 0 || epoch == settings_.train.epochs || is_spent());
  if (every == 0 || run_.steps % every != 0 || left_to_epoch) return;
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
double Trainer<T>::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
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

template class Trainer<float>;
template class Trainer<double>;

}  // namespace descent::train
