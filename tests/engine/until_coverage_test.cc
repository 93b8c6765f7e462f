// SPDX-License-Identifier: MIT
// Intervals after optional stopping: replicates are added until the standard error is small enough,
// as for a point with `until`, but drawn from a known model instead of trained.
#include "engine/precision.h"
#include "statistics/coverage.h"

namespace descent {
namespace {

// Predictions with normal errors of standard deviation 1 at many test points: total is 1, and its
// estimate nearly normal.
constexpr arma::uword many_points = 40;

engine::PlannedPoint until(double total_se, std::uint64_t most) {
  engine::PlannedPoint point;
  point.most = most;
  point.until = train::Until{total_se, 0, 0};
  point.replicates = engine::least_growing;
  return point;
}

statistics::Accumulator drawn(std::uint64_t seed, const statistics::ReplicateRange& range) {
  const arma::mat target(1, many_points, arma::fill::zeros);
  statistics::Accumulator group(statistics::Divergence::squared_error);
  for (auto r = range.first; r < range.first + range.count; ++r) {
    Random random(seed, "predictions", r);
    arma::mat prediction(1, many_points);
    for (double& value : prediction) value = random.normal();
    group.add(prediction, target);
  }
  return group;
}

// The chunks of a point, merged to the groups of the jackknife.
statistics::Decomposition decomposed(const engine::PlannedPoint& point,
                                     std::vector<statistics::Accumulator>& chunks,
                                     std::uint64_t goal, std::uint64_t seed) {
  const auto ranges = engine::chunks_of(point, goal);
  while (chunks.size() < ranges.size()) chunks.push_back(drawn(seed, ranges[chunks.size()]));
  std::vector<statistics::Accumulator> groups;
  for (std::size_t c = 0; c < ranges.size(); ++c)
    if (engine::continues_group(point, goal, ranges[c]))
      groups.back().merge(chunks[c]);
    else
      groups.push_back(chunks[c]);
  statistics::DecompositionSettings settings;
  settings.target_is_truth = true;
  settings.noise = 0;
  return statistics::decompose(groups, arma::mat(1, many_points, arma::fill::zeros), settings);
}

statistics::Decomposition stopped(const engine::PlannedPoint& point, std::uint64_t seed) {
  std::vector<statistics::Accumulator> chunks;
  for (auto goal = point.replicates;;) {
    const auto found = decomposed(point, chunks, goal, seed);
    const auto next = engine::next_goal(point, found, goal);
    if (next == goal) return found;
    goal = next;
  }
}

// The standard error of total is sqrt(2 / (many_points replicates)): the one that so many would
// have.
void expect_covered(double replicates, std::uint64_t seeds, double least) {
  const auto point = until(std::sqrt(2. / (many_points * replicates)), 100'000);
  Coverage total;
  double trained = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto found = stopped(point, seed);
    total.add(found.total, 1);
    trained += double(found.replicates) / double(seeds);
    EXPECT_GE(found.groups, engine::least_growing);
    EXPECT_LE(found.groups, statistics::max_groups);
  }
  total.expect_between(least, .97,
                       fmt::format("{} replicates needed, {:.1f} trained", replicates, trained));
}

TEST(UntilCoverage, IsKeptAfterStopping) { expect_covered(60, 400, .93); }

TEST(UntilCoverageSlow, IsKeptForAnyPrecision) {
  for (const double replicates : {10., 20., 25., 30., 40., 60., 100., 150., 300.})
    expect_covered(replicates, 2000, .93);
}

TEST(UntilGroups, DoNotDependOnTheMostThatAreAllowed) {
  for (const std::uint64_t goal : {20u, 100u, 102u, 200u, 204u, 800u}) {
    const auto few = engine::chunks_of(until(.1, 1000), goal);
    const auto many = engine::chunks_of(until(.1, 1'000'000), goal);
    EXPECT_EQ(few, many) << goal;
  }
}

// 100 groups of one, then 50 to 100 groups of two, of four, ...
TEST(UntilGroups, AreSingleReplicatesUpToAHundredThenMergedInPairs) {
  const auto point = until(.1, 1'000'000);
  const auto sizes = [&](std::uint64_t goal) {
    std::vector<std::uint64_t> all;
    for (const auto& chunk : engine::chunks_of(point, goal))
      if (engine::continues_group(point, goal, chunk))
        all.back() += chunk.count;
      else
        all.push_back(chunk.count);
    return all;
  };
  using Sizes = std::vector<std::uint64_t>;
  EXPECT_EQ(sizes(40), Sizes(40, 1));
  EXPECT_EQ(sizes(100), Sizes(100, 1));
  EXPECT_EQ(sizes(102), Sizes(51, 2));
  EXPECT_EQ(sizes(200), Sizes(100, 2));
  EXPECT_EQ(sizes(204), Sizes(51, 4));
  EXPECT_EQ(sizes(100'352), Sizes(98, 1024));
}

}  // namespace
}  // namespace descent
