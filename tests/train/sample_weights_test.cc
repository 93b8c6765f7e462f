// SPDX-License-Identifier: MIT
// Sample weights have one meaning in a whole training: a mean is sum(w l) / sum(w), so that a row
// of weight 0 is a row left out, an integer weight is a repeated row, and only ratios count.
#include <fstream>
#include <functional>
#include <utility>

#include "train/support.h"

namespace descent::testing {
namespace {

struct Row {
  double x, z;
  int label;  // number: 3 label - x
  int weight;
};

const std::vector<Row> training_rows{{0, 2, 0, 1}, {1, -1, 1, 2}, {2, 0.5, 1, 0}, {3, 3, 0, 3},
                                     {4, 1, 1, 1}, {9, 40, 0, 0}, {5, -2, 1, 2},  {-1, 4, 0, 1}};
const std::vector<Row> test_rows{
    {0.5, 1, 1, 2}, {8, -30, 0, 0}, {2.5, 2, 0, 3}, {-2, 0, 1, 1}, {1.5, 3, 1, 1}};
const std::vector<Row> validation_rows{{0, 0, 1, 1}, {70, 3, 1, 0}, {3, 1, 0, 4}, {1, 2, 1, 2}};

// What a set becomes before it is written.
using Change = std::function<std::vector<Row>(const std::vector<Row>&)>;

std::vector<Row> as_it_is(const std::vector<Row>& rows) { return rows; }

std::vector<Row> without_zeros(std::vector<Row> rows) {
  std::erase_if(rows, [](const Row& row) { return row.weight == 0; });
  return rows;
}

std::vector<Row> repeated(const std::vector<Row>& rows) {
  std::vector<Row> all;
  for (auto row : rows)
    for (int i = std::exchange(row.weight, 1); i > 0; --i) all.push_back(row);
  return all;
}

class SampleWeights : public ::testing::TestWithParam<const char*> {
 protected:
  record::Run trained(const Change& change, const std::string& factor = "",
                      const std::function<void(train::Settings&)>& also = {}) const {
    auto s = file(write("train.csv", change(training_rows), factor), GetParam(), 0.05, 30);
    auto& data = std::get<data::CsvSpec>(s.data);
    data.test_path = write("test.csv", change(test_rows), factor);
    data.validation_path = write("validation.csv", change(validation_rows), factor);
    data.weight = "w";
    s.features = {data::Standardize{}};
    const std::string loss = GetParam();
    if (loss == "bce") s.model.layers.push_back({.kind = nn::LayerSpec::Kind::sigmoid});
    if (also) also(s);
    return train(s);
  }

  static void expect_same(const record::Run& found, const record::Run& expected, double tolerance) {
    expect_near(weights(found), weights(expected), tolerance);
    for (const auto& [name, value] : values_of(expected))
      EXPECT_NEAR(values_of(found).at(name), value, tolerance * (1 + std::abs(value))) << name;
    for (const auto metric : {record::Metric::train_loss, record::Metric::running_loss})
      for (const auto& [epoch, value] : curve(expected, metric))
        EXPECT_NEAR(curve(found, metric).at(epoch), value, tolerance * (1 + std::abs(value)));
  }

 private:
  static std::map<std::string, double> values_of(const record::Run& run) {
    std::map<std::string, double> all{{"train_loss", run.train_loss},
                                      {"validation_loss", run.validation_loss},
                                      {"test_loss", run.test_loss}};
    if (!std::isnan(run.train_accuracy))
      all.insert({{"train_accuracy", run.train_accuracy},
                  {"validation_accuracy", run.validation_accuracy},
                  {"test_accuracy", run.test_accuracy}});
    return all;
  }

  std::string write(const std::string& name, const std::vector<Row>& rows,
                    const std::string& factor) const {
    const bool numbers = std::string(GetParam()) == "mse" || std::string(GetParam()) == "l1";
    const auto path = (folder_.path() / name).string();
    std::ofstream out(path);
    out << "x,z,y,w\n";
    for (const auto& row : rows)
      out << row.x << ',' << row.z << ','
          << (numbers ? std::to_string(3 * row.label - row.x) : std::to_string(row.label)) << ','
          << row.weight << (row.weight > 0 ? factor : "") << '\n';
    return path;
  }

