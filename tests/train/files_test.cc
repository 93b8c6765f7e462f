// SPDX-License-Identifier: MIT
// Trainings on files: sample weights, class weights, accuracy, data that do not fit the model.
#include <fstream>

#include "train/loss_fit.h"
#include "train/support.h"

namespace descent::testing {
namespace {

class Files : public ::testing::Test {
 protected:
  std::string write(const std::string& text) const {
    const auto path = (folder_.path() / "data.csv").string();
    std::ofstream(path) << text;
    return path;
  }

  Folder folder_;
};

TEST_F(Files, WithSampleWeightsGiveWeightedLeastSquares) {
  auto s = file(write("x,y,w\n0,1,1\n1,3,2\n2,4,0.5\n3,9,0\n4,2,1\n"), "mse", 0.05, 5000);
  std::get<data::CsvSpec>(s.data).weight = "w";
  const arma::mat x = with_ones(arma::rowvec{0, 1, 2, 3, 4});
  const arma::vec y = {1, 3, 4, 9, 2};
  const arma::mat w = arma::diagmat(arma::vec{1, 2, 0.5, 0, 1});
  const arma::vec expected = arma::solve(x * w * x.t(), x * w * y);
  for (const std::uint64_t batch : {0, 5}) {
    s.train.batch = batch;
    expect_near(weights(train(s)), expected, 1e-9);
  }
}

TEST_F(Files, WithSampleWeightsKeepThemInMiniBatches) {
  auto s = file(write("x,y,w\n0,1,1\n1,3,2\n2,4,0.5\n3,9,0\n4,2,1\n"), "mse", 0, 2);
  std::get<data::CsvSpec>(s.data).weight = "w";
  s.train.batch = 2;
  const auto run = train(s);
  EXPECT_NEAR(run.train_loss, (1 + 18 + 8 + 0 + 4) / 4.5, 1e-13) << "sum(w l) / sum(w)";
  EXPECT_NEAR(curve(run, record::Metric::running_loss).at(2), run.train_loss, 1e-13);
}

// Inputs that say nothing: the best logits are the logarithms of the weighted frequencies.
TEST_F(Files, WithClassWeightsGiveWeightedFrequencies) {
  auto s = file(write("x,y\n0,a\n0,a\n0,a\n0,b\n0,b\n0,c\n"), "cross_entropy", 1, 3000);
  s.loss.class_weight = {1, 2, 5};
  const auto run = train(s);
  ASSERT_EQ(weights(run).n_elem, 6u);
  const arma::vec logits = weights(run).tail(3);
  const arma::vec p = arma::exp(logits) / arma::accu(arma::exp(logits));
  expect_near(p, arma::vec{3.0 / 12, 4.0 / 12, 5.0 / 12}, 1e-9);
  EXPECT_NEAR(run.train_accuracy, 1.0 / 6, 1e-15) << "all are called c";
}

TEST_F(Files, OfClassesHaveAccuracy) {
  const auto path = write("x,y\n-1,no\n-1,no\n-1,no\n-1,yes\n1,yes\n1,yes\n1,yes\n1,yes\n");
  auto s = file(path, "cross_entropy", 0.5, 200);
  const auto run = train(s);
  EXPECT_EQ(run.train_accuracy, 7.0 / 8) << "one lies among the others";
  EXPECT_EQ(curve(run, record::Metric::train_accuracy).size(), 2u);
  EXPECT_TRUE(curve(run, record::Metric::test_accuracy).empty()) << "there is no test set";
}

TEST_F(Files, WithOneWeightTooFewAreRefused) {
  auto s = file(write("x,y\n0,a\n1,b\n2,c\n"), "cross_entropy", 1, 1);
  s.loss.class_weight = {1, 2};
  EXPECT_EQ(error_of([&] { training(s); }),
            "error: loss.class_weight has 2 values, the model has 3 outputs; give one for each");
}

TEST_F(Files, WithMoreClassesThanOutputsAreRefused) {
  auto s = file(write("x,y\n0,a\n1,b\n2,c\n"), "cross_entropy", 1, 1);
  s.model.layers[0].units = 2;
  EXPECT_EQ(error_of([&] { training(s); }),
            "error: the model's last layer has 2 outputs, the data has 3 classes; use "
            "'{linear: auto}' or '{linear: 3}' as the last linear layer");
}

TEST(TargetKind, IsClassesWhereTheLossReadsThemAndThereIsOneColumn) {
  const auto catalog = all_plugins();
  const auto kind = [&](const char* loss, const std::vector<std::string>& columns) {
    const auto& plugin = catalog.get(DESCENT_LOSS, loss);
    return train::target_kind(plugin, plugin.settle({}).hyperparameters, columns.size());
  };
  EXPECT_EQ(kind("cross_entropy", {"y"}), data::TargetKind::classes);
  EXPECT_EQ(kind("cross_entropy", {"a", "b"}), data::TargetKind::distributions);
  EXPECT_EQ(kind("mse", {"y"}), data::TargetKind::numbers);
  EXPECT_EQ(kind("bce", {"y"}), data::TargetKind::probabilities);
}

}  // namespace
}  // namespace descent::testing
