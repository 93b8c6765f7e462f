// SPDX-License-Identifier: MIT
// What an Experiment consists of, for the files that read, check and write it.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "experiment/experiment.h"
#include "experiment/grid/canonical_text.h"
#include "experiment/grid/filter.h"
#include "experiment/grid/point_grid.h"
#include "experiment/grid/point_subset.h"
#include "experiment/language/rules.h"

namespace descent::experiment {

using nlohmann::json;

// read() checks at most this many variants, values of an axis or points of a grid one by one.
inline constexpr std::uint64_t most_checked = 20'000;

struct Experiment::Impl {
  std::string file, source, name, description;
  const host::Catalog* catalog = nullptr;
  Schema schema;
  Tree untuned, tree;            // without and with what stages.tune says
  std::vector<Entry> file_keys;  // keys of the file that its points do not have
  std::optional<Stages> stages;
  std::vector<ReportPicture> pictures;
  Where where;
  PointGrid grid;
  PointSubset subset;
  std::uint64_t failing = 0, repeated = 0;  // points that are not planned
  std::vector<bool> differs;                // of each free axis: whether its values do
  std::vector<std::uint64_t> good;          // of each free axis: the first value without a problem
  std::vector<std::vector<std::string>> texts;  // of each free axis: its first values, resolved
  std::vector<std::string> swept;
  mutable std::unordered_map<std::uint64_t, CanonicalText> identities;  // of variants met lately
  mutable Formulas formulas;

  void check_axes(std::vector<Problem>& problems);
  void select(std::vector<Problem>& problems);
  bool select_some(Repeats& repeats, std::vector<Problem>& problems);
  void compare_values(const PointRef& ref, std::vector<std::optional<std::uint64_t>>& first);
  void check_points(std::vector<Problem>& problems);  // and learns what differs between them
  void check_free_values(std::uint64_t index, const json& configuration,
                         std::vector<Problem>& problems) const;
  void check_stages(std::vector<Problem>& problems);  // and learns what they are
  Tree rerun(const std::vector<std::uint64_t>& points, std::vector<Problem>& problems) const;
  void check_all_differ(const std::vector<std::optional<CanonicalText>>& texts_of_variants,
                        std::vector<Problem>& problems) const;

  json resolved(const Tree& point, std::vector<Problem>& problems) const;

  std::string value_text(std::size_t axis, std::uint64_t value) const;
  std::string identity(const PointRef& ref, const CanonicalText& text) const;
  const CanonicalText& variant_text(const PointRef& ref) const;
};

// What makes a point's identity: its content without the experiment's names, and without the keys
// that change neither what a replicate computes nor what is stored of it.
json identity_of(json resolved);

// The text of a variant's configurations, of which identity is the member's.
CanonicalText open_text(const json& identity, const PointRef& ref, const PointGrid& grid);

// Throws them in the order of the file, then of those it includes, overrides last, each once.
[[noreturn]] void fail(std::vector<Problem> problems, const std::string& file);

}  // namespace descent::experiment
