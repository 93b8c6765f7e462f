// SPDX-License-Identifier: MIT
// What read() looks at in a grid before any of it is planned: its values, which points there are,
// that no two are the same.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "base/hash.h"
#include "experiment/document/axis.h"
#include "experiment/experiment_impl.h"
#include "experiment/grid/filter_evaluator.h"
#include "experiment/grid/one_factor_design.h"
#include "experiment/grid/swept_paths.h"
#include "experiment/language/conflicts.h"
#include "experiment/language/derived_defaults.h"
#include "experiment/schema/resolve.h"

namespace descent::experiment {
namespace {

struct Difference {
  const Node *a = nullptr, *b = nullptr;  // null: there is none
  std::string path = {};
};

// The first value in which two points of one grid differ.
Difference difference(const Node& a, const Node& b) {
  if (&a == &b || (a.number && a.number == b.number)) return {};
  if (a.items.size() != b.items.size() || a.entries.size() != b.entries.size()) return {&a, &b};
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (auto found = difference(*a.items[i], *b.items[i]); found.a) return found;
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    if (a.entries[i].key != b.entries[i].key) return {&a, &b};
    const auto [of_a, of_b, path] = difference(*a.entries[i].value, *b.entries[i].value);
    if (of_a) return {of_a, of_b, path.empty() ? a.entries[i].key : a.entries[i].key + "." + path};
  }
  if (a.kind == Node::Kind::scalar || a.kind != b.kind) return {&a, &b};
  return {};
}

// What may differ without making another point (identity_of).
bool is_no_axis(const std::string& path) {
  return path == "replicates.count" || path == "train.timeout" || path == "train.memory";
}

std::string shown(const Node& node) {
  if (node.kind == Node::Kind::scalar) return node.text;
  if (node.entries.size() == 1) return node.entries.front().key + ": ...";
  return found(node);
}

// Finds values that occur twice, each identified by its text.
class Repetitions {
 public:
  // node gives the value, or the point, of a number.
  Repetitions(std::function<Tree(std::uint64_t)> node, std::vector<Problem>& problems)
      : node_(std::move(node)), problems_(problems) {}

  // The same of points, which a union, if the file's tree is one, has in blocks.
  Repetitions(std::function<Tree(std::uint64_t)> node, const Node& file,
              std::vector<Problem>& problems)
      : node_(std::move(node)), file_(&file), problems_(problems) {}

  void add(std::uint64_t number, const std::string& text) {
    const auto [before, is_new] = seen_.emplace(hash64(text), number);
    if (!is_new) repeated(*node_(before->second), *node_(number));
  }

 private:
  void repeated(const Node& before, const Node& value) {
    const auto first = block_of(before), second = block_of(value);
    if (first != second)
      return report(problems_, own_place(second, first),
                    fmt::format("union.{} gives the same point as union.{} ({}); change one of "
                                "these blocks, or leave it out",
                                second, first, own_place(first, second).text()));
    const auto [a, b, path] = difference(before, value);
    if (!a) return report(problems_, value.place, "the grid has the same point twice");
    const auto a_text = shown(*a), b_text = shown(*b);
    if (file_ && file_->kind == Node::Kind::grid && a_text == b_text)
      return report(problems_, place_of_union(b->place),
                    "two blocks of the union give the same point; change one of them, or leave it "
                    "out");
    if (is_no_axis(path) && a_text != b_text)
      return report(problems_, b->place,
                    fmt::format("{} is no axis: a point is the same with {} and with {}; give one "
                                "value",
                                path, a_text, b_text));
    report(problems_, b->place,
           a_text == b_text
               ? fmt::format("the grid has the value {} twice", b_text)
               : fmt::format("the grid values {} and {} give the same point", a_text, b_text));
  }

  // The position of the block that a point is of: its keys stand where the block's do. 0: of none.
  std::size_t block_of(const Node& point) const {
    if (!file_ || file_->kind != Node::Kind::grid) return 0;
    const auto same = [&](const Tree& block) {
      return std::ranges::equal(block->entries, point.entries, [](auto& a, auto& b) {
        return a.key == b.key && a.place == b.place;
      });
    };
    const auto found = std::ranges::find_if(file_->items, same);
    return found == file_->items.end() ? 0 : std::size_t(found - file_->items.begin());
  }

