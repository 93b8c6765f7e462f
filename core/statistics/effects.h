// SPDX-License-Identifier: MIT
// Shared by the losses without bias2 and variance: a list of terms, known for all replicates and
// for all but each group. Internal to this floor.
#pragma once

#include <span>
#include <vector>

#include "statistics/decomposition.h"
#include "statistics/groups.h"

namespace descent::statistics {

struct Term {
  const char* definition;  // "" for the total
  const char* name;
};

// Terms of all replicates, of all but each group, and the groups' counts of replicates.
struct TermTable {
  std::vector<double> whole;
  std::vector<std::vector<double>> without;
  std::vector<double> counts;
};

// The groups that are not empty, neighbours merged until there are at most coarse_groups.
template <class State>
std::vector<State> coarsened(const GroupSource<State>& groups) {
  std::vector<std::size_t> filled;
  for (std::size_t g = 0; g < groups.size(); ++g)
    if (groups[g].count() > 0) filled.push_back(g);
  std::vector<State> coarse;
  for (const auto& range : groups_of(filled.size(), coarse_groups)) {
    coarse.push_back(groups[filled[range.first]]);
    for (auto i = range.first + 1; i < range.first + range.count; ++i)
      coarse.back().merge(groups[filled[i]]);
  }
  return coarse;
}

// Fills in everything but noise, ties and identity_residual. terms[0] is the total.
void fill_effects(Decomposition& d, std::span<const Term> terms, const TermTable& table,
                  const DecompositionSettings& settings);

}  // namespace descent::statistics