  Folder folder_;
};

INSTANTIATE_TEST_SUITE_P(Losses, SampleWeights,
                         ::testing::Values("mse", "l1", "cross_entropy", "bce", "bce_with_logits",
                                           "multi_margin"),
                         [](const auto& one) { return std::string(one.param); });

TEST_P(SampleWeights, OfZeroAreRowsLeftOut) {
  expect_same(trained(as_it_is), trained(without_zeros), 0);
}

TEST_P(SampleWeights, OfZeroAreRowsLeftOutOfASumToo) {
  const auto sum = [](train::Settings& s) { s.loss.reduction = train::Reduction::sum; };
  expect_same(trained(as_it_is, "", sum), trained(without_zeros, "", sum), 0);
}

TEST_P(SampleWeights, OfZeroAreRowsLeftOutOfBatchesToo) {
  const auto small = [](train::Settings& s) { s.train.batch = 2; };
  expect_same(trained(as_it_is, "", small), trained(without_zeros, "", small), 0);
}

TEST_P(SampleWeights, AreRepetitions) { expect_same(trained(as_it_is), trained(repeated), 1e-12); }

TEST_P(SampleWeights, CountOnlyInRatios) {
  for (const auto* factor : {"000", "e-300", "e300"})
    expect_same(trained(as_it_is, factor), trained(as_it_is), 1e-12);
}

TEST_P(SampleWeights, CountOnlyInRatiosInFloat32) {
  const auto single = [](train::Settings& s) { s.dtype = Element::float32; };
  expect_same(trained(as_it_is, "e-300", single), trained(as_it_is, "", single), 1e-5);
}

// With a class weight c the mean is sum(c w l) / sum(c w) where the loss divides by class weights.
TEST_P(SampleWeights, AreRepetitionsWithClassWeights) {
  if (std::string(GetParam()) != "cross_entropy") GTEST_SKIP() << "takes no class weights";
  const auto weigh = [](train::Settings& s) { s.loss.class_weight = {1, 5}; };
  expect_same(trained(as_it_is, "", weigh), trained(repeated, "", weigh), 1e-12);
}

// n / (classes n_c) of weights is that of repeated rows. With one weight more the classes differ.
TEST_P(SampleWeights, AreRepetitionsWithBalancedClasses) {
  if (std::string(GetParam()) != "cross_entropy") GTEST_SKIP() << "takes no class weights";
  const auto balance = [](train::Settings& s) { s.loss.is_balanced = true; };
  const auto heavier = [](std::vector<Row> rows) {
    rows.front().weight = 6;
    return rows;
  };
  const auto longer = [&](const std::vector<Row>& rows) { return repeated(heavier(rows)); };
  expect_same(trained(heavier, "", balance), trained(longer, "", balance), 1e-12);
}

// At rate 0 every batch is measured at the same weights, so the epoch's loss is the training loss.
TEST_P(SampleWeights, GiveTheRunningLossOfTheWholeSet) {
  for (const auto reduction : {train::Reduction::mean, train::Reduction::sum})
    for (const std::uint64_t batch : {1, 2, 4, 5, 6, 7}) {
      const auto still = [&](train::Settings& s) {
        s.optimizer = optimizer("sgd", {{"lr", 0}});
        s.train.batch = batch;
        s.train.epochs = 2;
        s.loss.reduction = reduction;
        s.model.init = {nn::InitSpec::Kind::uniform, -1, 1};
        if (std::string(GetParam()) == "cross_entropy") s.loss.class_weight = {1, 5};
      };
      const auto run = trained(as_it_is, "", still);
      EXPECT_NEAR(curve(run, record::Metric::running_loss).at(2), run.train_loss,
                  1e-13 * std::abs(run.train_loss))
          << "batch " << batch << (reduction == train::Reduction::sum ? " of sums" : "");
    }
}

}  // namespace
}  // namespace descent::testing
