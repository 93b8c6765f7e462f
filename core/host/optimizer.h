// SPDX-License-Identifier: MIT
// An optimizer at work: the plugin's rule, the run's values, and the memory the rule needs.
#pragma once

#include <armadillo>
#include <memory>
#include <vector>

#include "host/scratch.h"
#include "host/step_context.h"
#include "host/update_rule.h"

namespace descent::host {

template <class T>
class BlockGroups;

template <class T>
class Optimizer {
 public:
  // blocks name the parts of the weight vector and must outlive the optimizer.
  Optimizer(const UpdateRule& rule, arma::uword weights, const std::vector<descent_block>& blocks,
            std::uint64_t planned_steps);
  Optimizer(const Plugin& plugin, std::vector<double> hyperparameters, arma::uword weights,
            const std::vector<descent_block>& blocks, std::uint64_t planned_steps)
      : Optimizer(rule_of(plugin, std::move(hyperparameters)), weights, blocks, planned_steps) {}

  Optimizer(Optimizer&&) noexcept;
  ~Optimizer();

  // Moves x. Throws std::runtime_error with the plugin's message.
  void step(arma::Col<T>& x, const arma::Col<T>& gradient, StepContext<T>& context);

  // The same with an objective that is a function. seed selects the run's random stream.
  void step(arma::Col<T>& x, const arma::Col<T>& gradient, std::uint64_t epoch, std::uint64_t seed,
            const Objective<T>& objective);

  // Weights to evaluate the model with: x itself unless the rule averages.
  const arma::Col<T>& evaluation_weights(const arma::Col<T>& x);

  std::uint64_t steps() const { return t_; }

  // The complete state of the rule: together with the weights, a checkpoint.
  struct Memory {
    arma::Mat<T> slots;  // a column each
    arma::Col<T> state;
    std::uint64_t steps = 0;
    std::vector<Memory> inner = {};  // of the wrapped rule, or of groups of blocks
  };
  Memory memory() const;
  void restore(const Memory& memory);

  // Overwrites the working memory; its contents are undefined between calls.
  void fill_scratch(std::byte value) { scratch_.fill(value); }

  // Sets a hyperparameter of the rule (UpdateRule::hyperparameter_index) from the next step on, for
  // schedules. REQUIRES: the value is in range.
  void set_hyperparameter(std::size_t index, double value);

 private:
  struct Bridge;  // between the plugin's calls and the context

  descent_step_call call(const arma::Col<T>& x) const;

  Plugin plugin_;
  std::vector<double> hyperparameters_;
  arma::Mat<T> slots_;  // a column each
  arma::Col<T> state_;
  std::vector<void*> slot_pointers_;
  const std::vector<descent_block>& blocks_;
  std::uint64_t planned_steps_, t_ = 0;
  arma::Col<T> average_;
  Scratch scratch_;
  std::unique_ptr<Optimizer> base_;         // null: wraps none
  std::unique_ptr<BlockGroups<T>> groups_;  // null: all blocks have the same values
};

}  // namespace descent::host
