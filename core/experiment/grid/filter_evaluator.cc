// SPDX-License-Identifier: MIT
#include "experiment/grid/filter_evaluator.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/suggestion.h"
#include "experiment/document/axis.h"
#include "experiment/schema/path.h"
#include "experiment/schema/resolve.h"

namespace descent::yaml {
namespace {

constexpr std::size_t most_met = 100'000;  // families whose answers are kept
constexpr std::size_t most_paths = 10'000;

bool has_type(Asked::Kind kind, const nlohmann::json& value) {
  if (kind == Asked::Kind::has) return true;
  return kind == Asked::Kind::word ? value.is_string() : value.is_number() || value.is_boolean();
}

}  // namespace

Answers::Answers(const Where& where, const Families& families, Settled settled)
    : where_(where), families_(families), settled_(std::move(settled)) {
  const auto& asked = where.asked();
  heard_.resize(asked.size());
  for (const auto& axis : families.axes()) {
    auto& own = questions_.emplace_back();
    for (std::size_t i = 0; i < asked.size(); ++i)
      if (asked[i].path == axis.settled) own.push_back(i);
    const auto values = own.empty() ? 0 : axis.size();
    numbers_.emplace_back(own.size(), std::vector<double>(values));
    known_.emplace_back(values);
  }
}

const std::vector<double>& Answers::of(std::uint64_t index, const Member& member) {
  answers_ = of_family(index, member.family);
  for (const auto& [axis, value] : member.values)
    for (std::size_t i = 0; i < questions_[axis].size(); ++i)
      answers_[questions_[axis][i]] = of_value(i, axis, value);
  return answers_;
}

const std::vector<double>& Answers::of_family(std::uint64_t index, std::uint64_t family) {
  if (const auto met = families_met_.find(family); met != families_met_.end()) return met->second;
  if (families_met_.size() == most_met) families_met_.clear();
  const auto all = leaves(settled_(index));
  std::vector<double> answers;
  for (std::size_t i = 0; i < where_.asked().size(); ++i) {
    const auto& asked = where_.asked()[i];
    const auto leaf =
        std::ranges::lower_bound(all, asked.path, {}, [](auto& one) { return one.first; });
    const auto* value = leaf != all.end() && leaf->first == asked.path ? &leaf->second : nullptr;
    hear(i, value);
    answers.push_back(asked.of(value));
  }
  for (const auto& [path, value] : all)
    if (paths_.size() < most_paths) paths_.insert(path);
  return families_met_.emplace(family, std::move(answers)).first->second;
}

double Answers::of_value(std::size_t question, std::size_t axis, std::uint64_t value) {
  if (!known_[axis][value]) {
    const auto& free = families_.axes()[axis];
    std::vector<Problem> problems;  // told of elsewhere
    const auto settled = settle(*free.shape, *value_of(*free.tree, value), free.path, problems);
    for (std::size_t i = 0; i < questions_[axis].size(); ++i) {
      hear(questions_[axis][i], &settled);
      numbers_[axis][i][value] = where_.asked()[questions_[axis][i]].of(&settled);
    }
    known_[axis][value] = true;
  }
  return numbers_[axis][question][value];
}

void Answers::hear(std::size_t question, const nlohmann::json* value) {
  if (!value) return;
  heard_[question].held = true;
  heard_[question].fits |= has_type(where_.asked()[question].kind, *value);
}

void Answers::check(std::vector<Problem>& problems) const {
  const std::vector<std::string> paths(paths_.begin(), paths_.end());
  for (std::size_t i = 0; i < heard_.size(); ++i) {
    const auto& [kind, path, word] = where_.asked()[i];
    if (!heard_[i].held) {
      report(problems, where_.place(i),
             fmt::format("where: no point has '{}'{}", path,
                         suggestion(path, paths)
                             ? did_you_mean(path, paths)
                             : "; paths are those of the results, as optimizer.lr, and text is written "
                               "in quotes, as optimizer == \"sgd\""));
    } else if (!heard_[i].fits && kind == Asked::Kind::word) {
      report(problems, where_.place(i),
             fmt::format("where: {} is never text; compare it with a number without quotes", path));
    } else if (!heard_[i].fits) {
      report(problems, where_.place(i),
             fmt::format("where: {0} is never a number; compare it with text in quotes, as {0} == "
                         "\"...\"",
                         path));
    }
  }
}

}  // namespace descent::yaml
