// SPDX-License-Identifier: MIT
#include "engine/fits.h"

#include <algorithm>
#include <cmath>

namespace descent::engine {
namespace {

constexpr std::uint64_t most_places = 200, most_places_of_one = 50, most_samples = 200,
                        most_replicates = 3;

// Thinned evenly to so many, with both ends.
std::vector<arma::uword> thinned(const arma::uvec& order, arma::uword most) {
  const auto count = std::min(order.n_elem, most);
  std::vector<arma::uword> kept;
  for (arma::uword i = 0; i < count; ++i)
    kept.push_back(order[count == 1 ? 0 : i * (order.n_elem - 1) / (count - 1)]);
  return kept;
}

// Test inputs in ascending order, with what the accumulators hold there: errors times the roots of
// the weights.
class Places {
 public:
  Places(const train::Training& training, arma::uword most)
      : test_(training.source().test()), x_(test_.data.features.row(0)) {
    order_ = thinned(arma::stable_sort_index(x_), most);
  }

  const std::vector<arma::uword>& order() const { return order_; }
  double x(arma::uword i) const { return x_[i]; }
  bool has_truth() const { return !test_.expectation.is_empty(); }
  double target(arma::uword i) const {
    return has_truth() ? test_.expectation[i] : test_.data.targets[i];
  }
  double root(arma::uword i) const {
    return test_.data.weights.is_empty() ? 1 : std::sqrt(test_.data.weights[i]);
  }
  double prediction(const arma::mat& errors, arma::uword i) const {
    return target(i) + errors[i] / root(i);
  }

 private:
  const data::TestSet& test_;
  arma::rowvec x_;
  std::vector<arma::uword> order_;
};

statistics::Accumulator all_of(const statistics::GroupSource<statistics::State>& groups) {
  statistics::Accumulator all(statistics::Divergence::squared_error);
  for (std::size_t g = 0; g < groups.size(); ++g)
    all.merge(std::get<statistics::Accumulator>(groups[g]));
  return all;
}

}  // namespace

bool has_fit(const train::Training& training) {
  return training.settings().record.fit > 0 && train::is_numeric(training.estimated()) &&
         training.source().inputs() == 1 && training.source().test().data.targets.n_rows == 1 &&
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

void add_fit(store::FitRecord& fit, const train::Training& training, std::uint64_t epoch,
             const statistics::GroupSource<statistics::State>& groups) {
  const auto all = all_of(groups);
  if (all.count() == 0) return;
  const Places at(training, most_places);
  for (const auto i : at.order()) {
    store::FitRecord::Row row{epoch, at.x(i), not_recorded, at.prediction(all.mean(), i),
                              not_recorded};
    if (at.has_truth()) row.truth = at.target(i);
    if (all.count() > 1)
      row.sd =
          all.m2().is_empty() ? 0 : std::sqrt(all.m2()[i] / double(all.count() - 1)) / at.root(i);
    fit.rows.push_back(row);
  }
}

void add_replicates(store::FitRecord& fit, const train::Training& training,
                    const statistics::GroupSource<statistics::State>& groups,
                    std::uint64_t replicates) {
  if (groups.size() != replicates) return;  // several in a group
  const Places at(training, most_places_of_one);
  const auto first = training.settings().replicates.first;
  const auto most = std::min(replicates, training.settings().record.fit);
  for (std::uint64_t r = 0; r < most; ++r) {
    const auto& state = groups[r];
    const auto& one = std::get<statistics::Accumulator>(state);
    if (one.count() == 0) continue;  // not done
    for (const auto i : at.order())
      fit.replicates.push_back({first + r, at.x(i), at.prediction(one.mean(), i)});
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
