// SPDX-License-Identifier: MIT
// Settings that change nothing are warned of, and others are not.
#include "engine/without_effect.h"

#include <gtest/gtest.h>

namespace descent::engine {
namespace {

std::vector<std::string> paths(const train::Settings& settings,
                               data::TargetKind kind = data::TargetKind::classes) {
  std::vector<std::string> all;
  for (const auto& [path, text] : settings_without_effect(settings, kind)) all.push_back(path);
  return all;
}

train::Settings scheduled(const train::ScheduleShape& rule, std::uint64_t epochs) {
  train::Settings settings;
  settings.train.epochs = epochs;
  settings.train.schedules.push_back({rule});
  return settings;
}

using Paths = std::vector<std::string>;

TEST(WithoutEffect, AreSchedulesThatActAfterTheEnd) {
  const Paths schedule = {"train.schedule"};
  EXPECT_EQ(paths(scheduled(train::StepRule{30}, 4)), schedule);
  EXPECT_EQ(paths(scheduled(train::MultiStepRule{{30, 60}}, 4)), schedule);
  EXPECT_EQ(paths(scheduled(train::ReduceOnPlateau{}, 4)), schedule);
  EXPECT_EQ(paths(scheduled(train::StepRule{1, 1}, 4)), schedule) << "times 1";
}

TEST(WithoutEffect, AreRulesBehindAWarmupThatNeverEnds) {
  auto settings = scheduled(train::CosineAnnealing{}, 10);
  settings.train.schedules[0].warmup = 10;
  EXPECT_EQ(paths(settings), Paths{"train.schedule"});
  settings.train.schedules[0].warmup = 9;
  EXPECT_EQ(paths(settings), Paths());
}

TEST(WithoutEffect, AreNoSchedulesThatAct) {
  EXPECT_EQ(paths(scheduled(train::StepRule{3}, 4)), Paths());
  EXPECT_EQ(paths(scheduled(train::MultiStepRule{{99'999}}, 100'000)), Paths());
  EXPECT_EQ(paths(scheduled(train::ReduceOnPlateau{}, 40)), Paths());
  EXPECT_EQ(paths(scheduled(train::CosineAnnealing{}, 4)), Paths());
  EXPECT_EQ(paths(scheduled(train::ConstantRule{}, 4)), Paths());
  EXPECT_EQ(paths(scheduled(train::StepRule{30}, 1)), Paths()) << "nothing varies in one epoch";
}

TEST(WithoutEffect, IsPatienceBeyondTheEnd) {
  train::Settings settings;
  settings.train.epochs = 4;
  settings.train.stop = train::StopSettings{.patience = 4};
  EXPECT_EQ(paths(settings), Paths{"train.stop.patience"});
  settings.train.stop->patience = 3;
  EXPECT_EQ(paths(settings), Paths());
}

TEST(WithoutEffect, IsASmallestImprovementOfATargetAlone) {
  train::Settings settings;
  settings.train.epochs = 4;
  settings.train.stop = train::StopSettings{.min_delta = 0.1, .target = 1};
  EXPECT_EQ(paths(settings), Paths{"train.stop.min_delta"});
  settings.train.stop->restore = true;
  EXPECT_EQ(paths(settings), Paths()) << "it says which epoch is the best";
}

TEST(WithoutEffect, AreColumnsOfSplitsWithoutASplit) {
  train::Settings settings;
  data::CsvSpec csv;
  csv.group = "g";
  csv.time = "t";
  csv.stratify = true;
  settings.data = csv;
  EXPECT_EQ(paths(settings), (Paths{"data.csv.group", "data.csv.time", "data.csv.stratify"}));
  csv.test_fraction = 0.2;
  csv.time.clear();
  settings.data = csv;
  EXPECT_EQ(paths(settings), Paths());
  EXPECT_EQ(paths(settings, data::TargetKind::numbers), Paths{"data.csv.stratify"});
}

}  // namespace
}  // namespace descent::engine
