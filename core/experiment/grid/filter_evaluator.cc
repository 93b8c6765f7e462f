// SPDX-License-Identifier: MIT
#include "experiment/grid/filter_evaluator.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/suggestion.h"
#include "experiment/document/axis.h"
#include "experiment/schema/path.h"
#include "experiment/schema/resolve.h"

namespace descent::experiment {
namespace {

constexpr std::size_t most_met = 100'000;  // variants with answers that are kept
constexpr std::size_t most_paths = 10'000;

bool has_type(Operand::Kind kind, const nlohmann::json& value) {
  if (kind == Operand::Kind::has) return true;
  return kind == Operand::Kind::word ? value.is_string() : value.is_number() || value.is_boolean();
}

}  // namespace

FilterEvaluator::FilterEvaluator(const Where& where, const PointGrid& grid, Resolve resolve)
    : where_(where), grid_(grid), resolve_(std::move(resolve)) {
  const auto& operands = where.operands();
  seen_.resize(operands.size());
  for (const auto& axis : grid.axes()) {
    auto& own = questions_.emplace_back();
    for (std::size_t i = 0; i < operands.size(); ++i)
      if (operands[i].path == axis.resolved) own.push_back(i);
    const auto values = own.empty() ? 0 : axis.size();
    numbers_.emplace_back(own.size(), std::vector<double>(values));
    known_.emplace_back(values);
  }
}

const std::vector<double>& FilterEvaluator::of(std::uint64_t index, const PointRef& ref) {
  answers_ = of_variant(index, ref.variant);
  for (const auto& [axis, value] : ref.values)
    for (std::size_t i = 0; i < questions_[axis].size(); ++i)
      answers_[questions_[axis][i]] = of_value(i, axis, value);
  return answers_;
}

const std::vector<double>& FilterEvaluator::of_variant(std::uint64_t index, std::uint64_t variant) {
  if (const auto met = variants_met_.find(variant); met != variants_met_.end()) return met->second;
  if (variants_met_.size() == most_met) variants_met_.clear();
  const auto all = flatten(resolve_(index));
  std::vector<double> answers;
  for (std::size_t i = 0; i < where_.operands().size(); ++i) {
    const auto& operand = where_.operands()[i];
    const auto leaf =
        std::ranges::lower_bound(all, operand.path, {}, [](auto& one) { return one.first; });
    const auto* value = leaf != all.end() && leaf->first == operand.path ? &leaf->second : nullptr;
    note(i, value);
    answers.push_back(operand.of(value));
  }
  for (const auto& [path, value] : all)
    if (paths_.size() < most_paths) paths_.insert(path);
  return variants_met_.emplace(variant, std::move(answers)).first->second;
}

double FilterEvaluator::of_value(std::size_t question, std::size_t axis, std::uint64_t value) {
  if (!known_[axis][value]) {
    const auto& free = grid_.axes()[axis];
    std::vector<Problem> problems;  // reported elsewhere
    const auto resolved = resolve(*free.schema, *value_of(*free.tree, value), free.path, problems);
    for (std::size_t i = 0; i < questions_[axis].size(); ++i) {
      note(questions_[axis][i], &resolved);
      numbers_[axis][i][value] = where_.operands()[questions_[axis][i]].of(&resolved);
    }
    known_[axis][value] = true;
  }
  return numbers_[axis][question][value];
}

void FilterEvaluator::note(std::size_t question, const nlohmann::json* value) {
  if (!value) return;
  seen_[question].held = true;
  seen_[question].fits |= has_type(where_.operands()[question].kind, *value);
}

void FilterEvaluator::check(std::vector<Problem>& problems) const {
  const std::vector<std::string> paths(paths_.begin(), paths_.end());
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    const auto& [kind, path, word] = where_.operands()[i];
    if (!seen_[i].held) {
      report(
          problems, where_.place(i),
          fmt::format(
              "where: no point has '{}'{}", path,
              suggestion(path, paths)
                  ? did_you_mean(path, paths)
                  : "; paths are those of the results, such as optimizer.lr, and text is written "
                    "in quotes, such as optimizer == \"sgd\""));
    } else if (!seen_[i].fits && kind == Operand::Kind::word) {
      report(problems, where_.place(i),
             fmt::format("where: {} is never text; compare it with a number without quotes", path));
    } else if (!seen_[i].fits) {
      report(problems, where_.place(i),
             fmt::format("where: {0} is never a number; compare it with text in quotes, as {0} == "
                         "\"...\"",
                         path));
    }
  }
}

}  // namespace descent::experiment
