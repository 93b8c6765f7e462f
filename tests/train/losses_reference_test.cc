// SPDX-License-Identifier: MIT
// Every loss plugin against the reference values and gradients, in double as given and in float
// where the numbers are ordinary.
#include "host/loss.h"
#include "train/reference.h"

namespace descent::testing {
namespace {

using nlohmann::json;

class Losses : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    one_ = read(GetParam());
    if (!is_built(DESCENT_LOSS, name())) GTEST_SKIP() << "loss '" << name() << "' is not built";
  }

  std::string name() const { return one_.at("loss"); }
  std::string reduction() const { return one_.at("params").at("reduction"); }

  // Losses of a mean and a variance read them as one prediction: k rows of means over k of
  // variances. One variance per sample is that of all its outputs.
  arma::mat prediction() const {
    const arma::mat mean = samples(one_.at("prediction"));
    if (!one_.contains("variance")) return mean;
    const arma::mat variance = samples(one_.at("variance"));
    return arma::join_cols(mean, arma::repmat(variance, mean.n_rows / variance.n_rows, 1));
  }

  template <class T>
  host::Targets<T> targets() const {
    host::Targets<T> targets;
    const auto& given = one_.at("target");
    if (given[0].is_number_integer())
      targets.classes = given.get<std::vector<std::int64_t>>();
    else
      targets.values = arma::conv_to<arma::Mat<T>>::from(samples(given));
    if (one_.contains("weights"))
      targets.weights = arma::conv_to<arma::Mat<T>>::from(samples(one_.at("weights")));
    return targets;
  }

  // The weight per class or output, under the name the plugin gives it.
  template <class T>
  arma::Col<T> class_weight(const host::Plugin& plugin) const {
    for (const char* key : {"class_weight", "pos_weight"})
      if (one_.contains(key)) {
        EXPECT_STREQ(plugin->class_weight, key);
        return arma::conv_to<arma::Col<T>>::from(matrix(one_.at(key)));
      }
    return {};
  }

  // "batchmean" is the sum divided by the number of samples.
  template <class T>
  void evaluate() {
    const auto& catalog = plugins();
    const host::Plugin plugin = catalog.get(DESCENT_LOSS, name());
    host::Loss<T> loss(plugin, settled(plugin, one_.at("params")), class_weight<T>(plugin),
                       reduction() == "mean" ? DESCENT_MEAN : DESCENT_SUM);
    const arma::Mat<T> x = arma::conv_to<arma::Mat<T>>::from(prediction());
    const double divisor = reduction() == "batchmean" ? double(x.n_cols) : 1;
    arma::Mat<T> slope(arma::size(x));
    value_ = loss.evaluate(x, targets<T>(), &slope) / divisor;
    gradient_ = arma::conv_to<arma::mat>::from(slope) / divisor;
    value_alone_ = loss.evaluate(x, targets<T>(), nullptr) / divisor;
  }

  void expect_values(double expected, double tolerance) const {
    EXPECT_NEAR(value_, expected, tolerance);
    EXPECT_NEAR(value_alone_, expected, tolerance) << "without gradient";
  }

  // The gradient with respect to the variance, summed where one variance is that of all outputs.
  arma::mat variance_gradient(arma::uword rows) const {
    const arma::mat lower = gradient_.tail_rows(gradient_.n_rows / 2);
    return rows == 1 && lower.n_rows > 1 ? arma::mat(arma::sum(lower, 0)) : lower;
  }

  json one_;
  double value_ = 0, value_alone_ = 0;  // with the gradient, without
  arma::mat gradient_;
};

TEST_P(Losses, Matches) {
  evaluate<double>();
  const auto& tolerance = one_.at("tolerance");
  const arma::mat expected = samples(one_.at("gradient"));
  expect_values(one_.at("value"), tolerance.at("value"));
  expect_all_close(gradient_.head_rows(expected.n_rows), expected, tolerance.at("gradient"),
                   "gradient");
  if (!one_.contains("variance")) return;
  const arma::mat variance = samples(one_.at("gradient_variance"));
  expect_all_close(variance_gradient(variance.n_rows), variance, tolerance.at("gradient_variance"),
                   "gradient_variance");
}

TEST_P(Losses, MatchesInSinglePrecision) {
  const std::string note = one_.value("note", "");
  for (const char* word : {"extreme", "large", "exactly", "next to", "clamped"})
    if (note.find(word) != note.npos) GTEST_SKIP() << "not for float: " << note;
  evaluate<float>();
  const arma::mat expected = samples(one_.at("gradient"));
  const double value = one_.at("value");
  expect_values(value, 1e-5 * std::max(1.0, std::abs(value)));
  expect_all_close(gradient_.head_rows(expected.n_rows), expected,
                   1e-5 * std::max(1.0, arma::abs(expected).max()), "gradient");
}

INSTANTIATE_TEST_SUITE_P(Reference, Losses, ::testing::ValuesIn(cases("losses")), test_name);

}  // namespace
}  // namespace descent::testing