  // Blocks of an override all stand at one place.
  Place place_of_union(const Place& other) const {
    for (const auto& one : file_->items.front()->entries)
      if (one.place.file.starts_with("--set union")) return one.place;
    return other;
  }

  // Of the first key that stands in this block and not in the rest of the file.
  Place own_place(std::size_t block, std::size_t other) const {
    const auto& keys = file_->items[block]->entries;
    const auto& others = file_->items[other]->entries;
    for (const auto& one : keys)
      if (std::ranges::count(others, one.place, &Entry::place) == 0) return one.place;
    return file_->place;
  }

  std::function<Tree(std::uint64_t)> node_;
  const Node* file_ = nullptr;
  std::vector<Problem>& problems_;
  std::unordered_map<std::uint64_t, std::uint64_t> seen_;
};

}  // namespace

// Every value of every free axis, by itself. Of a space longer than most_checked first most_steps
// values, ends included: what is between two numbers in range is in range, but whether it is whole
// has to be looked at.
void Experiment::Impl::check_axes(std::vector<Problem>& problems) {
  for (const auto& axis : grid.axes()) {
    const auto size = axis.size(), seen = size <= most_checked ? size : most_steps;
    const auto resolved_value = [&](std::uint64_t i) {
      return resolve(*axis.schema, *value_of(*axis.tree, i), axis.path, problems);
    };
    const auto before = problems.size();
    Repetitions repetitions([&](std::uint64_t i) { return value_of(*axis.tree, i); }, problems);
    auto& kept = texts.emplace_back();
    auto& first = good.emplace_back(0);
    differs.push_back(false);
    json first_value;
    for (std::uint64_t i = 0; i < seen; ++i) {
      const auto number = seen < size ? i * (size - 1) / (seen - 1) : i;
      const auto value = resolved_value(number);
      if (seen == size) kept.push_back(value.is_null() ? "" : value.dump());
      if (value.is_null()) continue;
      if (first_value.is_null()) first = number, first_value = value;
      if (value != first_value) differs.back() = true;
      if (!is_zipped(*axis.tree)) repetitions.add(number, value.dump());
    }
    if (seen == size || axis.schema->kind == Schema::Kind::number) continue;
    for (std::uint64_t i = 0; i < size && problems.size() == before; ++i) resolved_value(i);
  }
}

// Which points are planned.
void Experiment::Impl::select(std::vector<Problem>& problems) {
  subset = PointSubset(grid);
  Repeats repeats(grid);
  if (where.empty() && !repeats.any()) return;
  if (grid.points() > most_selected_from)
    return report(problems, where.empty() ? Place{file, 0, 0} : where.place(),
                  fmt::format("the grid has {} points, more than the {} that can be checked one by "
                              "one for `where` and for draws that repeat",
                              grid.points(), most_selected_from));
  const auto before = problems.size();
  if (select_some(repeats, problems) || problems.size() > before) return;
  report(problems, where.place(),
         fmt::format("where: none of the {} points meets it", grid.points()));
}

// False when none is left.
bool Experiment::Impl::select_some(Repeats& repeats, std::vector<Problem>& problems) {
  FilterEvaluator answers(where, grid, [&](std::uint64_t index) {
    auto resolved = resolve(schema, *grid.pick(index), "", problems);
    derive(resolved, *catalog);
    return resolved;
  });
  differs.assign(grid.axes().size(), false);
  std::vector<std::optional<std::uint64_t>> first(grid.axes().size());
  auto some = PointSubset(grid, [&](std::uint64_t index, const PointRef& ref) {
    if (repeats.any() && repeats.is_repeat(index)) return ++repeated, false;
    if (!where.empty() && !where.holds(answers.of(index, ref))) return ++failing, false;
    compare_values(ref, first);
    return true;
  });
  answers.check(problems);
  if (some.size() == 0) return false;
  subset = std::move(some);
  return true;
}

