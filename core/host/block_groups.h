// SPDX-License-Identifier: MIT
// An optimizer with hyperparameters that differ from block to block: the blocks of equal values
// have a rule of their own, which sees their weights alone as one vector. It sees the objective as
// a function of these weights, the others where the step begins.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/optimizer.h"

namespace descent::host {

// Whether a pattern of BlockValues means the block.
bool matches(const std::string& pattern, const descent_block& block);

template <class T>
class BlockGroups {
 public:
  // REQUIRES: rule.on is not empty.
  BlockGroups(const UpdateRule& rule, const std::vector<descent_block>& blocks,
              std::uint64_t planned_steps);
  ~BlockGroups();

  void step(arma::Col<T>& x, const arma::Col<T>& gradient, StepContext<T>& context);
  const arma::Col<T>& evaluation_weights(const arma::Col<T>& x);
  void set_hyperparameter(std::size_t index, double value);
  std::vector<typename Optimizer<T>::Memory> memory() const;
  void restore(const std::vector<typename Optimizer<T>::Memory>& memory);

 private:
  struct Group;
  class Context;

  std::vector<double> hyperparameters_;  // of blocks that no pattern means
  std::vector<std::unique_ptr<Group>> groups_;
  arma::Col<T> start_, average_;
};

}  // namespace descent::host
