// SPDX-License-Identifier: MIT
#include "experiment/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "experiment/document/axis.h"
#include "experiment/experiment_impl.h"
#include "experiment/language/derived_defaults.h"
#include "experiment/language/settings.h"
#include "experiment/schema/path.h"
#include "experiment/schema/resolve.h"

namespace descent {
namespace {

constexpr std::size_t most_texts = 4096;     // families whose text is kept
constexpr std::size_t most_problems = 1000;  // that are told

bool is_override(const Place& place) { return place.file.starts_with("--set "); }

}  // namespace

void fail(std::vector<Problem> problems, const std::string& file) {
  const auto order = [&](const Problem& one) {
    const auto& place = one.place;
    return std::tuple(place.file != file, is_override(place), is_override(place) ? "" : place.file,
                      place.line, place.column);
  };
  std::ranges::stable_sort(problems, {}, order);
  std::set<std::string> told;
  std::erase_if(problems, [&](const Problem& one) { return !told.insert(one.line()).second; });
  if (problems.size() > most_problems) {
    const auto more = problems.size() - most_problems;
    problems.resize(most_problems);
    report(problems, {file, 0, 0}, fmt::format("has {} more problems", more));
  }
  throw Error(std::move(problems));
}

json identity_of(json settled) {
  settled.erase("experiment");
  settled.erase("description");
  settled.erase("prune");
  settled.erase("stages");
  settled["replicates"].erase("count");
  settled["train"].erase("timeout");
  settled["train"].erase("memory");
  return settled;
}

IdentityText open_text(const json& identity, const Member& member, const Families& families) {
  std::vector<std::pair<std::size_t, std::string>> free;
  for (const auto& value : member.values)
    free.emplace_back(value.axis, families.axes()[value.axis].settled);
  return {identity, free};
}

Experiment::Experiment(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

json Experiment::Content::settled(const Tree& point, std::vector<Problem>& problems) const {
  auto settled = settle(shape, *point, "", problems);
  derive(settled);
  check_together(settled, *point, *catalog, formulas, problems);
  return settled;
}

// Empty: the value has a problem.
std::string Experiment::Content::value_text(std::size_t axis, std::uint64_t value) const {
  if (value < texts[axis].size()) return texts[axis][value];
  const auto& free = families.axes()[axis];
  std::vector<Problem> problems;
  const auto settled = settle(*free.shape, *value_of(*free.tree, value), free.path, problems);
  return problems.empty() ? settled.dump() : "";
}

std::string Experiment::Content::identity(const Member& member, const IdentityText& text) const {
  return text.with([&](std::size_t axis) {
    const auto value = std::ranges::find(member.values, axis, &Member::Value::axis);
    return value_text(axis, value->value);
  });
}

const IdentityText& Experiment::Content::family_text(const Member& member) const {
  if (const auto found = identities.find(member.family); found != identities.end())
    return found->second;
  if (identities.size() == most_texts) identities.clear();
  const auto point = families.pick(families.index(member.family, good));
  std::vector<Problem> problems;
  const auto content = identity_of(settled(point, problems));
  if (!problems.empty()) fail(problems, file);
  return identities.emplace(member.family, open_text(content, member, families)).first->second;
}

const std::string& Experiment::file() const { return content_->file; }
const std::string& Experiment::name() const { return content_->name; }
const std::string& Experiment::description() const { return content_->description; }
const std::string& Experiment::source() const { return content_->source; }
std::uint64_t Experiment::size() const { return content_->selection.size(); }
std::uint64_t Experiment::failing() const { return content_->failing; }
std::uint64_t Experiment::repeated() const { return content_->repeated; }
const std::vector<std::string>& Experiment::swept() const { return content_->swept; }
const std::optional<Stages>& Experiment::stages() const { return content_->stages; }

std::uint64_t Experiment::families() const { return content_->selection.families(); }

std::uint64_t Experiment::family(std::uint64_t index) const {
  const auto& [families, selection] = std::tie(content_->families, content_->selection);
  return selection.family(families.member(selection.index(index)));
}

std::uint64_t Experiment::family_size(std::uint64_t family) const {
  return content_->selection.family_size(family);
}

std::uint64_t Experiment::member(std::uint64_t family) const {
  return content_->selection.first(family, content_->good);
}

std::string Experiment::identity(std::uint64_t index) const {
  const auto member = content_->families.member(content_->selection.index(index));
  return content_->identity(member, content_->family_text(member));
}

Place Experiment::place(std::uint64_t index, const std::string& path) const {
  return locate(*content_->families.pick(content_->selection.index(index)), path).place;
}

Point Experiment::point(std::uint64_t index) const {
  if (index >= size())
    throw Error({file(), 0, 0}, fmt::format("has {} points; there is no point {}", size(), index));
  std::vector<Problem> problems;
  const auto tree = content_->families.pick(content_->selection.index(index));
  const auto settled = content_->settled(tree, problems);
  if (!problems.empty()) fail(problems, file());
  const auto folder = std::filesystem::path(file()).parent_path();
  return {settings_of(settled, folder, *content_->catalog), identity_of(settled)};
}

}  // namespace descent