void Experiment::Impl::compare_values(const PointRef& ref,
                                      std::vector<std::optional<std::uint64_t>>& first) {
  for (const auto& [axis, value] : ref.values)
    if (!first[axis])
      first[axis] = value;
    else if (!differs[axis] && *first[axis] != value)
      differs[axis] = value_text(axis, *first[axis]) != value_text(axis, value);
}

// A point of every variant; where there are too many, points in which every choice occurs: then it
// is the plan that meets the others. Points that resolve to the same are looked for in the whole
// grid if it is small, else among the values of each axis.
void Experiment::Impl::check_points(std::vector<Problem>& problems) {
  SweptPaths sweep;
  for (std::size_t axis = 0; axis < differs.size(); ++axis)
    if (differs[axis]) sweep.differs(grid.axes()[axis].resolved);
  const bool small = subset.size() <= most_checked;
  const bool every = subset.variants() <= most_checked;
  auto one_factor_design = every ? std::vector<std::uint64_t>() : grid.one_factor_design();
  std::erase_if(one_factor_design, [&](std::uint64_t index) { return !subset.keeps(index); });
  const auto checked = every ? subset.variants() : one_factor_design.size();
  const auto chosen = [&](std::uint64_t i) {
    return every ? subset.index(subset.first(i, good)) : one_factor_design[i];
  };
  const auto chosen_point = [&](std::uint64_t i) { return grid.pick(chosen(i)); };
  Repetitions repetitions(chosen_point, *tree, problems);
  std::vector<std::optional<CanonicalText>> texts_of_variants(small ? checked : 0);
  for (std::uint64_t i = 0; i < checked; ++i) {
    const auto before = problems.size();
    const auto configuration = resolved(chosen_point(i), problems);
    if (problems.size() > before) continue;
    check_free_values(chosen(i), configuration, problems);
    const auto content = identity_of(configuration);
    sweep.add(content);
    name = configuration["experiment"];
    description = configuration["description"];
    if (small)
      texts_of_variants[i] = open_text(content, grid.ref(chosen(i)), grid);
    else
      repetitions.add(i, content.dump());
  }
  if (small) check_all_differ(texts_of_variants, problems);
  swept = sweep.paths(*tree);
}

// Each value of a free axis together with the other values of this point. Conflicts between two
// free axes are found when the point is trained.
void Experiment::Impl::check_free_values(std::uint64_t index, const json& configuration,
                                         std::vector<Problem>& problems) const {
  const auto ref = grid.ref(index);
  auto chosen = good;
  for (const auto& one : ref.values) chosen[one.axis] = one.value;
  for (const auto& [axis, own] : ref.values) {
    const auto& path = grid.axes()[axis].resolved;
    const auto key = path.substr(path.rfind('.') + 1);
    for (auto& hyperparameters :
         hyperparameters_at(configuration, path.substr(0, path.rfind('.')), *catalog)) {
      const auto hyper = std::size_t(std::ranges::find(hyperparameters.names, key) -
                                     hyperparameters.names.begin());
      for (std::uint64_t i = 0; hyper < hyperparameters.names.size() && i < texts[axis].size();
           ++i) {
        if (texts[axis][i].empty()) continue;
        hyperparameters.values[hyper] = json::parse(texts[axis][i]).get<double>();
        if (hyperparameters.plugin.conflict(hyperparameters.values).empty()) continue;
        chosen[axis] = i;
        const auto point = grid.index(ref.variant, chosen);
        if (subset.keeps(point)) report_conflict(hyperparameters, *grid.pick(point), problems);
      }
    }
    chosen[axis] = own;
  }
}

void Experiment::Impl::check_all_differ(
    const std::vector<std::optional<CanonicalText>>& texts_of_variants,
    std::vector<Problem>& problems) const {
  const auto point = [&](std::uint64_t i) { return grid.pick(subset.index(i)); };
  Repetitions repetitions(point, *tree, problems);
  for (std::uint64_t i = 0; i < subset.size(); ++i) {
    const auto ref = grid.ref(subset.index(i));
    const auto& text = texts_of_variants[subset.variant(ref)];
    const bool good_values = std::ranges::none_of(
        ref.values, [&](auto& one) { return value_text(one.axis, one.value).empty(); });
    if (text && good_values) repetitions.add(i, identity(ref, *text));
  }
}

}  // namespace descent::experiment
