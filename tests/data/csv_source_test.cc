// SPDX-License-Identifier: MIT
// Data from CSV files: columns, coding, splits.
#include <cmath>
#include <set>

#include "data/support.h"

namespace descent {
namespace {

using testing::csv_spec;
using testing::numbered;
using testing::open;
using testing::same;
using testing::shipped;
using testing::TemporaryFile;
using Words = std::vector<std::string>;

TEST(CsvSource, SortsColumnsByTheirPart) {
  const TemporaryFile file("w,b,y2,a,y1\n1,2,3,4,5\n0.5,7,8,9,10\n");
  auto spec = csv_spec(file.path(), {"y1", "y2"});
  spec.weight = "w";
  const auto source = open(spec);
  const auto data = source.training(0);
  EXPECT_EQ(source.names().inputs, (Words{"b", "a"}));
  EXPECT_EQ(source.names().targets, (Words{"y1", "y2"}));
  EXPECT_TRUE(same(data.features, arma::mat{{2, 7}, {4, 9}}));
  EXPECT_TRUE(same(data.targets, arma::mat{{5, 10}, {3, 8}}));
  EXPECT_TRUE(same(data.weights, arma::mat{{1, 0.5}} / 0.75));
  EXPECT_EQ(source.outputs(), 2u);
  EXPECT_EQ(arma::size(source.test().data.features), arma::size(2, 0));
  EXPECT_TRUE(std::isnan(source.test().noise));
}

struct Shipped {
  const char* file;
  Words target;
  data::TargetKind kind;
  std::uint64_t rows, inputs, outputs;
};

TEST(CsvSource, ReadsEveryShippedSet) {
  const Shipped sets[] = {
      {"breast_cancer.csv", {"target"}, data::TargetKind::classes, 569, 30, 2},
      {"diabetes.csv", {"target"}, data::TargetKind::numbers, 442, 10, 1},
      {"digits.csv", {"target"}, data::TargetKind::classes, 1797, 64, 10},
      {"iris.csv", {"target"}, data::TargetKind::classes, 150, 4, 3},
      {"linnerud.csv", {"weight", "waist", "pulse"}, data::TargetKind::numbers, 20, 3, 3},
      {"wine.csv", {"target"}, data::TargetKind::classes, 178, 13, 3}};
  for (const auto& set : sets) {
    const auto source = open(csv_spec(shipped(set.file), set.target), set.kind);
    EXPECT_EQ(source.training_size(), set.rows) << set.file;
    EXPECT_EQ(source.inputs(), set.inputs) << set.file;
    EXPECT_EQ(source.outputs(), set.outputs) << set.file;
  }
}

TEST(CsvSource, CountsTheClassesOfTheShippedSets) {
  const std::pair<const char*, std::vector<std::int64_t>> sets[] = {
      {"breast_cancer.csv", {212, 357}}, {"iris.csv", {50, 50, 50}}, {"wine.csv", {59, 71, 48}}};
  for (const auto& [file, expected] : sets) {
    std::vector<std::int64_t> count(expected.size());
    for (const auto c :
         open(csv_spec(shipped(file), {"target"}), data::TargetKind::classes).training(0).classes)
      ++count.at(std::size_t(c));
    EXPECT_EQ(count, expected) << file;
  }
}

TEST(CsvSource, CodesTextClassesInSortedOrder) {
  const TemporaryFile file("x,y\n1,pear\n2,apple\n3,\"fig, dried\"\n4,apple\n");
  const auto source = open(csv_spec(file.path()), data::TargetKind::classes);
  EXPECT_EQ(source.names().classes, (Words{"apple", "fig, dried", "pear"}));
  EXPECT_EQ(source.training(0).classes, (std::vector<std::int64_t>{2, 0, 1, 0}));
  EXPECT_TRUE(source.training(0).targets.is_empty());
  EXPECT_EQ(source.outputs(), 3u);
}

TEST(CsvSource, CodesNumberClassesByValue) {
  const TemporaryFile file("x,y\n1,10\n2,9\n3,-1\n4,9.0\n");
  const auto source = open(csv_spec(file.path()), data::TargetKind::classes);
  EXPECT_EQ(source.names().classes, (Words{"-1", "9", "10"}));
  EXPECT_EQ(source.training(0).classes, (std::vector<std::int64_t>{2, 1, 0, 1}));
}

TEST(CsvSource, CodesProbabilities) {
  const TemporaryFile file("x,p,q\n1,0.25,no\n2,1,yes\n3,0,no\n");
  const auto source = open(csv_spec(file.path(), {"p", "q"}), data::TargetKind::probabilities);
  EXPECT_TRUE(same(source.training(0).targets, arma::mat{{0.25, 1, 0}, {0, 1, 0}}));
  EXPECT_EQ(source.outputs(), 2u);
}

TEST(CsvSource, SplitsIntoDisjointPartsThatCoverTheFile) {
  const TemporaryFile file(numbered(100));
  for (const double fraction : {0.001, 0.25, 0.5, 0.999}) {
    auto spec = csv_spec(file.path());
    spec.test_fraction = fraction;
    const auto source = open(spec);
    const auto train = source.training(0);
    const auto& test = source.test().data;
    const auto expected = fraction < 0.01 ? 1 : fraction > 0.99 ? 99 : 100 * fraction;
    EXPECT_EQ(double(test.size()), expected);
    std::set<double> ids(train.features.begin_row(0), train.features.end_row(0));
    ids.insert(test.features.begin_row(0), test.features.end_row(0));
    EXPECT_EQ(train.size() + test.size(), 100u);
    EXPECT_EQ(ids.size(), 100u);
    EXPECT_TRUE(same(test.targets, 10 * test.features.row(0)));
    EXPECT_TRUE(same(train.targets, 10 * train.features.row(0)));
    EXPECT_TRUE(arma::rowvec(train.features.row(0)).is_sorted());
  }
}

TEST(CsvSource, RoundsTheTestPartHalfUp) {
  const TemporaryFile file(numbered(10));
  auto spec = csv_spec(file.path());
  for (const auto& [fraction, rows] : {std::pair{0.25, 3u}, {0.24, 2u}, {0.26, 3u}}) {
    spec.test_fraction = fraction;
    EXPECT_EQ(open(spec).test().data.size(), rows);
  }
}

TEST(CsvSource, SplitsBySeedAndNotByReplicateOrScheme) {
  const TemporaryFile file(numbered(50));
  auto spec = csv_spec(file.path());
  spec.test_fraction = 0.3;
  const auto held_out = [&](data::Resample scheme, std::uint64_t seed) {
    return open(spec, data::TargetKind::numbers, scheme, seed).test().data.features;
  };
  EXPECT_TRUE(same(held_out(data::Resample::none, 1), held_out(data::Resample::bootstrap, 1)));
  EXPECT_FALSE(same(held_out(data::Resample::none, 1), held_out(data::Resample::none, 2)));
}

TEST(CsvSource, HoldsOutEveryRowEquallyOften) {
  const TemporaryFile file(numbered(20));
  auto spec = csv_spec(file.path());
  spec.test_fraction = 0.25;
  std::vector<double> count(20);
  constexpr int seeds = 800;
  for (int seed = 0; seed < seeds; ++seed) {
    const auto source =
        open(spec, data::TargetKind::numbers, data::Resample::none, std::uint64_t(seed));
    for (const auto id : source.test().data.features.row(0)) ++count[std::size_t(id)];
  }
  for (const auto c : count) EXPECT_NEAR(c / seeds, 0.25, 4.5 * std::sqrt(0.25 * 0.75 / seeds));
}

TEST(CsvSource, ResamplesTheTrainingPartOnly) {
  const TemporaryFile file(numbered(40));
  auto spec = csv_spec(file.path());
  spec.test_fraction = 0.5;
  const auto source = open(spec, data::TargetKind::numbers, data::Resample::bootstrap);
  const auto& test = source.test().data.features;
  const std::set<double> held_out(test.begin_row(0), test.end_row(0));
  for (std::uint64_t r = 0; r < 5; ++r) {
    const auto data = source.training(r);
    for (const auto id : data.features.row(0)) EXPECT_FALSE(held_out.contains(id));
  }
}

TEST(CsvSource, CarriesWeightsThroughSplitAndResampling) {
  const TemporaryFile file(numbered(40));
  auto spec = csv_spec(file.path());
  spec.weight = "t";
  spec.test_fraction = 0.5;
  const auto source = open(spec, data::TargetKind::numbers, data::Resample::bootstrap);
  const auto data = source.training(3);
  const auto of_mean_one = [](const arma::rowvec& w) -> arma::rowvec { return w / arma::mean(w); };
  EXPECT_TRUE(
      arma::approx_equal(data.weights, of_mean_one(data.features.row(0)), "absdiff", 1e-14));
  const auto& test = source.test().data;
  EXPECT_TRUE(
      arma::approx_equal(test.weights, of_mean_one(test.features.row(0)), "absdiff", 1e-14));
}

TEST(CsvSource, ReadsATestFileWhateverTheOrderOfItsColumns) {
  const TemporaryFile train("a,b,y\n1,2,no\n3,4,yes\n"), test("y,b,a\nyes,20,10\n");
  auto spec = csv_spec(train.path());
  spec.test_path = test.path();
  const auto source = open(spec, data::TargetKind::classes);
  EXPECT_TRUE(same(source.test().data.features, arma::vec{10, 20}));
  EXPECT_EQ(source.test().data.classes, std::vector<std::int64_t>{1});
  EXPECT_EQ(source.training_size(), 2u);
}

// 2^53 and 2^53 + 1 are the same double.
TEST(CsvSource, TellsWholeLabelsApartByAllTheirDigits) {
  const TemporaryFile file(
      "x,y\n1,9007199254740993\n2,9007199254740992\n3,-9007199254740993\n"
      "4,9007199254740992.0\n5,123456789012345678901234567890\n6,10\n7,1e1\n8,-2\n9,+10\n");
  const auto source = open(csv_spec(file.path()), data::TargetKind::classes);
  EXPECT_EQ(source.names().classes, (Words{"-9007199254740993", "-2", "10", "9007199254740992",
                                           "9007199254740993", "123456789012345678901234567890"}));
  EXPECT_EQ(source.training(0).classes, (std::vector<std::int64_t>{4, 3, 0, 3, 5, 2, 2, 1, 2}));
}

TEST(CsvSource, TellsLabelsThatAreNearlyWholeFromWholeOnes) {
  const TemporaryFile file("x,y\n1,1\n2,2\n3,1.00000000000000000001\n");
  EXPECT_EQ(testing::error_of([&] { open(csv_spec(file.path()), data::TargetKind::classes); },
                              file.path()),
            ":4:3: error: the loss wants classes, and column 'y' holds 1.00000000000000000001; "
            "classes are text or whole numbers; of measured numbers, choose a loss of numbers, "
            "such as mse");
}

TEST(CsvSource, RefusesNumbersThatNoDoubleHoldsAndTakesTinyOnesAsZero) {
  const TemporaryFile large("x,y\n1,2\n1e400,3\n"), tiny("x,y\n1,2\n-1e-400,3\n");
  EXPECT_EQ(testing::error_of([&] { open(csv_spec(large.path())); }, large.path()),
            ":3:1: error: column 'x': 1e400 is too large for float64 (its largest number is "
            "1.8e+308); scale the column down");
  EXPECT_EQ(open(csv_spec(tiny.path())).training(0).features(1), 0);
}

}  // namespace
}  // namespace descent
