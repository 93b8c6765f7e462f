// SPDX-License-Identifier: MIT
// Targets as a loss defines them: two spellings of the same are coded, anything else is refused.
#include "data/target_kind.h"
#include "data/support.h"

namespace descent::testing {
namespace {

using enum data::TargetKind;

arma::mat targets(const std::string& rows, data::TargetKind kind,
                  std::vector<std::string> columns = {"y"}) {
  const TemporaryFile file(rows);
  return open(csv_spec(file.path(), std::move(columns)), kind).training(0).targets;
}

std::string refusal(const std::string& rows, data::TargetKind kind,
                    std::vector<std::string> columns = {"y"}) {
  const TemporaryFile file(rows);
  return error_of([&] { open(csv_spec(file.path(), std::move(columns)), kind); }, file.path());
}

TEST(Targets, SignsMayBeWrittenAsZeroAndOneOrAsText) {
  const arma::mat expected{{1, -1, 1}};
  EXPECT_TRUE(same(targets("x,y\n1,1\n2,-1\n3,1\n", signs), expected));
  EXPECT_TRUE(same(targets("x,y\n1,1\n2,0\n3,1\n", signs), expected));
  EXPECT_TRUE(same(targets("x,y\n1,yes\n2,no\n3,yes\n", signs), expected));
}

TEST(Targets, ProbabilitiesMayBeWrittenAsSigns) {
  EXPECT_TRUE(same(targets("x,y\n1,1\n2,-1\n", probabilities), arma::mat{{1, 0}}));
}

TEST(Targets, MixedSpellingsAreRefused) {
  EXPECT_TRUE(refusal("x,y\n1,1\n2,-1\n3,0\n", signs).starts_with(":4:3: error: "));
  EXPECT_TRUE(refusal("x,y\n1,1\n2,-1\n3,0.5\n", probabilities).starts_with(":3:3: error: "));
  const TemporaryFile train("x,y\n1,0\n2,1\n"), test("x,y\n1,-1\n");
  auto spec = csv_spec(train.path());
  spec.test_path = test.path();
  EXPECT_EQ(error_of([&] { open(spec, signs); }, test.path()),
            ":2:3: error: column 'y' holds -1 here, and 0 and 1 in the training file");
}

TEST(Targets, CountsAndPositiveNumbersAreHeldToTheirRange) {
  EXPECT_TRUE(same(targets("x,y\n1,0\n2,3\n", counts), arma::mat{{0, 3}}));
  EXPECT_EQ(refusal("x,y\n1,0\n2,-3\n", counts),
            ":3:3: error: the loss wants counts, and column 'y' holds -3, which is below 0; leave "
            "out such rows, or choose a loss of numbers, such as mse");
  EXPECT_TRUE(refusal("x,y\n1,2\n2,0\n", positive).starts_with(":3:3: error: "));
}

TEST(Targets, DistributionsSumToOneUpToTheRoundingOfTheirDecimals) {
  const std::vector<std::string> columns{"p", "q", "r"};
  EXPECT_EQ(refusal("x,p,q,r\n1,0.33,0.33,0.33\n", distributions, columns), "");
  EXPECT_EQ(
      refusal("x,p,q,r\n1,0.2,0.2,0.2\n", distributions, columns),
      ":2:3: error: the loss wants a probability for every class, and those of columns p, q, r "
      "sum to 0.6 here, not to 1; name a column for each class, or divide each by the sum of "
      "its row");
  EXPECT_EQ(refusal("x,p,q,r\n1,0.2,0.2,0.2\n", probabilities, columns), "") << "each by itself";
  // log 1/2 = -0.693147...
  EXPECT_EQ(refusal("x,p,q\n1,-0.6931472,-0.6931472\n", log_distributions, {"p", "q"}), "");
  EXPECT_TRUE(refusal("x,p,q\n1,0.5,0.5\n", log_distributions, {"p", "q"}).starts_with(":2:3: "));
}

TEST(Targets, LabelsAreNoNumbers) {
  EXPECT_EQ(refusal("x,y\n1,no\n2,yes\n", numbers),
            ":2:3: error: the loss wants numbers, and column 'y' holds text, such as 'no'; choose "
            "a loss of "
            "classes, such as cross_entropy");
  EXPECT_TRUE(refusal("x,y\n1,2\n2,three\n", numbers).starts_with(":3:3: error: column 'y' must"));
}

TEST(Targets, OnlyNumbersAreStandardized) {
  const TemporaryFile file("x,y\n1,1\n2,3\n");
  auto spec = csv_spec(file.path());
  spec.standardize_target = true;
  EXPECT_NE(error_of([&] { open(spec, counts); }), "");
}

// y = 2 b - 1 of a Bernoulli b with mean p: E[y] = 2 p - 1, Var[y] = 4 p (1 - p).
TEST(Targets, SignsThatAreDrawnHaveTheMomentsOfSigns) {
  data::SyntheticSpec spec;
  spec.function = {"0.25 + 0*x"};
  spec.noise.kind = data::NoiseSpec::Kind::bernoulli;
  spec.train = 4000;
  spec.test = 10;
  const auto source = open(spec, data::Resample::fresh, signs);
  const arma::mat y = source.training(0).targets;
  EXPECT_TRUE(arma::all(arma::vectorise(arma::abs(y)) == 1));
  EXPECT_NEAR(arma::mean(arma::vectorise(y)), -0.5, 4 * std::sqrt(0.75 / 4000));  // 4 se
  EXPECT_EQ(source.test().expectation(0), -0.5);
  EXPECT_EQ(source.test().noise, 0.75);
}

TEST(Targets, DrawnSignsMayBeWrittenAsZeroAndOne) {
  data::SyntheticSpec spec;
  spec.function = {"x > 0.5 ? 1 : 0"};
  spec.train = 50;
  const arma::mat y = open(spec, data::Resample::fresh, signs).training(0).targets;
  EXPECT_EQ(y.min(), -1);
  EXPECT_EQ(y.max(), 1);
  spec.function = {"x > 0.5 ? 1 : x > 0.2 ? 0 : -1"};
  EXPECT_NE(error_of([&] { open(spec, data::Resample::fresh, signs); }).find("write -1 and 1"),
            std::string::npos);
}

TEST(Targets, NoiseThatLeavesTheirRangeIsRefused) {
  data::SyntheticSpec spec;
  spec.function = {"1 + x"};
  spec.train = 5;
  spec.noise = {data::NoiseSpec::Kind::normal, 1};
  const auto refused = [&](data::TargetKind kind) {
    return error_of([&] { open(spec, data::Resample::fresh, kind); });
  };
  EXPECT_EQ(refused(counts),
            "error: the loss wants counts, and normal noise leaves the numbers >= 0; set noise: "
            "bernoulli or none, or choose a loss of numbers");
  EXPECT_NE(refused(positive).find("set noise: none"), std::string::npos);
  spec.noise = {data::NoiseSpec::Kind::bernoulli};
  EXPECT_NE(refused(positive), "");
}

}  // namespace
}  // namespace descent::testing
