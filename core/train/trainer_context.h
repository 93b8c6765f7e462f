// SPDX-License-Identifier: MIT
// What the optimizer of a training may ask for during a step. Whatever it asks, weights, gradient
// and loss of the trainer are afterwards as before.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "train/sample_gradients.h"
#include "train/trainer.h"

namespace descent::train {

template <class T>
class Trainer<T>::Context final : public host::StepContext<T> {
 public:
  explicit Context(Trainer& trainer) : trainer_(trainer) {}

  // A value without gradient needs no backward pass.
  double evaluate(const arma::Col<T>& x, arma::Col<T>* gradient) override {
    return at(x, [&] { return value_of(*trainer_.current_, gradient); });
  }

  double evaluate_all(const arma::Col<T>& x, arma::Col<T>* gradient) override {
    trainer_.run_.evaluations += this->batches - 1;
    return at(x, [&] { return value_of(whole(), gradient); });
  }

  void hessian_times(const arma::Col<T>& x, const arma::Col<T>& v, arma::Col<T>& product) override {
    ++trainer_.run_.evaluations;  // the time of two gradients
    at(x, [&] {
      trainer_.current_->hessian_times(trainer_.loss(), v, product);
      for (auto& p : trainer_.penalties_)
        if (!p.proximal) add_penalty(p, v, product);
      return 0.0;
    });
  }

  typename host::StepContext<T>::SampleGradients sample_gradients(const arma::Col<T>& x) override {
    auto& t = trainer_;
    if (!t.loss_) throw std::runtime_error("a surface has no samples to take gradients of");
    if (!samples_) samples_.emplace(t.training_.model(), t.train_, t.weights_);
    at(x, [&] {
      t.current_->differentiate(t.loss());
      samples_->compute(t.current_->samples(), t.current_->slopes(), *t.loss());
      return 0.0;
    });
    return {samples_->gradients(), samples_->values()};
  }

  void note(const char* name, double noted) override { notes_[name] = noted; }
  const std::map<std::string, double>& notes() const { return notes_; }

 private:
  template <class Body>
  double at(const arma::Col<T>& x, Body&& body) {
    auto& t = trainer_;
    kept_weights_ = t.weights_;
    kept_gradient_ = t.gradient_;
    const double kept_loss = t.batch_loss_, kept_norm = t.unclipped_;
    ++t.run_.evaluations;
    at_ = x;           // which may be the weights
    t.weights_ = at_;  // copied: the graph looks at this memory
    const double result = body();
    t.weights_ = kept_weights_;
    t.gradient_ = kept_gradient_;
    t.batch_loss_ = kept_loss;
    t.unclipped_ = kept_norm;
    return result;
  }

  double value_of(ModelPass<T>& pass, arma::Col<T>* gradient) {
    auto& t = trainer_;
    if (gradient) {
      const double objective = t.objective(pass);
      *gradient = t.gradient_;
      return objective;
    }
    double sum = pass.evaluate(t.loss());
    for (auto& p : t.penalties_)
      if (!p.proximal) sum += t.penalty(p, pass.samples(), false);
    return sum;
  }

  // Recorded when it is first asked for: most optimizers never do.
  ModelPass<T>& whole() {
    auto& t = trainer_;
    if (!t.batch_pass_) return *t.train_pass_;
    if (!whole_) whole_.emplace(t.training_.model(), t.train_, t.weights_, &t.gradient_);
    return *whole_;
  }

  void add_penalty(Penalty& penalty, const arma::Col<T>& v, arma::Col<T>& product) {
    const auto size = penalty.weights.n_elem;
    const arma::Col<T> direction(const_cast<T*>(v.memptr()), size, false, true);
    arma::Col<T> out(product.memptr(), size, false, true);
    penalty.regularizer.add_hessian_times(penalty.weights, direction, out);
  }

  Trainer& trainer_;
  arma::Col<T> kept_weights_, kept_gradient_, at_;
  std::optional<ModelPass<T>> whole_;
  std::optional<SampleGradients<T>> samples_;
  std::map<std::string, double> notes_;
};

}  // namespace descent::train
