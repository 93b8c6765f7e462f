// SPDX-License-Identifier: MIT
#include "engine/fits.h"

#include <algorithm>
#include <cmath>

namespace descent::engine {
namespace {

constexpr std::uint64_t most_places = 200, most_samples = 200, most_replicates = 3;

// Places 0 .. size - 1, thinned evenly to as many as are stored.
std::vector<arma::uword> thinned(const arma::uvec& order) {
  const auto count = std::min<arma::uword>(order.n_elem, most_places);
  std::vector<arma::uword> kept;
  for (arma::uword i = 0; i < count; ++i)
    kept.push_back(order[count == 1 ? 0 : i * (order.n_elem - 1) / (count - 1)]);
  return kept;
}

statistics::Accumulator all_of(const statistics::GroupSource<statistics::State>& groups) {
  statistics::Accumulator all(statistics::Divergence::squared_error);
  for (std::size_t g = 0; g < groups.size(); ++g)
    all.merge(std::get<statistics::Accumulator>(groups[g]));
  return all;
}

}  // namespace

bool has_fit(const train::Training& training) {
  return training.estimated() == train::Estimated::numbers && training.source().inputs() == 1 &&
         training.source().test().data.targets.n_rows == 1 &&
         train::block_size(training.settings().replicates) == 1;
}

std::vector<std::size_t> epochs_of_fits(const std::vector<store::BiasVarianceRow>& rows,
                                        std::size_t metrics) {
  const auto last = rows.size() / metrics - 1;
  auto least = last;
  for (std::size_t e = 0; e < last; ++e)
    if (rows[e * metrics].total.value < rows[least * metrics].total.value) least = e;
  return least < last ? std::vector{least, last} : std::vector{last};
}

// The accumulators hold errors times the roots of their weights.
void add_fit(store::FitRecord& fit, const train::Training& training, std::uint64_t epoch,
             const statistics::GroupSource<statistics::State>& groups) {
  const auto all = all_of(groups);
  if (all.count() == 0) return;
  const auto& test = training.source().test();
  const bool is_known = !test.expectation.is_empty();
  const arma::mat& target = is_known ? test.expectation : test.data.targets;
  const arma::rowvec x = test.data.features.row(0);
  for (const auto i : thinned(arma::stable_sort_index(x))) {
    const double root = test.data.weights.is_empty() ? 1 : std::sqrt(test.data.weights[i]);
    store::FitRecord::Row row{epoch, x[i], not_recorded, target[i] + all.mean()[i] / root,
                              not_recorded};
    if (is_known) row.truth = target[i];
    if (all.count() > 1)
      row.sd = all.m2().is_empty() ? 0 : std::sqrt(all.m2()[i] / double(all.count() - 1)) / root;
    fit.rows.push_back(row);
  }
}

void add_samples(store::FitRecord& fit, const train::Training& training) {
  const auto& replicates = training.settings().replicates;
  for (std::uint64_t r = 0; r < std::min(most_replicates, replicates.count); ++r) {
    const auto replicate = replicates.first + r;
    const auto streams = train::streams_of(replicates, replicate);
    const auto drawn = training.source().training(streams.data);
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(drawn.size(), most_samples); ++i)
      fit.samples.push_back({replicate, drawn.features(0, i), drawn.targets(0, i)});
  }
}

}  // namespace descent::engine
