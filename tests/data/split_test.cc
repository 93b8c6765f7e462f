// SPDX-License-Identifier: MIT
// Splits of a file: by classes, groups and time, several of them, and cross-validation.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "data/support.h"

namespace descent {
namespace {

using testing::csv_spec;
using ::testing::ElementsAre;
using testing::error_of;
using ::testing::HasSubstr;
using testing::numbered;
using testing::open;
using testing::same;
using testing::TemporaryFile;

std::set<double> ids_of(const data::Dataset& data) {
  return {data.features.begin_row(0), data.features.end_row(0)};
}

TEST(Split, KeepsTheSharesOfTheClasses) {
  std::string text = "id,y\n";
  for (int i = 0; i < 100; ++i)
    text += fmt::format("{},{}\n", i, i < 70 ? "a" : i < 95 ? "b" : "c");
  const TemporaryFile file(text);
  auto spec = csv_spec(file.path());
  spec.stratify = true;
  spec.test_fraction = 0.2;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto source = open(spec, data::TargetKind::classes, data::Resample::none, seed);
    std::map<std::int64_t, int> count;
    for (const auto c : source.test().data.classes) ++count[c];
    EXPECT_EQ(count, (std::map<std::int64_t, int>{{0, 14}, {1, 5}, {2, 1}}));
    EXPECT_EQ(source.pool().size(), 80u);
  }
}

TEST(Split, NeverCutsAGroup) {
  std::string text = "id,group,y\n";
  for (int i = 0; i < 90; ++i) text += fmt::format("{},g{},{}\n", i, i % 9, i);
  const TemporaryFile file(text);
  auto spec = csv_spec(file.path());
  spec.group = "group";
  spec.test_fraction = 0.3;
  spec.validation_fraction = 0.3;
  const auto source = open(spec);
  EXPECT_EQ(source.names().inputs, (std::vector<std::string>{"id"}));
  std::vector<std::set<int>> groups;
  for (const auto* set : {&source.pool(), &source.validation(), &source.test().data}) {
    groups.emplace_back();
    for (const auto id : ids_of(*set)) groups.back().insert(int(id) % 9);
    EXPECT_EQ(set->size(), 10 * groups.back().size()) << "whole groups";
  }
  EXPECT_EQ(groups[2].size(), 3u);
  EXPECT_EQ(groups[0].size() + groups[1].size() + groups[2].size(), 9u);
}

TEST(Split, FollowsTime) {
  const TemporaryFile file(
      "id,day,y\n0,2024-01-05,1\n1,2024-01-01,1\n2,2024-02-01,1\n3,2023-12-31,1\n4,2024-01-02,1\n");
  auto spec = csv_spec(file.path());
  spec.time = "day";
  spec.test_fraction = 0.4;
  spec.validation_fraction = 0.34;
  const auto source = open(spec);
  EXPECT_EQ(ids_of(source.test().data), (std::set<double>{0, 2}));
  EXPECT_EQ(ids_of(source.validation()), (std::set<double>{4}));
  EXPECT_EQ(ids_of(source.pool()), (std::set<double>{1, 3}));
}

TEST(Split, IsAnotherForEachReplicateWhereItVaries) {
  const TemporaryFile file(numbered(100));
  auto spec = csv_spec(file.path());
  spec.test_fraction = 0.3;
  const data::ReplicateSampler several(spec, data::TargetKind::numbers, data::Resample::none, 42,
                                       true);
  EXPECT_TRUE(same(several.test(0).data.features, open(spec).test().data.features));
  std::set<std::set<double>> seen;
  for (std::uint64_t split = 0; split < 10; ++split) {
    const auto train = several.training(split, split);
    const auto test = ids_of(several.test(split).data);
    seen.insert(test);
    EXPECT_EQ(test.size(), 30u);
    auto all = ids_of(train);
    all.insert(test.begin(), test.end());
    EXPECT_EQ(all.size(), 100u) << "nothing is in both";
  }
  EXPECT_EQ(seen.size(), 10u);
}

TEST(Split, HoldsOutEveryRowOnceInARoundOfCrossValidation) {
  const TemporaryFile file(numbered(23));
  auto spec = csv_spec(file.path());
  spec.test_folds = 5;
  const data::ReplicateSampler source(spec, data::TargetKind::numbers, data::Resample::none, 42,
                                      true);
  std::vector<std::set<double>> rounds(2);
  std::vector<std::set<double>> first;
  for (std::uint64_t split = 0; split < 10; ++split) {
    const auto test = ids_of(source.test(split).data);
    EXPECT_THAT(test.size(), ::testing::AnyOf(4u, 5u));
    EXPECT_EQ(source.training(split, split).size(), 23 - test.size());
    auto& round = rounds[split / 5];
    EXPECT_TRUE(std::ranges::none_of(test, [&](double id) { return round.contains(id); }));
    round.insert(test.begin(), test.end());
    if (split % 5 == 0) first.push_back(test);
  }
  EXPECT_EQ(rounds[0].size(), 23u);
  EXPECT_EQ(rounds[1].size(), 23u);
  EXPECT_NE(first[0], first[1]) << "the second round cuts again";
}

TEST(Split, LearnsFillsAndCategoriesFromTheTrainingPartAlone) {
  // Rows that are split off last in time hold values that would change the median.
  const TemporaryFile file("t,x,y\n1,10,1\n2,20,1\n3,?,1\n4,30,1\n5,1000,1\n6,?,1\n");
  auto spec = csv_spec(file.path());
  spec.time = "t";
  spec.test_fraction = 1.0 / 3;
  spec.missing.is_given = true;
  const auto source = open(spec);
  EXPECT_TRUE(same(source.pool().features, arma::mat{{10, 20, 20, 30}}));
  EXPECT_TRUE(same(source.test().data.features, arma::mat{{1000, 20}}));
}

// Nothing was learnt about a category, or about a missing value, that no training row has.
TEST(Split, KnowsOnlyCategoriesOfItsTrainingPart) {
  const TemporaryFile file("c,x,y\na,1,2\nb,2,3\na,?,5\nb,4,9\nq,5,6\nb,6,2\n?,4,3\nb,7,7\n");
  auto spec = csv_spec(file.path());
  spec.test_fraction = 0.5;
  spec.missing = {.is_given = true, .numbers = data::MissingSpec::Numbers::indicator};
  const auto several = [&](std::uint64_t seed) {
    return data::ReplicateSampler(spec, data::TargetKind::numbers, data::Resample::none, seed,
                                  true);
  };
  const auto column_sums = [](const arma::mat& features) {
    return arma::conv_to<std::vector<double>>::from(arma::sum(features, 1));
  };
  int refused = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    spec.columns.unknown_zero = true;
    const auto source = several(seed);
    EXPECT_THAT(source.names().inputs,
                ElementsAre("c=a", "c=b", "c=q", "c=missing", "x", "x=missing"));
    const auto train = column_sums(source.training(0, 0).features);
    const auto test = column_sums(source.test(0).data.features);
    for (const std::size_t row : {2U, 3U, 5U})
      EXPECT_EQ(test[row], 0) << "its only row is in training, or it is unknown";
    spec.columns.unknown_zero = false;
    const auto why = error_of([&] { several(seed); }, file.path());
    EXPECT_EQ(why.find("column 'c': 'q' is not among the categories of training; valid: a, b") ==
                  why.npos,
              train[2] > 0)
        << why;
    EXPECT_EQ(why.find("column 'c': 1 value is missing") == why.npos, train[3] > 0) << why;
    refused += !why.empty();
  }
  EXPECT_GT(refused, 0);
  EXPECT_LT(refused, 20);
}

