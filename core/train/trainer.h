// SPDX-License-Identifier: MIT
// The training loop of one replicate.
#pragma once

#include <armadillo>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/batches.h"
#include "host/loss.h"
#include "host/optimizer.h"
#include "host/regularizer.h"
#include "train/early_stopping.h"
#include "train/jacobian_penalty.h"
#include "train/model_pass.h"
#include "train/schedules.h"
#include "train/training.h"

namespace descent::train {

template <class T>
class Trainer {
 public:
  // epochs: after which the run is pruned; 0: none.
  Trainer(const Training& training, std::uint64_t replicate, std::uint64_t epochs,
          const IsLate& is_late);
  ~Trainer();

  record::Run run(const PredictionSink& sink);

 private:
  // A penalty and the part of the flat vector it acts on.
  struct Penalty {
    host::Regularizer<T> regularizer;
    bool proximal, of_jacobian;
    arma::Col<T> weights, gradient;  // views of the front of the flat vectors, or of all
  };

  void draw();      // data, features, weights of this replicate
  void assemble();  // loss, penalties, optimizer, passes
  void train(const PredictionSink& sink);
  void prune();
  bool takes_too_long() const;
  void train_epoch(std::uint64_t epoch);
  void step(ModelPass<T>& pass, std::uint64_t epoch);
  void apply_optimizer(ModelPass<T>& pass, std::uint64_t epoch);  // the weights, by the optimizer
  void solve(ModelPass<T>& pass);
  void draw_noise();  // of a surface's gradient, for a step
  void clip();        // the gradient
  void average();     // the weights into ema_
  host::Loss<T>* loss() { return loss_ ? &*loss_ : nullptr; }
  const arma::Col<T>& evaluation_weights();
  double at_evaluation_weights(const std::function<double()>& evaluate);  // its value there
  double objective(ModelPass<T>& pass);  // value; leaves the gradient in gradient_
  bool stops_early();                    // with this epoch, which it notes
  // The value of a metric of the training or validation set after the last epoch.
  double watched(record::Metric metric);
  arma::Col<T> class_weight() const;
  void restore();
  void emit_predictions(std::size_t index, const PredictionSink& sink);
  void record(std::uint64_t epoch);
  void record_step(std::uint64_t epoch, std::uint64_t batch);  // within an epoch
  void keep_weights();                                         // as a checkpoint
  void keep_predictions();                                     // of the last record
  bool is_spent() const;                                       // no step is left
  double seconds() const;                                      // since training began
  double measure_all(std::uint64_t epoch);                     // the training loss
  std::string cause_in(const ModelPass<T>& pass) const;        // of a loss that is not finite
  std::string diverged(const std::string& what, const std::string& cause) const;  // with remedies
  // Of the samples, if it is of the Jacobian there. Adds its gradient to gradient_ if asked to.
  double penalty(Penalty& penalty, const Samples<T>& samples, bool with_gradient);
  double penalty();  // of all
  void finish();

  class Context;  // what the optimizer may ask for (trainer_context.h)

  const Training& training_;
  const Settings& settings_;
  std::uint64_t pruned_after_;
  const IsLate& is_late_;
  record::Run run_;
  std::chrono::steady_clock::time_point start_;

  Samples<T> train_, test_, validation_, batch_, remainder_;
  std::optional<data::Batches> batches_;
  std::span<const std::uint64_t> in_batch_;  // the samples of the last batch
  arma::Col<T> weights_, gradient_;
  std::optional<Random> noise_stream_;  // for a surface with a noisy gradient
  arma::Col<T> noise_;                  // of the step under way
  std::vector<descent_block> blocks_, weight_blocks_, jacobian_block_;
  std::optional<host::Loss<T>> loss_;  // none: a surface
  std::vector<double> divisors_;       // of the samples in a mean (running_loss.h)
  std::vector<Penalty> penalties_;
  std::unique_ptr<JacobianPenalty<T>> jacobian_;  // if a penalty is of it
  std::optional<host::Optimizer<T>> optimizer_;   // none: the solution is computed
  // Over the whole training set (which is the batch, if it is full), over a batch, over the shorter
  // last batch, over the test set, over the validation set.
  std::optional<ModelPass<T>> train_pass_, batch_pass_, last_batch_pass_, test_pass_,
      validation_pass_;
  ModelPass<T>* current_ = nullptr;  // the batch an optimizer's evaluate() means
  std::unique_ptr<Context> context_;
  Schedules schedules_;       // their rate is the step size of proximal steps
  double unclipped_ = 0;      // norm of the gradient before it was clipped
  double gradient_norm_ = 0;  // the same of the last step
  arma::Col<T> ema_;
  std::optional<EarlyStopping> early_stopping_;
  arma::Col<T> best_weights_;  // of the epochs that early stopping watched, if it restores them
  bool restored_ = false;
  std::uint64_t step_seed_ = 0;
  double batch_loss_ = 0, running_ = 0;
};

}  // namespace descent::train
