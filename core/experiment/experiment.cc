// SPDX-License-Identifier: MIT
#include "experiment/experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unordered_map>

#include "base/hash.h"
#include "experiment/axis.h"
#include "experiment/checks.h"
#include "experiment/derive.h"
#include "experiment/language.h"
#include "experiment/override.h"
#include "experiment/settings.h"
#include "experiment/settle.h"
#include "experiment/sweep.h"
#include "experiment/union.h"

namespace descent {

using namespace yaml;
using nlohmann::json;
namespace fs = std::filesystem;

struct Experiment::Content {
  std::string file, source, name, description;
  const Catalog* catalog = nullptr;
  Shape shape;
  Tree tree;
  std::vector<std::string> swept;

  void check_points(std::vector<Problem>& problems);  // and learns what differs between them

  json settled(const Tree& point, Formulas& formulas, std::vector<Problem>& problems) const {
    auto settled = settle(shape, *point, "", problems);
    derive(settled);
    check_together(settled, *point, *catalog, formulas, problems);
    return settled;
  }
};

namespace {

// Every point of a grid up to this size is checked by read().
constexpr std::uint64_t most_checked = 20'000;

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
json identity(json settled) {
  settled.erase("experiment");
  settled.erase("description");
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

// Checks points as they come and remembers what the whole grid needs of them.
class Survey {
 public:
  explicit Survey(std::vector<Problem>& problems) : problems_(problems) {}

  void add(const Tree& point, const json& configuration) {
    sweep_.add(configuration);
    const auto [before, is_new] = points_.emplace(hash64(configuration.dump()), point);
    if (!is_new) repeated(*before->second, *point);
  }

  std::vector<std::string> swept(const Node& tree) const { return sweep_.paths(tree); }

 private:
  void repeated(const Node& before, const Node& point) {
    const auto [a, b] = difference(before, point);
    if (!a) return report(problems_, point.place, "the grid names the same point twice");
    const auto a_text = shown(*a), b_text = shown(*b);
    report(problems_, b->place,
           a_text == b_text
               ? fmt::format("the grid names the value {} twice", b_text)
               : fmt::format("the grid values {} and {} settle to the same point", a_text, b_text));
  }

  std::vector<Problem>& problems_;
  Sweep sweep_;
  std::unordered_map<std::uint64_t, Tree> points_;
};

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
  std::vector<Problem> problems;
  auto content = std::make_shared<Content>();
  content->file = file;
  content->source = read_file(file);
  content->catalog = &catalog;
  content->shape = experiment_shape(catalog);
  content->tree = read_tree(file, content->source, content->shape, overrides, problems);
  const auto& tree = content->tree;
  const bool one_name = check_names(*tree, problems);
  if (tree->count >= too_many) report(problems, {file, 0, 0}, "the grid has 10^12 points or more");
  if (!one_name || tree->count >= too_many) fail(problems, file);
  content->check_points(problems);
  if (!problems.empty()) fail(problems, file);
  return Experiment(std::move(content));
}

void Experiment::Content::check_points(std::vector<Problem>& problems) {
  Formulas formulas;
  Survey survey(problems);
  const bool every = tree->count <= most_checked;
  const auto checked = every ? tree->count : star_count(tree);
  for (std::uint64_t i = 0; i < checked; ++i) {
    const auto point = every ? pick(tree, i) : star(tree, i);
    const auto before = problems.size();
    const auto configuration = settled(point, formulas, problems);
    if (problems.size() > before) continue;
    survey.add(point, identity(configuration));
    name = configuration["experiment"];
    description = configuration["description"];
  }
  swept = survey.swept(*tree);
}

const std::string& Experiment::file() const { return content_->file; }
const std::string& Experiment::name() const { return content_->name; }
const std::string& Experiment::description() const { return content_->description; }
const std::string& Experiment::source() const { return content_->source; }
std::uint64_t Experiment::size() const { return content_->tree->count; }
const std::vector<std::string>& Experiment::swept() const { return content_->swept; }

Point Experiment::point(std::uint64_t index) const {
  if (index >= size())
    throw Error({file(), 0, 0}, fmt::format("has {} points; there is no point {}", size(), index));
  Formulas formulas;
  std::vector<Problem> problems;
  const auto settled = content_->settled(pick(content_->tree, index), formulas, problems);
  if (!problems.empty()) fail(problems, file());
  const auto folder = fs::path(file()).parent_path();
  return {settings_of(settled, folder, *content_->catalog), identity(settled)};
}

}  // namespace descent
