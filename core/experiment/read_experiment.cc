// SPDX-License-Identifier: MIT
// From the text of a file, with what it includes and its overrides, to an experiment.
#include <fmt/format.h>

#include <algorithm>

#include "experiment/experiment_impl.h"
#include "experiment/grid/random_axis.h"
#include "experiment/grid/zip.h"
#include "experiment/language/language.h"
#include "experiment/language/stage_trees.h"
#include "experiment/source/include.h"
#include "experiment/source/override.h"
#include "experiment/source/read_text.h"
#include "experiment/source/union.h"

namespace descent::experiment {
namespace {

bool is_name(const std::string& text) {
  const auto letter = [](char c) { return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9'); };
  return !text.empty() && letter(text[0]) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || c == '-'; });
}

// The name must be one and a name. False when it varies.
bool check_names(const Node& tree, std::vector<Problem>& problems) {
  bool same = true;
  for (const auto& block : tree.items) same &= check_names(*block, problems);
  for (const auto* key : {"experiment", "description", "report"})
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
bool is_of_file(const std::string& override_text, const Schema& schema) {
  return !schema.find(overridden_key(override_text));
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
Document read_tree(const std::string& file, const std::string& source, const Schema& schema,
                   const std::vector<std::string>& overrides, std::vector<Problem>& problems) {
  auto document = read_document(file, source, schema, overrides, problems);
  auto& tree = document.tree;
  // What is missing of an included file would be reported as missing keys.
  if (!tree || !document.is_whole) fail(problems, file);
  auto file_schema = schema;
  file_schema.keys.push_back(optional("union", list(schema), nullptr, ""));
  file_schema.keys.push_back(optional("draws", whole(1, double(most_draws)), nullptr, ""));
  file_schema.keys.push_back(optional("sampler", text(), nullptr, ""));
  file_schema.keys.push_back(optional("where", one_or_list(text()), nullptr, ""));
  for (const auto& one : overrides)
    if (is_of_file(one, schema) && !is_of_document(one))
      tree = with_override(tree, file_schema, one, problems);
  tree = with_union(tree, schema, problems);
  for (const auto& one : overrides)
    if (!is_of_file(one, schema)) tree = with_override(tree, schema, one, problems);
  if (tree->size > largest_tree || tree->depth > deepest_tree) {
    report(problems, {file, 0, 0},
           fmt::format("has more than {} values or {} levels after aliases are expanded",
                       largest_tree, deepest_tree));
    fail(problems, file);
  }
  return document;
}

}  // namespace

Experiment Experiment::read(const std::string& file, const std::vector<std::string>& overrides,
                            const host::Catalog& catalog) {
  std::string objection;
  const auto text = read_text(file, objection);
  if (!text) throw Error({file, 0, 0}, objection);
  auto experiment = parse(file, *text, overrides, catalog);
  if (experiment.name().ends_with("-rerun"))
    throw Error(experiment.place(0, "experiment"),
                fmt::format("experiment: '{}' ends in -rerun, which is reserved for "
                            "the rerun of stages; choose another name",
                            experiment.name()));
  return experiment;
}

std::vector<Experiment> Experiment::read(const std::vector<std::string>& files,
                                         const std::vector<std::string>& overrides,
                                         const host::Catalog& catalog) {
  std::vector<Experiment> experiments;
  for (const auto& file : files) experiments.push_back(read(file, overrides, catalog));
  return experiments;
}

Experiment Experiment::parse(const std::string& file, const std::string& source,
                             const std::vector<std::string>& overrides,
                             const host::Catalog& catalog) {
  std::vector<Problem> problems;
  auto impl = std::make_shared<Impl>();
  impl->file = file;
  impl->catalog = &catalog;
  impl->schema = experiment_schema(catalog);
  auto document = read_tree(file, source, impl->schema, overrides, problems);
  impl->source = std::move(document.source);
  impl->file_keys = sweep_keys(document.tree);
  auto [without_where, keys] =
      without_keys(with_random_axes(document.tree, impl->schema, problems), {"where"});
  impl->untuned = std::move(without_where);
  impl->tree = tuned(impl->untuned, impl->schema, problems);
  if (keys[0]) impl->where = Where(*keys[0]->value, problems);
  const auto& tree = impl->tree;
  const auto before = problems.size();
  check_zips(tree, impl->schema, problems);
  if (problems.size() > before) fail(problems, file);
  impl->grid = PointGrid(tree, impl->schema);
  const bool one_name = check_names(*tree, problems);
  const bool countable = impl->grid.points() < max_points;
  if (!countable) report(problems, {file, 0, 0}, "the grid has 10^12 points or more");
  if (!one_name || !countable) fail(problems, file);
  impl->check_axes(problems);
  impl->select(problems);
  impl->check_points(problems);
  if (problems.empty()) impl->check_stages(problems);
  if (!problems.empty()) fail(problems, file);
  return Experiment(std::move(impl));
}

std::vector<std::string> Experiment::files(const std::string& file,
                                           const std::vector<std::string>& overrides) {
  std::string objection;
  const auto text = read_text(file, objection);
  if (!text) return {file};
  std::vector<Problem> ignored;
  return read_document(file, *text, map("", {}), overrides, ignored).files;
}

Experiment Experiment::rerun(const std::vector<std::uint64_t>& points) const {
  std::vector<Problem> problems;
  auto impl = std::make_shared<Impl>();
  impl->file = file();
  impl->source = source();
  impl->catalog = impl_->catalog;
  impl->schema = experiment_schema(*impl_->catalog);
  impl->untuned = impl->tree = impl_->rerun(points, problems);
  impl->grid = PointGrid(impl->tree, impl->schema);
  impl->check_axes(problems);
  impl->select(problems);
  impl->check_points(problems);
  if (!problems.empty()) fail(problems, file());
  impl->swept = swept();  // also what all the chosen points have in common
  return Experiment(std::move(impl));
}

Tree Experiment::Impl::rerun(const std::vector<std::uint64_t>& points,
                             std::vector<Problem>& problems) const {
  std::vector<std::uint64_t> indices;
  for (const auto point : points) indices.push_back(subset.index(point));
  return rerun_tree(untuned, schema, *stages, name, indices, problems);
}

// One point stands for all: the rerun differs from the grid in replicates alone.
void Experiment::Impl::check_stages(std::vector<Problem>& problems) {
  const auto one = resolved(grid.pick(subset.index(0)), problems);
  if (one.contains("report")) pictures = read_report(one["report"]);
  check_prune(one, *tree, swept, problems);
  stages = stages_of(one, *tree, swept, problems);
  if (!stages || !problems.empty()) return;
  resolved(rerun({0}, problems)->items.front(), problems);
}

}  // namespace descent::experiment
