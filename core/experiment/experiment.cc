// SPDX-License-Identifier: MIT
#include "experiment/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <unordered_map>

#include "base/hash.h"
#include "experiment/axis.h"
#include "experiment/checks.h"
#include "experiment/derive.h"
#include "experiment/families.h"
#include "experiment/identity.h"
#include "experiment/language.h"
#include "experiment/override.h"
#include "experiment/settings.h"
#include "experiment/settle.h"
#include "experiment/stage_trees.h"
#include "experiment/sweep.h"
#include "experiment/union.h"
#include "experiment/written.h"

namespace descent {

using namespace yaml;
using nlohmann::json;
namespace fs = std::filesystem;

struct Experiment::Content {
  std::string file, source, name, description;
  const Catalog* catalog = nullptr;
  Shape shape;
  Tree untuned, tree;  // without and with what stages.tune says
  std::optional<Stages> stages;
  Families families;
  std::vector<std::uint64_t> good;  // of each free axis: the first value without a problem
  std::vector<std::vector<std::string>> texts;  // of each free axis: its first values, settled
  std::vector<std::string> swept;
  mutable std::unordered_map<std::uint64_t, IdentityText> identities;  // of families met lately
  mutable Formulas formulas;

  void check_axes(Sweep& sweep, std::vector<Problem>& problems);
  void check_points(std::vector<Problem>& problems);  // and learns what differs between them
  void check_stages(std::vector<Problem>& problems);  // and learns what they are
  Tree rerun(const std::vector<std::uint64_t>& points, std::vector<Problem>& problems) const {
    return rerun_tree(untuned, shape, *stages, name, points, problems);
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

std::string read_file(const std::string& file) {
  std::error_code unknown;
  if (fs::is_directory(file, unknown)) throw Error({file, 0, 0}, "is a folder, not a file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error({file, 0, 0}, fmt::format("cannot be read: {}", std::strerror(errno)));
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// In the order of the file, overrides last, each once.
[[noreturn]] void fail(std::vector<Problem> problems, const std::string& file) {
  const auto order = [&](const Problem& one) {
    return std::tuple(one.place.file != file, one.place.line, one.place.column);
  };
  std::ranges::stable_sort(problems, {}, order);
  std::vector<Problem> once;
  for (auto& one : problems)
    if (!std::ranges::count(once, one)) once.push_back(std::move(one));
  throw Error(std::move(once));
}

// What makes a point's identity: its content without the experiment's names, and without the keys
// that change neither what a replicate computes nor what is stored of it.
json identity_of(json settled) {
  settled.erase("experiment");
  settled.erase("description");
  settled.erase("stages");
  settled["replicates"].erase("count");
  settled["train"].erase("timeout");
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

// The tree of a file with its overrides; throws when there is none to speak of.
Tree read_tree(const std::string& file, const std::string& source, const Shape& shape,
               const std::vector<std::string>& overrides, std::vector<Problem>& problems) {
  auto tree = parse(source, {file}, problems);
  if (!tree) fail(problems, file);
  if (tree->kind == Node::Kind::nothing && problems.empty())
    throw Error({file, 0, 0}, "is empty; an experiment starts with `experiment: NAME`");
  if (tree->kind != Node::Kind::map) {
    report(problems, tree->place,
           "expected a map of keys such as `experiment: NAME`, found " + found(*tree));
    fail(problems, file);
  }
  tree = with_union(tree, shape, problems);
  for (const auto& one : overrides) tree = with_override(tree, shape, one, problems);
  return tree;
}

}  // namespace

Experiment::Experiment(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

Experiment Experiment::read(const std::string& file, const std::vector<std::string>& overrides,
                            const Catalog& catalog) {
  return parse(file, read_file(file), overrides, catalog);
}

Experiment Experiment::parse(const std::string& file, const std::string& source,
                             const std::vector<std::string>& overrides, const Catalog& catalog) {
  std::vector<Problem> problems;
  auto content = std::make_shared<Content>();
  content->file = file;
  content->source = source;
  content->catalog = &catalog;
  content->shape = experiment_shape(catalog);
  content->untuned = read_tree(file, content->source, content->shape, overrides, problems);
  content->tree = tuned(content->untuned, content->shape, problems);
  const auto& tree = content->tree;
  content->families = Families(tree, content->shape);
  const bool one_name = check_names(*tree, problems);
  if (tree->count >= too_many) report(problems, {file, 0, 0}, "the grid has 10^12 points or more");
  if (!one_name || tree->count >= too_many) fail(problems, file);
  content->check_points(problems);
  if (problems.empty()) content->check_stages(problems);
  if (!problems.empty()) fail(problems, file);
  return Experiment(std::move(content));
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
  content->check_points(problems);
  if (!problems.empty()) fail(problems, file());
  content->swept = swept();  // also what all the chosen points have in common
  return Experiment(std::move(content));
}

// One point stands for all: the rerun differs from the grid in replicates alone.
void Experiment::Content::check_stages(std::vector<Problem>& problems) {
  const auto one = families.index(0, good);
  stages = stages_of(settled(pick(tree, one), problems), *tree, swept, problems);
  if (!stages || !problems.empty()) return;
  settled(pick(rerun({one}, problems), 0), problems);
}

// Every value of every free axis, by itself. Of a space longer than most_checked first most_steps
// values, ends included: what is between two numbers in range is in range, but whether it is whole
// has to be looked at.
void Experiment::Content::check_axes(Sweep& sweep, std::vector<Problem>& problems) {
  for (const auto& axis : families.axes()) {
    const auto size = axis.size(), seen = size <= most_checked ? size : most_steps;
    const auto settled_value = [&](std::uint64_t i) {
      return settle(*axis.shape, *pick(axis.tree, i), axis.path, problems);
    };
    const auto before = problems.size();
    Repetitions repetitions([&](std::uint64_t i) { return pick(axis.tree, i); }, problems);
    auto& kept = texts.emplace_back();
    auto& first = good.emplace_back(0);
    json first_value;
    for (std::uint64_t i = 0; i < seen; ++i) {
      const auto number = seen < size ? i * (size - 1) / (seen - 1) : i;
      const auto value = settled_value(number);
      if (seen == size) kept.push_back(value.is_null() ? "" : value.dump());
      if (value.is_null()) continue;
      if (first_value.is_null()) first = number, first_value = value;
      if (value != first_value) sweep.differs(axis.settled);
      repetitions.add(number, value.dump());
    }
    if (seen == size || axis.shape->kind == Shape::Kind::number) continue;
    for (std::uint64_t i = 0; i < size && problems.size() == before; ++i) settled_value(i);
  }
}

// A point of every family; where there are too many, points in which every choice occurs: then it
// is the plan that meets the others. Points that settle to the same are looked for in the whole
// grid if it is small, else among the values of each axis.
void Experiment::Content::check_points(std::vector<Problem>& problems) {
  Sweep sweep;
  check_axes(sweep, problems);
  const bool small = tree->count <= most_checked, every = families.count() <= most_checked;
  const auto checked = every ? families.count() : star_count(tree);
  const auto chosen = [&](std::uint64_t i) {
    return every ? pick(tree, families.index(i, good)) : star(tree, i);
  };
  Repetitions repetitions(chosen, problems);
  std::vector<std::optional<IdentityText>> texts_of_families(small ? checked : 0);
  for (std::uint64_t i = 0; i < checked; ++i) {
    const auto point = chosen(i);
    const auto before = problems.size();
    const auto configuration = settled(point, problems);
    if (problems.size() > before) continue;
    const auto content = identity_of(configuration);
    sweep.add(content);
    name = configuration["experiment"];
    description = configuration["description"];
    if (small)
      texts_of_families[i] = open_text(content, families.member(families.index(i, good)), families);
    else
      repetitions.add(i, content.dump());
  }
  if (small) check_all_differ(texts_of_families, problems);
  swept = sweep.paths(*tree);
}

void Experiment::Content::check_all_differ(
    const std::vector<std::optional<IdentityText>>& texts_of_families,
    std::vector<Problem>& problems) const {
  Repetitions repetitions([&](std::uint64_t i) { return pick(tree, i); }, problems);
  for (std::uint64_t i = 0; i < tree->count; ++i) {
    const auto member = families.member(i);
    const auto& text = texts_of_families[member.family];
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
  const auto settled = settle(*free.shape, *pick(free.tree, value), free.path, problems);
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
  const auto point = pick(tree, families.index(member.family, good));
  std::vector<Problem> problems;
  const auto content = identity_of(settled(point, problems));
  if (!problems.empty()) fail(problems, file);
  return identities.emplace(member.family, open_text(content, member, families)).first->second;
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
std::uint64_t Experiment::size() const { return content_->tree->count; }
const std::vector<std::string>& Experiment::swept() const { return content_->swept; }
const std::optional<Stages>& Experiment::stages() const { return content_->stages; }

std::uint64_t Experiment::families() const { return content_->families.count(); }

std::uint64_t Experiment::family(std::uint64_t index) const {
  return content_->families.member(index).family;
}

std::uint64_t Experiment::family_size(std::uint64_t family) const {
  return content_->families.size(family);
}

std::uint64_t Experiment::member(std::uint64_t family) const {
  return content_->families.index(family, content_->good);
}

std::string Experiment::identity(std::uint64_t index) const {
  const auto member = content_->families.member(index);
  return content_->identity(member, content_->family_text(member));
}

Point Experiment::point(std::uint64_t index) const {
  if (index >= size())
    throw Error({file(), 0, 0}, fmt::format("has {} points; there is no point {}", size(), index));
  std::vector<Problem> problems;
  const auto settled = content_->settled(pick(content_->tree, index), problems);
  if (!problems.empty()) fail(problems, file());
  const auto folder = fs::path(file()).parent_path();
  return {settings_of(settled, folder, *content_->catalog), identity_of(settled)};
}

}  // namespace descent
