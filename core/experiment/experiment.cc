// SPDX-License-Identifier: MIT
#include "experiment/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>

#include "base/hash.h"
#include "experiment/answers.h"
#include "experiment/axis.h"
#include "experiment/checks.h"
#include "experiment/completed.h"
#include "experiment/derive.h"
#include "experiment/draws.h"
#include "experiment/families.h"
#include "experiment/identity.h"
#include "experiment/include.h"
#include "experiment/language.h"
#include "experiment/override.h"
#include "experiment/selection.h"
#include "experiment/settings.h"
#include "experiment/settle.h"
#include "experiment/stage_trees.h"
#include "experiment/star.h"
#include "experiment/sweep.h"
#include "experiment/text_file.h"
#include "experiment/union.h"
#include "experiment/where.h"
#include "experiment/written.h"
#include "experiment/yaml_text.h"
#include "experiment/zip.h"

namespace descent {

using namespace yaml;
using nlohmann::json;
namespace fs = std::filesystem;

struct Experiment::Content {
  std::string file, source, name, description;
  const Catalog* catalog = nullptr;
  Shape shape;
  Tree untuned, tree;            // without and with what stages.tune says
  std::vector<Entry> file_keys;  // keys of the file that its points do not have
  std::optional<Stages> stages;
  Where where;
  Families families;
  Selection selection;
  std::uint64_t failing = 0, repeated = 0;  // points that are not planned
  std::vector<bool> differs;                // of each free axis: whether its values do
  std::vector<std::uint64_t> good;          // of each free axis: the first value without a problem
  std::vector<std::vector<std::string>> texts;  // of each free axis: its first values, settled
  std::vector<std::string> swept;
  mutable std::unordered_map<std::uint64_t, IdentityText> identities;  // of families met lately
  mutable Formulas formulas;

  void check_axes(std::vector<Problem>& problems);
  void select(std::vector<Problem>& problems);
  bool select_some(Repeats& repeats, std::vector<Problem>& problems);
  void compare_values(const Member& member, std::vector<std::optional<std::uint64_t>>& first);
  void check_points(std::vector<Problem>& problems);  // and learns what differs between them
  void check_stages(std::vector<Problem>& problems);  // and learns what they are
  Tree rerun(const std::vector<std::uint64_t>& points, std::vector<Problem>& problems) const {
    std::vector<std::uint64_t> indices;
    for (const auto point : points) indices.push_back(selection.index(point));
    return rerun_tree(untuned, shape, *stages, name, indices, problems);
  }
  void check_all_differ(const std::vector<std::optional<IdentityText>>& texts_of_families,
                        std::vector<Problem>& problems) const;

  json settled(const Tree& point, std::vector<Problem>& problems) const {
    auto settled = settle(shape, *point, "", problems);
    derive(settled);
    check_together(settled, *point, *catalog, formulas, problems);
    return settled;
  }

  std::string value_text(std::size_t axis, std::uint64_t value) const;
  std::string identity(const Member& member, const IdentityText& text) const;
  const IdentityText& family_text(const Member& member) const;
};

namespace {

// As many families, values of an axis or points of a grid are looked at one by one by read().
constexpr std::uint64_t most_checked = 20'000;
constexpr std::size_t most_texts = 4096;  // families whose text is kept

constexpr std::size_t most_problems = 1000;  // that are told

bool is_override(const Place& place) { return place.file.starts_with("--set "); }

// In the order of the file, then of those it includes, overrides last, each once.
[[noreturn]] void fail(std::vector<Problem> problems, const std::string& file) {
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

// What makes a point's identity: its content without the experiment's names, and without the keys
// that change neither what a replicate computes nor what is stored of it.
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

bool is_name(const std::string& text) {
  const auto letter = [](char c) { return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9'); };
  return !text.empty() && letter(text[0]) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || c == '-'; });
}

// The first value in which two points of one grid differ.
std::pair<const Node*, const Node*> difference(const Node& a, const Node& b) {
  if (&a == &b || (a.spaced && b.spaced && a.text == b.text)) return {nullptr, nullptr};
  if (a.items.size() != b.items.size() || a.entries.size() != b.entries.size()) return {&a, &b};
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (const auto found = difference(*a.items[i], *b.items[i]); found.first) return found;
  for (std::size_t i = 0; i < a.entries.size(); ++i) {
    if (a.entries[i].key != b.entries[i].key) return {&a, &b};
    if (const auto found = difference(*a.entries[i].value, *b.entries[i].value); found.first)
      return found;
  }
  if (a.kind == Node::Kind::scalar || a.kind != b.kind) return {&a, &b};
  return {nullptr, nullptr};
}

std::string shown(const Node& node) {
  if (node.kind == Node::Kind::scalar) return node.text;
  if (node.entries.size() == 1) return node.entries.front().key + ": ...";
  return found(node);
}

// Finds values that stand twice, each told by its text.
class Repetitions {
 public:
  // node gives the value, or the point, of a number.
  Repetitions(std::function<Tree(std::uint64_t)> node, std::vector<Problem>& problems)
      : node_(std::move(node)), problems_(problems) {}

