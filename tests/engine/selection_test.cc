// SPDX-License-Identifier: MIT
// Which points are chosen, by each rule, with runs that fail and values that tie.
#include "engine/selection.h"

#include <gtest/gtest.h>

#include <cmath>

namespace descent {
namespace {

const double failed = std::numeric_limits<double>::quiet_NaN();

experiment::SelectSettings by(const std::string& rule, const std::string& failures = "exclude",
                              std::uint64_t top = 1) {
  return {"validation_loss", rule, {}, failures, top};
}

std::vector<engine::Candidate> candidates(const std::vector<std::vector<double>>& values,
                                          const std::vector<std::string>& groups = {}) {
  std::vector<engine::Candidate> all;
  for (std::size_t i = 0; i < values.size(); ++i)
    all.push_back({i, std::int64_t(i + 1), groups.empty() ? "" : groups[i], values[i]});
  return all;
}

std::vector<std::int64_t> chosen(const experiment::SelectSettings& settings,
                                 const std::vector<engine::Candidate>& candidates) {
  std::vector<std::int64_t> ids;
  for (const auto& row : engine::choose(settings, candidates))
    if (row.chosen) ids.push_back(row.point_id);
  return ids;
}

using Ids = std::vector<std::int64_t>;

// Means 2, 3, 2.5; medians 2, 1, 2.5; worst 4, 8, 3; mean + se 2 + 1.1547, 3 + 2.5166, 2.5 +
// 0.2887.
TEST(Selection, FollowsItsRule) {
  const auto three = candidates({{0, 4, 2}, {0, 8, 1}, {2, 2.5, 3}});
  EXPECT_EQ(chosen(by("mean"), three), Ids{1});
  EXPECT_EQ(chosen(by("median"), three), Ids{2});
  EXPECT_EQ(chosen(by("worst"), three), Ids{3});
  EXPECT_EQ(chosen(by("upper"), three), Ids{3});
  const auto rows = engine::choose(by("upper"), three);
  EXPECT_NEAR(rows[0].value, 2 + 2 / std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(rows[2].value, 2.5 + 0.5 / std::sqrt(3.0), 1e-12);
  EXPECT_EQ(rows[0].reason, "2nd of 3 by upper validation_loss");
  EXPECT_EQ(rows[2].rank, 1u);
}

// Some of its runs may have ended, by train.stop, before the point was pruned.
TEST(Selection, NeverTakesAPrunedPoint) {
  auto two = candidates({{2, 2, 2}, {1, failed, failed}});
  two[1].pruned = 2;
  for (const std::string rule : {"mean", "median", "worst"})
    for (const std::string failures : {"exclude", "worst", "done"}) {
      EXPECT_EQ(chosen(by(rule, failures, 2), two), Ids{1});
      EXPECT_EQ(engine::choose(by(rule, failures), two)[1].reason, "2 of 3 runs are pruned");
    }
}

TEST(Selection, TakesMoreAccuracyForBetter) {
  auto settings = by("worst");
  settings.metric = "validation_accuracy";
  const auto two = candidates({{0.9, 0.5}, {0.75, 0.75}});
  EXPECT_EQ(chosen(settings, two), Ids{2});
  EXPECT_EQ(engine::choose(settings, two)[0].value, 0.5);
  settings.rule = "upper";
  EXPECT_NEAR(engine::choose(settings, two)[0].value, 0.7 - 0.2, 1e-12);
  settings.rule = "mean";
  EXPECT_EQ(chosen(settings, two), Ids{2});
}

TEST(Selection, LeavesOutPointsWithFailedRuns) {
  const auto two = candidates({{1, failed, 1}, {5, 5, 5}});
  const auto rows = engine::choose(by("mean"), two);
  EXPECT_FALSE(rows[0].chosen);
  EXPECT_FALSE(rows[0].rank);
  EXPECT_TRUE(std::isnan(rows[0].value));
  EXPECT_EQ(rows[0].failed, 1u);
  EXPECT_EQ(rows[0].reason, "1 of 3 runs are not done");
  EXPECT_EQ(rows[1].reason, "1st of 1 by mean validation_loss");
}

TEST(Selection, CountsFailuresAsInfinitelyBadOrPassesOverThem) {
  const auto two = candidates({{1, failed, 1}, {5, 5, 5}});
  EXPECT_EQ(chosen(by("mean", "worst"), two), Ids{2});
  EXPECT_EQ(chosen(by("median", "worst"), two), Ids{1}) << "a median tolerates a failure";
  EXPECT_EQ(chosen(by("worst", "worst"), two), Ids{2});
  EXPECT_EQ(chosen(by("mean", "done"), two), Ids{1});
  EXPECT_EQ(engine::choose(by("mean", "done"), two)[0].reason,
            "1st of 2 by mean validation_loss, over the 2 of 3 runs that are done");
  EXPECT_EQ(chosen(by("mean", "done"), candidates({{failed, failed}})), Ids{});
  EXPECT_EQ(engine::choose(by("upper", "done"), candidates({{1, failed}}))[0].reason,
            "1 of 2 runs are not done, and of one run there is no standard error");
}

TEST(Selection, ReportsTiesAndTakesTheFirst) {
  const auto rows = engine::choose(by("mean"), candidates({{3}, {2}, {2}}));
  EXPECT_TRUE(rows[1].chosen && rows[1].tied && rows[2].tied);
  EXPECT_FALSE(rows[0].tied || rows[2].chosen);
  EXPECT_EQ(rows[1].reason,
            "1st of 3 by mean validation_loss; 2 points tie, and the first in the file are taken");
}

TEST(Selection, IsOfEachGroupAndOfAsManyAsAsked) {
  const auto five = candidates({{3}, {1}, {2}, {9}, {8}}, {"lr=1", "lr=1", "lr=1", "lr=2", "lr=2"});
  EXPECT_EQ(chosen(by("mean"), five), (Ids{2, 5}));
  EXPECT_EQ(chosen(by("mean", "exclude", 2), five), (Ids{2, 3, 4, 5}));
  EXPECT_EQ(engine::choose(by("mean"), five)[3].reason, "2nd of 2 by mean validation_loss");
}

}  // namespace
}  // namespace descent
