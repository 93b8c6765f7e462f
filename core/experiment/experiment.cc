// SPDX-License-Identifier: MIT
#include "experiment/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "experiment/document/axis.h"
#include "experiment/experiment_impl.h"
#include "experiment/language/derived_defaults.h"
#include "experiment/language/language.h"
#include "experiment/schema/path.h"
#include "experiment/schema/resolve.h"

namespace descent::experiment {
namespace {

constexpr std::size_t most_texts = 4096;     // variants with a text that is kept
constexpr std::size_t most_problems = 1000;  // that are reported

bool is_override(const Place& place) { return place.file.starts_with("--set "); }

}  // namespace

void fail(std::vector<Problem> problems, const std::string& file) {
  const auto order = [&](const Problem& one) {
    const auto& place = one.place;
    return std::tuple(place.file != file, is_override(place), is_override(place) ? "" : place.file,
                      place.line, place.column);
  };
  std::ranges::stable_sort(problems, {}, order);
  std::set<std::string> seen;
  std::erase_if(problems, [&](const Problem& one) { return !seen.insert(one.line()).second; });
  if (problems.size() > most_problems) {
    const auto more = problems.size() - most_problems;
    problems.resize(most_problems);
    report(problems, {file, 0, 0}, fmt::format("has {} more problems", more));
  }
  throw Error(std::move(problems));
}

json identity_of(json resolved) {
  resolved.erase("experiment");
  resolved.erase("description");
  resolved.erase("prune");
  resolved.erase("stages");
  resolved.erase("report");
  resolved["replicates"].erase("count");
  resolved["train"].erase("timeout");
  resolved["train"].erase("memory");
  return resolved;
}

CanonicalText open_text(const json& identity, const PointRef& ref, const PointGrid& grid) {
  std::vector<std::pair<std::size_t, std::string>> free;
  for (const auto& value : ref.values)
    free.emplace_back(value.axis, grid.axes()[value.axis].resolved);
  return {identity, free};
}

Experiment::Experiment(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

json Experiment::Impl::resolved(const Tree& point, std::vector<Problem>& problems) const {
  auto resolved = resolve(schema, *point, "", problems);
  derive(resolved, *catalog);
  check_together(resolved, *point, *catalog, formulas, problems);
  return resolved;
}

// Empty: the value has a problem.
std::string Experiment::Impl::value_text(std::size_t axis, std::uint64_t value) const {
  if (value < texts[axis].size()) return texts[axis][value];
  const auto& free = grid.axes()[axis];
  std::vector<Problem> problems;
  const auto resolved = resolve(*free.schema, *value_of(*free.tree, value), free.path, problems);
  return problems.empty() ? resolved.dump() : "";
}

std::string Experiment::Impl::identity(const PointRef& ref, const CanonicalText& text) const {
  return text.with([&](std::size_t axis) {
    const auto value = std::ranges::find(ref.values, axis, &PointRef::Value::axis);
    return value_text(axis, value->value);
  });
}

const CanonicalText& Experiment::Impl::variant_text(const PointRef& ref) const {
  if (const auto found = identities.find(ref.variant); found != identities.end())
    return found->second;
  if (identities.size() == most_texts) identities.clear();
  const auto point = grid.pick(grid.index(ref.variant, good));
  std::vector<Problem> problems;
  const auto content = identity_of(resolved(point, problems));
  if (!problems.empty()) fail(problems, file);
  return identities.emplace(ref.variant, open_text(content, ref, grid)).first->second;
}

const std::string& Experiment::file() const { return impl_->file; }
const std::string& Experiment::name() const { return impl_->name; }
const std::string& Experiment::description() const { return impl_->description; }
const std::string& Experiment::source() const { return impl_->source; }
std::uint64_t Experiment::size() const { return impl_->subset.size(); }
std::uint64_t Experiment::failing() const { return impl_->failing; }
std::uint64_t Experiment::repeated() const { return impl_->repeated; }
const std::vector<std::string>& Experiment::swept() const { return impl_->swept; }
const std::optional<Stages>& Experiment::stages() const { return impl_->stages; }
const std::vector<ReportPicture>& Experiment::pictures() const { return impl_->pictures; }

std::uint64_t Experiment::variants() const { return impl_->subset.variants(); }

std::uint64_t Experiment::variant(std::uint64_t index) const {
  const auto& [grid, subset] = std::tie(impl_->grid, impl_->subset);
  return subset.variant(grid.ref(subset.index(index)));
}

std::uint64_t Experiment::variant_size(std::uint64_t variant) const {
  return impl_->subset.variant_size(variant);
}

std::uint64_t Experiment::member(std::uint64_t variant) const {
  return impl_->subset.first(variant, impl_->good);
}

std::vector<Experiment::FreeNumber> Experiment::free_numbers() const {
  std::vector<FreeNumber> found;
  for (std::size_t a = 0; a < impl_->grid.axes().size(); ++a) {
    const auto& axis = impl_->grid.axes()[a];
    const auto size = axis.size(), step = size <= most_checked ? 1 : size - 1;
    for (std::uint64_t v = 0; v < size; v += step) {
      const auto text = impl_->value_text(a, v);
      const auto value = text.empty() ? json() : json::parse(text);
      if (value.is_number())
        found.push_back({axis.resolved, value, value_of(*axis.tree, v)->place});
    }
  }
  return found;
}

std::string Experiment::identity(std::uint64_t index) const {
  const auto ref = impl_->grid.ref(impl_->subset.index(index));
  return impl_->identity(ref, impl_->variant_text(ref));
}

Place Experiment::place(std::uint64_t index, const std::string& path) const {
  return locate(*impl_->grid.pick(impl_->subset.index(index)), path).place;
}

Point Experiment::point(std::uint64_t index) const {
  if (index >= size())
    throw Error({file(), 0, 0}, fmt::format("has {} points; there is no point {}", size(), index));
  std::vector<Problem> problems;
  const auto tree = impl_->grid.pick(impl_->subset.index(index));
  const auto resolved = impl_->resolved(tree, problems);
  if (!problems.empty()) fail(problems, file());
  const auto folder = std::filesystem::path(file()).parent_path();
  return {settings_of(resolved, folder, *impl_->catalog), identity_of(resolved)};
}

}  // namespace descent::experiment
