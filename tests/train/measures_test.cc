// SPDX-License-Identifier: MIT
// The measures of predictions against those of scikit-learn (tests/reference/measures/make.py).
#include "train/measures.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "paths.h"

namespace descent {
namespace {

using nlohmann::json;
using record::Measure;

const json& reference() {
  static const json all = [] {
    std::ifstream file(source_path("tests/reference/measures/measures.json"));
    return json::parse(file);
  }();
  return all;
}

// Rows of the file are rows here.
arma::mat matrix(const json& rows) {
  arma::mat values(rows.size(), rows.at(0).size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < rows[i].size(); ++j) values(i, j) = rows[i][j].get<double>();
  return values;
}

host::Targets<double> weighted(const json& one) {
  host::Targets<double> targets;
  if (!one["weights"].is_null())
    targets.weights = arma::rowvec(one["weights"].get<std::vector<double>>());
  return targets;
}

Measure measure_named(const std::string& name) {
  std::size_t i = 0;
  while (record::measure_facts[i].name != name) ++i;
  return Measure(i);
}

// 1e-12 of a value, or of 1 where that is more.
void expect_measures(const json& one, const train::Meaning& meaning, const arma::mat& prediction,
                     const host::Targets<double>& targets) {
  for (const auto& [name, expected] : one["measures"].items()) {
    if (expected.is_null()) continue;
    const double found = train::measured({measure_named(name)}, meaning, prediction, targets)[0];
    const double value = expected.get<double>();
    EXPECT_NEAR(found, value, 1e-12 * std::max(1.0, std::abs(value)))
        << one["name"] << ": " << name;
  }
}

TEST(Measures, OfNumbersAreThoseOfScikitLearn) {
  for (const auto& one : reference()["numbers"]) {
    auto targets = weighted(one);
    targets.values = matrix(one["target"]);
    expect_measures(one, {DESCENT_VALUES, train::Estimated::numbers, false},
                    matrix(one["prediction"]), targets);
  }
}

TEST(Measures, OfClassesAreThoseOfScikitLearn) {
  for (const auto& one : reference()["classes"]) {
    auto targets = weighted(one);
    targets.classes = one["target"].get<std::vector<std::int64_t>>();
    const arma::mat logarithms = arma::log(matrix(one["probabilities"]).t());
    expect_measures(one, {DESCENT_LOG_PROBABILITIES, train::Estimated::classes, false}, logarithms,
                    targets);
  }
}

TEST(Measures, OfBinaryOutputsAreThoseOfScikitLearn) {
  for (const auto& one : reference()["outputs"]) {
    auto targets = weighted(one);
    targets.values = matrix(one["target"]);
    expect_measures(one, {DESCENT_BINARY_PROBABILITIES, train::Estimated::classes, false},
                    matrix(one["probabilities"]), targets);
  }
}

TEST(Measures, ConfusionMatricesAreThoseOfScikitLearn) {
  for (const auto& one : reference()["classes"]) {
    auto targets = weighted(one);
    targets.classes = one["target"].get<std::vector<std::int64_t>>();
    const auto found =
        train::confusions(DESCENT_LOGITS, arma::mat(matrix(one["probabilities"]).t()), targets);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_LT(arma::abs(found[0] - matrix(one["confusion"])).max(), 1e-12) << one["name"];
  }
}

// As if the samples of the class were not there.
TEST(Measures, LeaveOutTheClassThatTheLossIgnores) {
  const arma::mat logits = {{2, -1, 0, 3, 1}, {1, 3, 0.5, -2, 0}, {-1, 0, 0.25, 0, 2}};
  host::Targets<double> all, rest;
  all.classes = {0, 1, 2, 0, 1};
  rest.classes = {0, 1, 0, 1};
  const arma::mat rest_of_logits = logits.cols(arma::uvec{0, 1, 3, 4});
  const train::Meaning plain{DESCENT_LOGITS, train::Estimated::classes, false};
  auto ignoring = plain;
  ignoring.ignored = 2;
  const std::vector<Measure> measures = {Measure::log_loss, Measure::brier, Measure::f1_micro,
                                         Measure::mcc, Measure::top_2_accuracy};
  EXPECT_EQ(train::measured(measures, ignoring, logits, all),
            train::measured(measures, plain, rest_of_logits, rest));
  EXPECT_EQ(arma::accu(train::confusions(DESCENT_LOGITS, logits, all, 2)[0]), 4);
}

TEST(Measures, AreNotDefinedOfPredictionsThatAreNoNumbers) {
  host::Targets<double> targets;
  targets.classes = {0, 1};
  const arma::mat prediction = {{1, arma::datum::nan}, {0, 1}};
  EXPECT_TRUE(std::isnan(train::measured({Measure::roc_auc},
                                         {DESCENT_LOGITS, train::Estimated::classes, false},
                                         prediction, targets)[0]));
}

TEST(Measures, AreDefinedForOneClassAloneWhereScikitLearnsAre) {
  host::Targets<double> targets;
  targets.classes = {1, 1};
  const arma::mat prediction = {{1, 0}, {0, 1}};
  const train::Meaning meaning{DESCENT_LOGITS, train::Estimated::classes, false};
  const auto values =
      train::measured({Measure::roc_auc, Measure::balanced_accuracy}, meaning, prediction, targets);
  EXPECT_TRUE(std::isnan(values[0])) << "nothing is ranked below the class";
  EXPECT_EQ(values[1], 0.5);
}

}  // namespace
}  // namespace descent