// As k rows of weight 1, between values and at one.
TEST(Split, FillsInByTheSampleWeights) {
  const auto filled = [](const std::string& weights, const std::string& fill) {
    const auto w = [&](std::size_t i) { return weights.substr(i, 1); };
    const TemporaryFile file("x,c,w,y\n1,a," + w(0) + ",1\n?,?,1,1\n3,b," + w(1) + ",1\n10,b," +
                             w(2) + ",1\n");
    auto spec = csv_spec(file.path());
    spec.weight = "w";
    spec.missing = {.is_given = true, .categories = data::MissingSpec::Categories::most_frequent};
    const arma::mat features = open(spec).pool().features;
    EXPECT_EQ(features(fill == "a" ? 1 : 2, 1), 1) << weights;
    return features(0, 1);
  };
  EXPECT_EQ(filled("111", "b"), 3);
  EXPECT_EQ(filled("115", "b"), 10);
  EXPECT_EQ(filled("112", "b"), 6.5) << "of 1, 3, 10, 10";
  EXPECT_EQ(filled("521", "a"), 1);
  EXPECT_EQ(filled("312", "a"), 2) << "of 1, 1, 1, 3, 10, 10";
}

TEST(Split, RefusesRowsWithoutAGroupOrAWeight) {
  const TemporaryFile file("x,g,w,y\n1,a,1,2\n2,NA,,3\n3,,NA,5\n");
  auto spec = csv_spec(file.path());
  spec.group = "g";
  spec.weight = "w";
  spec.test_fraction = 0.5;
  EXPECT_EQ(
      error_of([&] { open(spec); }, file.path()),
      ":3:6: error: column 'w' (data.csv.weight): the value is missing (empty); fill it in, or "
      "remove the row\n" +
          file.path() +
          ":3:3: error: column 'g' (data.csv.group): the value is missing ('NA'); fill it in, "
          "or remove the row");
}

