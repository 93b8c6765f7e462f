// SPDX-License-Identifier: MIT
// An experiment as a file again: resolved, or of configurations.
#include <algorithm>

#include "experiment/document/yaml_writer.h"
#include "experiment/experiment_impl.h"
#include "experiment/language/language.h"
#include "experiment/language/stage_trees.h"
#include "experiment/schema/unresolve.h"
#include "experiment/schema/with_defaults.h"

namespace descent::experiment {

// What all points resolve to, as far as they agree; nothing where there are too many kinds of
// points to ask.
json Experiment::agreed() const {
  json all;
  if (variants() > most_checked) return all;
  for (std::uint64_t variant = 0; variant < variants(); ++variant) {
    std::vector<Problem> none;
    const auto one = impl_->resolved(impl_->grid.pick(impl_->subset.index(member(variant))), none);
    all = variant == 0 ? one : common_part(all, one);
  }
  return all;
}

// Blocks of a union are written whole, but for what is the same for all points.
std::string Experiment::resolved() const {
  const auto untuned = with_tuned_count(impl_->untuned, impl_->schema);
  const auto tree = with_defaults(impl_->schema, untuned, agreed());
  const auto with_sweep = [&](Node file) {
    file.entries.insert(file.entries.end(), impl_->file_keys.begin(), impl_->file_keys.end());
    return yaml_text(make_tree(std::move(file)));
  };
  if (tree->kind != Node::Kind::grid) return with_sweep(*tree);
  Node whole, blocks;
  whole.kind = Node::Kind::map;
  whole.place = blocks.place = tree->place;
  blocks.kind = Node::Kind::list;
  for (const auto& choice : tree->items) {
    Node block = *choice;
    const auto is_of_file = [](const Entry& entry) {
      return entry.key == "experiment" || entry.key == "description" || entry.key == "stages" ||
             entry.key == "prune" || entry.key == "report";
    };
    auto& entries = block.entries;
    const auto rest = std::stable_partition(entries.begin(), entries.end(), is_of_file);
    if (whole.entries.empty()) whole.entries.assign(entries.begin(), rest);
    entries.erase(entries.begin(), rest);
    blocks.items.push_back(make_tree(std::move(block)));
  }
  whole.entries.push_back({"union", tree->place, make_tree(std::move(blocks))});
  return with_sweep(std::move(whole));
}

std::string file_of(const std::string& name, const std::string& description,
                    const std::vector<json>& configurations, const host::Catalog& catalog) {
  const auto schema = experiment_schema(catalog);
  nlohmann::ordered_json file{{"experiment", name}, {"description", description}};
  for (const auto& configuration : configurations)
    file["union"].push_back(nlohmann::ordered_json(unresolve(schema, configuration)));
  return file.dump(2) + '\n';
}

}  // namespace descent::experiment
