// SPDX-License-Identifier: MIT
#include "host/block_groups.h"

#include <algorithm>

namespace descent::host {
namespace {

// * stands for any text.
bool fits(const char* pattern, const char* text) {
  if (*pattern == '*') return fits(pattern + 1, text) || (*text && fits(pattern, text + 1));
  return *pattern == *text && (*text == '\0' || fits(pattern + 1, text + 1));
}

// Names count more than kinds of blocks, and longer ones more than shorter ones.
std::pair<bool, std::size_t> rank(const BlockValues& one) {
  return {one.pattern != "bias" && one.pattern != "weight", one.pattern.size()};
}

std::vector<double> values_for(const UpdateRule& rule, const descent_block& block) {
  auto on = rule.on;
  std::ranges::stable_sort(on, {}, rank);
  auto values = rule.hyperparameters;
  for (const auto& one : on)
    if (matches(one.pattern, block))
      for (const auto& [index, value] : one.values) values[index] = value;
  return values;
}

}  // namespace

bool matches(const std::string& pattern, const descent_block& block) {
  if (pattern == "bias") return block.is_bias;
  if (pattern == "weight") return !block.is_bias;
  return fits(pattern.c_str(), block.name);
}

template <class T>
struct BlockGroups<T>::Group {
  std::vector<double> hyperparameters;
  std::vector<descent_block> whole, blocks;  // where they lie in all weights, and in the group's
  std::unique_ptr<Optimizer<T>> optimizer;
  arma::Col<T> x, gradient;

  arma::uword size() const {
    return blocks.empty() ? 0 : blocks.back().offset + blocks.back().rows * blocks.back().cols;
  }

  void add(descent_block block) {
    whole.push_back(block);
    block.offset = size();
    blocks.push_back(block);
  }

  // Calls visit(first in all weights, first in the group's, how many).
  template <class Visit>
  void each(Visit&& visit) const {
    for (std::size_t i = 0; i < blocks.size(); ++i)
      visit(whole[i].offset, blocks[i].offset, blocks[i].rows * blocks[i].cols);
  }

  void take(const T* all, T* part) const {
    each([&](auto from, auto to, auto n) { std::copy_n(all + from, n, part + to); });
  }
  void put(const T* part, T* all) const {
    each([&](auto to, auto from, auto n) { std::copy_n(part + from, n, all + to); });
  }
};

// The objective as a function of the group's weights.
template <class T>
class BlockGroups<T>::Context final : public StepContext<T> {
 public:
  Context(StepContext<T>& whole, const Group& group, const arma::Col<T>& start)
      : StepContext<T>(whole), whole_(whole), group_(group), start_(start) {}

  double evaluate(const arma::Col<T>& x, arma::Col<T>* gradient) override {
    return value_at(&StepContext<T>::evaluate, x, gradient);
  }
  double evaluate_all(const arma::Col<T>& x, arma::Col<T>* gradient) override {
    return value_at(&StepContext<T>::evaluate_all, x, gradient);
  }

  void hessian_times(const arma::Col<T>& x, const arma::Col<T>& v, arma::Col<T>& product) override {
    arma::Col<T> direction(start_.n_elem, arma::fill::zeros), all(start_.n_elem);
    group_.put(v.memptr(), direction.memptr());
    whole_.hessian_times(with(x), direction, all);
    group_.take(all.memptr(), product.memptr());
  }

  typename StepContext<T>::SampleGradients sample_gradients(const arma::Col<T>& x) override {
    const auto all = whole_.sample_gradients(with(x));
    gradients_.set_size(group_.size(), all.gradients.n_cols);
    for (arma::uword j = 0; j < gradients_.n_cols; ++j)
      group_.take(all.gradients.colptr(j), gradients_.colptr(j));
    return {gradients_, all.values};
  }

  void note(const char* name, double noted) override { whole_.note(name, noted); }

