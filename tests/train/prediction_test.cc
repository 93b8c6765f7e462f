// SPDX-License-Identifier: MIT
// Accuracy and probabilities of every kind of prediction.
#include "train/prediction.h"

#include <gtest/gtest.h>

#include <cmath>

namespace descent {
namespace {

const arma::mat outputs = {{2, -1, 0, 800}, {1, 3, 0.5, -800}, {-1, 0, 0.25, 0}};
const host::Targets<double> classes{{}, {0, 1, 2, 0}, {}};

TEST(Accuracy, IsTheShareWithTheClassAsTheLargestOutput) {
  EXPECT_EQ(train::accuracy(DESCENT_LOGITS, outputs, classes), 0.75);
  EXPECT_EQ(train::accuracy(DESCENT_LOG_PROBABILITIES, outputs, classes), 0.75);
}

TEST(Accuracy, IsOverTheSamplesThatTheLossDoesNotIgnore) {
  EXPECT_EQ(train::accuracy(DESCENT_LOGITS, outputs, classes, 2), 1);
  EXPECT_EQ(train::accuracy(DESCENT_LOGITS, outputs, classes, 0), 0.5);
  const host::Targets<double> weighted{{}, {0, 1, 2, 0}, {{1, 2, 3, 4}}};
  EXPECT_EQ(train::accuracy(DESCENT_LOGITS, outputs, weighted, 0), 0.4);
}

TEST(Accuracy, TakesTheLargestProbabilityForTheClass) {
  const host::Targets<double> soft{
      {{0.6, 0, 0, 0.1}, {0.3, 0.9, 0.2, 0.8}, {0.1, 0.1, 0.8, 0.1}}, {}, {}};
  EXPECT_EQ(train::accuracy(DESCENT_LOGITS, outputs, soft), 0.5);
}

TEST(Accuracy, OfBinaryOutputsIsTheShareOnTheRightSide) {
  const arma::mat logits = {{-1, 0.1, 3, -0.2}}, probabilities = {{0.2, 0.6, 0.9, 0.4}};
  const host::Targets<double> targets{{{0, 1, 0, 0}}, {}, {}};
  EXPECT_EQ(train::accuracy(DESCENT_BINARY_LOGITS, logits, targets), 0.75);
  EXPECT_EQ(train::accuracy(DESCENT_BINARY_PROBABILITIES, probabilities, targets), 0.75);
}

TEST(Accuracy, OfSignsIsTheShareOfScoresWithTheSignOfTheTarget) {
  const arma::mat scores = {{-1, 0.1, 3, 0.2}};
  const host::Targets<double> signs{{{-1, 1, -1, 1}}, {}, {}};
  EXPECT_EQ(train::accuracy(DESCENT_VALUES, scores, signs), 0.75);
  using data::TargetKind;
  EXPECT_TRUE(train::has_accuracy(train::estimated(DESCENT_VALUES, TargetKind::signs)));
  EXPECT_TRUE(train::is_numeric(train::estimated(DESCENT_VALUES, TargetKind::signs)));
  EXPECT_FALSE(train::has_accuracy(train::estimated(DESCENT_VALUES, TargetKind::numbers)));
}

void expect_distributions(const arma::mat& log_p) {
  const arma::mat sums = arma::sum(arma::exp(log_p));
  EXPECT_LE(arma::abs(sums - 1).max(), 1e-14) << sums;
}

TEST(LogProbabilities, OfLogitsAreTheirSoftmax) {
  const arma::mat log_p = train::log_probabilities(DESCENT_LOGITS, outputs);
  expect_distributions(log_p);
  const double sum = std::exp(2) + std::exp(1) + std::exp(-1);
  EXPECT_NEAR(log_p(0, 0), 2 - std::log(sum), 1e-14);
  EXPECT_NEAR(log_p(2, 0), -1 - std::log(sum), 1e-14);
  EXPECT_NEAR(log_p(1, 3), -1600, 1e-12) << "no overflow";
}

TEST(LogProbabilities, OfLogProbabilitiesAreThemselves) {
  const arma::mat given = arma::log(arma::mat{{0.25, 0.5}, {0.75, 0.5}});
  const arma::mat log_p = train::log_probabilities(DESCENT_LOG_PROBABILITIES, given);
  expect_distributions(log_p);
  EXPECT_TRUE(arma::approx_equal(log_p, given, "absdiff", 0));
}

TEST(LogProbabilities, OfBinaryLogitsAreThoseOfNoAndYes) {
  const arma::mat log_p =
      train::log_probabilities(DESCENT_BINARY_LOGITS, arma::mat{{0.5, -900}, {2, 900}});
  ASSERT_EQ(arma::size(log_p), arma::size(2, 4)) << "an output of a sample a column";
  expect_distributions(log_p);
  EXPECT_NEAR(log_p(1, 0), -std::log1p(std::exp(-0.5)), 1e-15);
  EXPECT_NEAR(log_p(0, 1), -std::log1p(std::exp(2)), 1e-15);
  EXPECT_NEAR(log_p(1, 2), -900, 1e-12);
  EXPECT_NEAR(log_p(0, 3), -900, 1e-12);
}

TEST(LogProbabilities, OfBinaryProbabilitiesAreTheirLogarithms) {
  const arma::mat log_p =
      train::log_probabilities(DESCENT_BINARY_PROBABILITIES, arma::mat{{0.3, 1e-20}});
  expect_distributions(log_p);
  EXPECT_NEAR(log_p(1, 0), std::log(0.3), 1e-15);
  EXPECT_NEAR(log_p(0, 0), std::log(0.7), 1e-15);
  EXPECT_NEAR(log_p(1, 1), std::log(1e-20), 1e-13);
}

TEST(LogProbabilities, OfFloatAreWorkedOutInDouble) {
  const arma::fmat narrow = arma::conv_to<arma::fmat>::from(outputs);
  EXPECT_TRUE(arma::approx_equal(train::log_probabilities(DESCENT_LOGITS, narrow),
                                 train::log_probabilities(DESCENT_LOGITS, outputs), "absdiff",
                                 1e-13));
}

TEST(TargetProbabilities, OfClassesAreOneHot) {
  const arma::mat expected = {{1, 0, 0, 1}, {0, 1, 0, 0}, {0, 0, 1, 0}};
  EXPECT_TRUE(arma::approx_equal(train::target_probabilities(DESCENT_LOGITS, 3, classes), expected,
                                 "absdiff", 0));
}

TEST(TargetProbabilities, OfBinaryTargetsAreNoAndYes) {
  const host::Targets<double> targets{{{0, 0.25}, {1, 0.5}}, {}, {}};
  const arma::mat expected = {{1, 0, 0.75, 0.5}, {0, 1, 0.25, 0.5}};
  EXPECT_TRUE(arma::approx_equal(train::target_probabilities(DESCENT_BINARY_LOGITS, 2, targets),
                                 expected, "absdiff", 0));
}

// So that the mean of -sum q log p is the loss itself.
TEST(TargetProbabilities, AndLogProbabilitiesMakeTheCrossEntropy) {
  const arma::mat q = train::target_probabilities(DESCENT_LOGITS, 3, classes);
  const arma::mat log_p = train::log_probabilities(DESCENT_LOGITS, outputs);
  double expected = 0;
  for (arma::uword j = 0; j < 4; ++j) expected -= log_p(arma::uword(classes.classes[j]), j);
  EXPECT_NEAR(-arma::accu(q % log_p), expected, 1e-13);
}

using train::Estimated, data::TargetKind;

TEST(Estimated, AreClassesWherePredictionAndTargetAreOfClasses) {
  for (const auto kind : {DESCENT_LOGITS, DESCENT_LOG_PROBABILITIES}) {
    EXPECT_EQ(train::estimated(kind, TargetKind::classes), Estimated::classes);
    EXPECT_EQ(train::estimated(kind, TargetKind::distributions), Estimated::classes);
    EXPECT_EQ(train::estimated(kind, TargetKind::numbers), Estimated::nothing);
  }
  for (const auto kind : {DESCENT_BINARY_LOGITS, DESCENT_BINARY_PROBABILITIES}) {
    EXPECT_EQ(train::estimated(kind, TargetKind::probabilities), Estimated::classes);
    EXPECT_EQ(train::estimated(kind, TargetKind::classes), Estimated::nothing);
  }
}

TEST(Estimated, AreNumbersUnlessTheTargetsAreClasses) {
  for (const auto kind :
       {DESCENT_VALUES, DESCENT_RATES, DESCENT_LOG_RATES, DESCENT_MEANS_AND_VARIANCES}) {
    EXPECT_EQ(train::estimated(kind, TargetKind::numbers), Estimated::numbers);
    EXPECT_EQ(train::estimated(kind, TargetKind::counts), Estimated::numbers);
    EXPECT_EQ(train::estimated(kind, TargetKind::classes), Estimated::nothing);
  }
}

TEST(Estimates, OfLogarithmicRatesAreTheirExponentials) {
  const arma::mat x{{0, 1}};
  EXPECT_EQ(train::estimates(DESCENT_RATES, false, x)(1), 1);
  EXPECT_EQ(train::estimates(DESCENT_RATES, true, x)(1), std::exp(1.0));
}

}  // namespace
}  // namespace descent