  void add(std::uint64_t number, const std::string& text) {
    const auto [before, is_new] = seen_.emplace(hash64(text), number);
    if (!is_new) repeated(*node_(before->second), *node_(number));
  }

 private:
  void repeated(const Node& before, const Node& value) {
    const auto [a, b] = difference(before, value);
    if (!a) return report(problems_, value.place, "the grid names the same point twice");
    const auto a_text = shown(*a), b_text = shown(*b);
    report(problems_, b->place,
           a_text == b_text
               ? fmt::format("the grid names the value {} twice", b_text)
               : fmt::format("the grid values {} and {} settle to the same point", a_text, b_text));
  }

  std::function<Tree(std::uint64_t)> node_;
  std::vector<Problem>& problems_;
  std::unordered_map<std::uint64_t, std::uint64_t> seen_;
};

// The text of a family's configurations, of which identity is the member's.
IdentityText open_text(const json& identity, const Member& member, const Families& families) {
  std::vector<std::pair<std::size_t, std::string>> free;
  for (const auto& value : member.values)
    free.emplace_back(value.axis, families.axes()[value.axis].settled);
  return {identity, free};
}

// The name must be one and a name. False when it varies.
bool check_names(const Node& tree, std::vector<Problem>& problems) {
  bool same = true;
  for (const auto& block : tree.items) same &= check_names(*block, problems);
  for (const auto* key : {"experiment", "description"})
    if (const auto* entry = tree.find(key); entry && entry->value->varies) {
      same = false;
      report(problems, entry->value->place, fmt::format("{} cannot be an axis", key));
    }
  const auto* name = tree.find("experiment");
  if (name && name->value->kind == Node::Kind::scalar && !is_name(name->value->text))
    report(problems, name->value->place,
           fmt::format("experiment: '{}' is not a name; use lower-case letters, "
                       "digits and -, as in `linear-regression`",
                       name->value->text));
  return same;
}

// Whether an override is of what makes the points of the file, such as its union, and not of a key
// that every point has.
bool is_of_file(const std::string& override_text, const Shape& shape) {
  return !shape.find(overridden_key(override_text));
}

// What a file says of its points and no point keeps.
std::vector<Entry> sweep_keys(const Tree& file) {
  std::vector<Entry> found;
  for (auto& key : without_keys(file, {"draws", "sampler", "where"}).keys)
    if (key) found.push_back(std::move(*key));
  return found;
}

// The tree of a file with what it includes and its overrides; throws when there is none to speak
// of.
Document read_tree(const std::string& file, const std::string& source, const Shape& shape,
                   const std::vector<std::string>& overrides, std::vector<Problem>& problems) {
  auto document = read_document(file, source, shape, overrides, problems);
  auto& tree = document.tree;
  if (!tree) fail(problems, file);
  auto file_shape = shape;
  file_shape.keys.push_back(optional("union", list(shape), nullptr, ""));
  file_shape.keys.push_back(optional("draws", whole(1, double(most_draws)), nullptr, ""));
  file_shape.keys.push_back(optional("sampler", text(), nullptr, ""));
  file_shape.keys.push_back(optional("where", one_or_list(text()), nullptr, ""));
  for (const auto& one : overrides)
    if (is_of_file(one, shape) && !is_of_document(one))
      tree = with_override(tree, file_shape, one, problems);
  tree = with_union(tree, shape, problems);
  for (const auto& one : overrides)
    if (!is_of_file(one, shape)) tree = with_override(tree, shape, one, problems);
  if (tree->size > largest_tree || tree->depth > deepest_tree) {
    report(problems, {file, 0, 0},
           fmt::format("holds more than {} values or {} levels of them, all written out",
                       largest_tree, deepest_tree));
    fail(problems, file);
  }
  return document;
}

}  // namespace

Experiment::Experiment(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

Experiment Experiment::read(const std::string& file, const std::vector<std::string>& overrides,
                            const Catalog& catalog) {
  std::string objection;
  const auto text = read_text(file, objection);
  if (!text) throw Error({file, 0, 0}, objection);
  return parse(file, *text, overrides, catalog);
}

Experiment Experiment::parse(const std::string& file, const std::string& source,
                             const std::vector<std::string>& overrides, const Catalog& catalog) {
  std::vector<Problem> problems;
  auto content = std::make_shared<Content>();
  content->file = file;
  content->catalog = &catalog;
  content->shape = experiment_shape(catalog);
  auto document = read_tree(file, source, content->shape, overrides, problems);
  content->source = std::move(document.source);
  content->file_keys = sweep_keys(document.tree);
  auto [without_where, keys] =
      without_keys(with_draws(document.tree, content->shape, problems), {"where"});
  content->untuned = std::move(without_where);
  content->tree = tuned(content->untuned, content->shape, problems);
  if (keys[0]) content->where = Where(*keys[0]->value, problems);
  const auto& tree = content->tree;
  const auto before = problems.size();
  check_zips(tree, content->shape, problems);
  if (problems.size() > before) fail(problems, file);
  content->families = Families(tree, content->shape);
  const bool one_name = check_names(*tree, problems);
  const bool countable = content->families.points() < too_many;
  if (!countable) report(problems, {file, 0, 0}, "the grid has 10^12 points or more");
  if (!one_name || !countable) fail(problems, file);
  content->check_axes(problems);
  content->select(problems);
  content->check_points(problems);
  if (problems.empty()) content->check_stages(problems);
  if (!problems.empty()) fail(problems, file);
  return Experiment(std::move(content));
}

std::vector<std::string> Experiment::files(const std::string& file,
                                           const std::vector<std::string>& overrides) {
  std::string objection;
  const auto text = read_text(file, objection);
  if (!text) return {file};
  std::vector<Problem> not_told;
  return read_document(file, *text, map("", {}), overrides, not_told).files;
}

Experiment Experiment::rerun(const std::vector<std::uint64_t>& points) const {
  std::vector<Problem> problems;
  auto content = std::make_shared<Content>();
  content->file = file();
  content->source = source();
  content->catalog = content_->catalog;
  content->shape = experiment_shape(*content_->catalog);
  content->untuned = content->tree = content_->rerun(points, problems);
  content->families = Families(content->tree, content->shape);
  content->check_axes(problems);
  content->select(problems);
  content->check_points(problems);
  if (!problems.empty()) fail(problems, file());
  content->swept = swept();  // also what all the chosen points have in common
  return Experiment(std::move(content));
}

// One point stands for all: the rerun differs from the grid in replicates alone.
void Experiment::Content::check_stages(std::vector<Problem>& problems) {
  stages = stages_of(settled(families.pick(selection.index(0)), problems), *tree, swept, problems);
  if (!stages || !problems.empty()) return;
  settled(rerun({0}, problems)->items.front(), problems);
}

// Every value of every free axis, by itself. Of a space longer than most_checked first most_steps
// values, ends included: what is between two numbers in range is in range, but whether it is whole
// has to be looked at.
void Experiment::Content::check_axes(std::vector<Problem>& problems) {
  for (const auto& axis : families.axes()) {
    const auto size = axis.size(), seen = size <= most_checked ? size : most_steps;
    const auto settled_value = [&](std::uint64_t i) {
      return settle(*axis.shape, *value_of(*axis.tree, i), axis.path, problems);
    };
    const auto before = problems.size();
    Repetitions repetitions([&](std::uint64_t i) { return value_of(*axis.tree, i); }, problems);
    auto& kept = texts.emplace_back();
    auto& first = good.emplace_back(0);
    differs.push_back(false);
    json first_value;
    for (std::uint64_t i = 0; i < seen; ++i) {
      const auto number = seen < size ? i * (size - 1) / (seen - 1) : i;
      const auto value = settled_value(number);
      if (seen == size) kept.push_back(value.is_null() ? "" : value.dump());
      if (value.is_null()) continue;
      if (first_value.is_null()) first = number, first_value = value;
      if (value != first_value) differs.back() = true;
      if (!is_zipped(*axis.tree)) repetitions.add(number, value.dump());
    }
    if (seen == size || axis.shape->kind == Shape::Kind::number) continue;
    for (std::uint64_t i = 0; i < size && problems.size() == before; ++i) settled_value(i);
  }
}

// Which points are planned.
void Experiment::Content::select(std::vector<Problem>& problems) {
  selection = Selection(families);
  Repeats repeats(families);
  if (where.empty() && !repeats.any()) return;
  if (families.points() > most_selected_from)
    return report(problems, where.empty() ? Place{file, 0, 0} : where.place(0),
                  fmt::format("the grid has {} points, more than the {} that are looked at one by "
                              "one for `where` and for draws that repeat",
                              families.points(), most_selected_from));
  const auto before = problems.size();
  if (select_some(repeats, problems) || problems.size() > before) return;
  report(problems, where.place(0),
         fmt::format("where: none of the {} points meets it", families.points()));
}

// False when none is left.
bool Experiment::Content::select_some(Repeats& repeats, std::vector<Problem>& problems) {
  Answers answers(where, families, [&](std::uint64_t index) {
    auto settled = settle(shape, *families.pick(index), "", problems);
    derive(settled);
    return settled;
  });
  differs.assign(families.axes().size(), false);
  std::vector<std::optional<std::uint64_t>> first(families.axes().size());
  auto some = Selection(families, [&](std::uint64_t index, const Member& member) {
    if (repeats.any() && repeats.is_repeat(index)) return ++repeated, false;
    if (!where.empty() && !where.holds(answers.of(index, member))) return ++failing, false;
    compare_values(member, first);
    return true;
  });
  answers.check(problems);
  if (some.size() == 0) return false;
  selection = std::move(some);
  return true;
}

void Experiment::Content::compare_values(const Member& member,
                                         std::vector<std::optional<std::uint64_t>>& first) {
  for (const auto& [axis, value] : member.values)
    if (!first[axis])
      first[axis] = value;
    else if (!differs[axis] && *first[axis] != value)
      differs[axis] = value_text(axis, *first[axis]) != value_text(axis, value);
}

// A point of every family; where there are too many, points in which every choice occurs: then it
// is the plan that meets the others. Points that settle to the same are looked for in the whole
// grid if it is small, else among the values of each axis.
void Experiment::Content::check_points(std::vector<Problem>& problems) {
  Sweep sweep;
  for (std::size_t axis = 0; axis < differs.size(); ++axis)
    if (differs[axis]) sweep.differs(families.axes()[axis].settled);
  const bool small = selection.size() <= most_checked;
  const bool every = selection.families() <= most_checked;
  auto star = every ? std::vector<std::uint64_t>() : families.star();
  std::erase_if(star, [&](std::uint64_t index) { return !selection.keeps(index); });
  const auto checked = every ? selection.families() : star.size();
  const auto chosen = [&](std::uint64_t i) {
    return every ? selection.index(selection.first(i, good)) : star[i];
  };
  const auto chosen_point = [&](std::uint64_t i) { return families.pick(chosen(i)); };
  Repetitions repetitions(chosen_point, problems);
  std::vector<std::optional<IdentityText>> texts_of_families(small ? checked : 0);
  for (std::uint64_t i = 0; i < checked; ++i) {
    const auto before = problems.size();
    const auto configuration = settled(chosen_point(i), problems);
    if (problems.size() > before) continue;
    const auto content = identity_of(configuration);
    sweep.add(content);
    name = configuration["experiment"];
    description = configuration["description"];
    if (small)
      texts_of_families[i] = open_text(content, families.member(chosen(i)), families);
    else
      repetitions.add(i, content.dump());
  }
  if (small) check_all_differ(texts_of_families, problems);
  swept = sweep.paths(*tree);
}

void Experiment::Content::check_all_differ(
    const std::vector<std::optional<IdentityText>>& texts_of_families,
    std::vector<Problem>& problems) const {
  const auto point = [&](std::uint64_t i) { return families.pick(selection.index(i)); };
  Repetitions repetitions(point, problems);
  for (std::uint64_t i = 0; i < selection.size(); ++i) {
    const auto member = families.member(selection.index(i));
    const auto& text = texts_of_families[selection.family(member)];
    const bool good_values = std::ranges::none_of(
        member.values, [&](auto& one) { return value_text(one.axis, one.value).empty(); });
    if (text && good_values) repetitions.add(i, identity(member, *text));
  }
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

// What all points settle to, as far as they agree; nothing where there are too many kinds of points
// to ask.
json Experiment::agreed() const {
  json all;
  if (families() > most_checked) return all;
  for (std::uint64_t family = 0; family < families(); ++family) {
    std::vector<Problem> none;
    const auto one =
        content_->settled(content_->families.pick(content_->selection.index(member(family))), none);
    all = family == 0 ? one : agreement(all, one);
  }
  return all;
}

// Blocks of a union are written whole, but for what names the experiment.
std::string Experiment::resolved() const {
  const auto tree = completed(content_->shape, content_->untuned, agreed());
  const auto with_sweep = [&](Node file) {
    file.entries.insert(file.entries.end(), content_->file_keys.begin(), content_->file_keys.end());
    return yaml_text(finished(std::move(file)));
  };
  if (tree->kind != Node::Kind::grid) return with_sweep(*tree);
  Node whole, blocks;
  whole.kind = Node::Kind::map;
  whole.place = blocks.place = tree->place;
  blocks.kind = Node::Kind::list;
  for (const auto& choice : tree->items) {
    Node block = *choice;
    const auto names = [](const Entry& entry) {
      return entry.key == "experiment" || entry.key == "description";
    };
    auto& entries = block.entries;
    const auto rest = std::stable_partition(entries.begin(), entries.end(), names);
    if (whole.entries.empty()) whole.entries.assign(entries.begin(), rest);
    entries.erase(entries.begin(), rest);
    blocks.items.push_back(finished(std::move(block)));
  }
  whole.entries.push_back({"union", tree->place, finished(std::move(blocks))});
  return with_sweep(std::move(whole));
}

std::string file_of(const std::string& name, const std::string& description,
                    const std::vector<json>& configurations, const Catalog& catalog) {
  const auto shape = experiment_shape(catalog);
  nlohmann::ordered_json file{{"experiment", name}, {"description", description}};
  for (const auto& configuration : configurations)
    file["union"].push_back(nlohmann::ordered_json(written(shape, configuration)));
  return file.dump(2) + '\n';
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

Point Experiment::point(std::uint64_t index) const {
  if (index >= size())
    throw Error({file(), 0, 0}, fmt::format("has {} points; there is no point {}", size(), index));
  std::vector<Problem> problems;
  const auto tree = content_->families.pick(content_->selection.index(index));
  const auto settled = content_->settled(tree, problems);
  if (!problems.empty()) fail(problems, file());
  const auto folder = fs::path(file()).parent_path();
  return {settings_of(settled, folder, *content_->catalog), identity_of(settled)};
}

}  // namespace descent