 private:
  using Evaluate = double (StepContext<T>::*)(const arma::Col<T>&, arma::Col<T>*);

  arma::Col<T> with(const arma::Col<T>& x) const {
    arma::Col<T> all = start_;
    group_.put(x.memptr(), all.memptr());
    return all;
  }

  double value_at(Evaluate how, const arma::Col<T>& x, arma::Col<T>* gradient) {
    if (!gradient) return (whole_.*how)(with(x), nullptr);
    arma::Col<T> slope(start_.n_elem);
    const double result = (whole_.*how)(with(x), &slope);
    group_.take(slope.memptr(), gradient->memptr());
    return result;
  }

  StepContext<T>& whole_;
  const Group& group_;
  const arma::Col<T>& start_;
  arma::Mat<T> gradients_;
};

template <class T>
BlockGroups<T>::BlockGroups(const UpdateRule& rule, const std::vector<descent_block>& blocks,
                            std::uint64_t planned_steps)
    : hyperparameters_(rule.hyperparameters) {
  for (const auto& block : blocks) {
    auto values = values_for(rule, block);
    const auto found = std::ranges::find_if(
        groups_, [&](const auto& group) { return group->hyperparameters == values; });
    if (found == groups_.end()) {
      groups_.push_back(std::make_unique<Group>());
      groups_.back()->hyperparameters = std::move(values);
      groups_.back()->add(block);
    } else {
      (*found)->add(block);
    }
  }
  for (const auto& group : groups_) {
    const UpdateRule alone{rule.plugin, group->hyperparameters, rule.base};
    group->x.set_size(group->size());
    group->gradient.set_size(group->size());
    group->optimizer =
        std::make_unique<Optimizer<T>>(alone, group->size(), group->blocks, planned_steps);
  }
}

template <class T>
BlockGroups<T>::~BlockGroups() = default;

template <class T>
void BlockGroups<T>::step(arma::Col<T>& x, const arma::Col<T>& gradient, StepContext<T>& context) {
  start_ = x;
  for (const auto& group : groups_) {
    group->take(start_.memptr(), group->x.memptr());
    group->take(gradient.memptr(), group->gradient.memptr());
    Context own(context, *group, start_);
    group->optimizer->step(group->x, group->gradient, own);
  }
  for (const auto& group : groups_) group->put(group->x.memptr(), x.memptr());
}

template <class T>
const arma::Col<T>& BlockGroups<T>::evaluation_weights(const arma::Col<T>& x) {
  bool averages = false;
  average_ = x;
  for (const auto& group : groups_) {
    group->take(x.memptr(), group->x.memptr());
    const auto& own = group->optimizer->evaluation_weights(group->x);
    averages = averages || &own != &group->x;
    group->put(own.memptr(), average_.memptr());
  }
  return averages ? average_ : x;
}

// A block of another value keeps its ratio to the others'.
template <class T>
void BlockGroups<T>::set_hyperparameter(std::size_t index, double value) {
  for (const auto& group : groups_) {
    const bool is_own = index < hyperparameters_.size();
    const double usual = is_own ? hyperparameters_[index] : 0,
                 own = is_own ? group->hyperparameters[index] : 0;
    group->optimizer->set_hyperparameter(index, own == usual ? value
                                                : usual == 0 ? own
                                                             : own / usual * value);
  }
}

template <class T>
std::vector<typename Optimizer<T>::Memory> BlockGroups<T>::memory() const {
  std::vector<typename Optimizer<T>::Memory> all;
  for (const auto& group : groups_) all.push_back(group->optimizer->memory());
  return all;
}

template <class T>
void BlockGroups<T>::restore(const std::vector<typename Optimizer<T>::Memory>& memory) {
  for (std::size_t i = 0; i < groups_.size(); ++i) groups_[i]->optimizer->restore(memory.at(i));
}

template class BlockGroups<float>;
template class BlockGroups<double>;

}  // namespace descent::host