TEST(Labels, AreFlippedInTrainingAlone) {
  std::string text = "id,y\n";
  for (int i = 0; i < 3000; ++i) text += fmt::format("{},c{}\n", i, i % 3);
  const TemporaryFile file(text);
  auto spec = csv_spec(file.path());
  spec.test_fraction = 0.3333;
  const auto clean = open(spec, data::TargetKind::classes);
  spec.label_flip = 0.2;
  const auto noisy = open(spec, data::TargetKind::classes);
  EXPECT_EQ(noisy.test().data.classes, clean.test().data.classes);
  const auto before = clean.training(0).classes, after = noisy.training(0).classes;
  int flipped = 0;
  for (std::size_t i = 0; i < before.size(); ++i) flipped += before[i] != after[i];
  EXPECT_NEAR(flipped, 400, 4 * std::sqrt(2000 * 0.2 * 0.8)) << "four standard errors";
}

TEST(Noise, HasTheVarianceThatTheTestSetRecords) {
  auto spec = testing::line();
  spec.train = 200000;
  spec.noise = {data::NoiseSpec::Kind::student_t, 0.5, 8};
  const auto variance_of = [&] {
    const auto source = testing::open(spec);
    return std::pair(arma::as_scalar(arma::var(testing::residuals(source.training(0)), 1, 1)),
                     source.test().noise);
  };
  // 0.25 x 8 / 6. The kurtosis of t with 8 degrees of freedom is 4.5, so the variance of a sample
  // variance is (4.5 - 1) s^4 / n.
  auto [drawn, recorded] = variance_of();
  EXPECT_NEAR(recorded, 1.0 / 3, 1e-15);
  EXPECT_NEAR(drawn, recorded, 4 * recorded * std::sqrt(3.5 / 200000));
  spec.noise = {data::NoiseSpec::Kind::contaminated, 0.5, 3, 0.1, 4};
  std::tie(drawn, recorded) = variance_of();
  EXPECT_NEAR(recorded, 0.25 * (0.9 + 0.1 * 16), 1e-15);
  // Fourth moment 3 s^4 (0.9 + 0.1 256): kurtosis 3 x 26.5 / 2.5^2 = 12.72.
  EXPECT_NEAR(drawn, recorded, 4 * recorded * std::sqrt(11.72 / 200000));
}

TEST(Synthetic, DrawsSeveralTargetsWithKnownTruth) {
  auto spec = testing::line();
  spec.function = {"5*x + 7", "x^2"};
  const auto source = testing::open(spec);
  EXPECT_EQ(source.outputs(), 2u);
  EXPECT_EQ(source.names().targets, (std::vector<std::string>{"y1", "y2"}));
  const auto& test = source.test();
  EXPECT_TRUE(same(test.expectation.row(0), 5 * test.data.features + 7));
  EXPECT_TRUE(same(test.expectation.row(1), arma::square(test.data.features)));
  EXPECT_NEAR(test.noise, 0.0625, 1e-15);
}

}  // namespace
}  // namespace descent
