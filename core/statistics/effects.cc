// SPDX-License-Identifier: MIT
#include "statistics/effects.h"

#include <fmt/format.h>

#include <algorithm>

#include "statistics/jackknife.h"

namespace descent::statistics {
namespace {

Estimate term_estimate(const Decomposition& d, const TermTable& table, std::size_t term) {
  std::vector<double> without;
  for (const auto& values : table.without) without.push_back(values[term]);
  const double se = jackknife(table.whole[term], without, table.counts).se;
  return t_estimate(table.whole[term], se, d.df, d.ci_level);
}

}  // namespace

// A group of several replicates gives the standard error another name: see decomposition.h.
void fill_effects(Decomposition& d, std::span<const Term> terms, const TermTable& table,
                  const DecompositionSettings& settings) {
  d.groups = table.counts.size();
  d.df = static_cast<double>(d.groups - 1);
  d.ci_level = settings.ci_level;
  const double largest = *std::ranges::max_element(table.counts);
  d.se_method = largest > 1 ? fmt::format("group:{}", d.groups) : "jackknife";
  d.bias_includes_noise = !settings.target_is_truth;
  d.total = term_estimate(d, table, 0);
  for (std::size_t i = 1; i < terms.size(); ++i)
    d.effects.push_back({terms[i].definition, terms[i].name, term_estimate(d, table, i)});
}

}  // namespace descent::statistics
