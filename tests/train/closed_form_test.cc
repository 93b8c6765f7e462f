// SPDX-License-Identifier: MIT
// Trainings with every step known in closed form.
#include <bit>
#include <fstream>

#include "train/support.h"

namespace descent::testing {
namespace {

// Gradient descent on the mean squared error from w_0: w_t = w + (I - 2 lr G)^t (w_0 - w), with
// G = X X'/n and w the least squares solution.
class Descent {
 public:
  Descent(const data::Dataset& data, double lr) : lr_(lr) {
    const arma::mat x = with_ones(data.features);
    const arma::mat g = x * x.t() / double(x.n_cols);
    arma::eig_sym(eigenvalues_, eigenvectors_, g);
    solution_ = arma::solve(g, x * data.targets.t() / double(x.n_cols));
  }

  arma::vec operator()(const arma::vec& start, double t) const {
    const arma::vec factors = arma::pow(1 - 2 * lr_ * eigenvalues_, t);
    return solution_ +
           eigenvectors_ * arma::diagmat(factors) * eigenvectors_.t() * (start - solution_);
  }

  const arma::vec& eigenvalues() const { return eigenvalues_; }

 private:
  double lr_;
  arma::mat eigenvectors_;
  arma::vec eigenvalues_, solution_;
};

arma::vec start(const train::Settings& s, std::uint64_t replicate = 0) {
  Random random(s.seed, "init", replicate);
  arma::vec x;
  training(s).model().initialize(x, random);
  return x;
}

TEST(GradientDescent, FollowsItsClosedForm) {
  for (const std::uint64_t replicate : {0, 5})
    for (const std::uint64_t epochs : {0, 1, 10, 100, 3000}) {
      const auto s = line(0.01, epochs);
      const Descent closed_form(training(s).source().training(replicate), 0.01);
      const auto run = train(s, replicate);
      EXPECT_EQ(run.status, record::Status::done) << run.reason;
      EXPECT_EQ(run.steps, epochs);
      expect_near(weights(run), closed_form(start(s, replicate), double(epochs)), 1e-10);
    }
}

// The design of the experiment: eigenvalues, mean weights and squared bias are known to nine
// digits.
TEST(GradientDescent, MeetsTheKnownNumbersOfTheLine) {
  auto s = line(0.01, 3000, 0);
  s.model.init = {nn::InitSpec::Kind::zeros};  // the mean of U(-1, 1): what is left is bias
  s.record.every = 100;
  const Descent closed_form(training(s).source().training(0), 0.01);
  expect_near(closed_form.eigenvalues(), {.0657404656, 1.26759160}, 1e-8);

  const auto run = train(s);
  expect_near(weights(run), {4.98117885, 7.01007276}, 1e-8);
  auto bias2 = curve(run, record::Metric::test_loss);
  EXPECT_NEAR(bias2.at(100), .604424502, 1e-9);
  EXPECT_NEAR(bias2.at(300), .0364923749, 1e-10);
  EXPECT_NEAR(bias2.at(1000), .00578139394, 1e-11);
  EXPECT_NEAR(bias2.at(3000), 2.99551830e-5, 1e-13);
}

TEST(GradientDescent, EndsAtLeastSquares) {
  const auto s = line(0.5, 1000);
  const auto data = training(s).source().training(0);
  const arma::mat x = with_ones(data.features);
  expect_near(weights(train(s)), arma::solve(x * x.t(), x * data.targets.t()), 1e-10);
}

TEST(Averaging, IsEvaluatedAtTheMeanOfItsSteps) {
  auto s = line(0.01, 50);
  s.optimizer = optimizer("averaging", {{"lr", 0.01}});
  const auto data = training(s).source().training(0);
  const Descent closed_form(data, 0.01);
  arma::vec mean(2, arma::fill::zeros);
  for (int t = 1; t <= 50; ++t) mean += closed_form(start(s), t) / 50;

  const auto run = train(s);
  expect_near(weights(run), mean, 1e-10);
  const arma::mat residual = mean.t() * with_ones(data.features) - data.targets;
  EXPECT_NEAR(run.train_loss, arma::accu(arma::square(residual)) / 256, 1e-10);
}

TEST(Averaging, IsNotDisturbedByBeingLookedAt) {
  auto s = line(0.01, 50);
  s.optimizer = optimizer("averaging", {{"lr", 0.01}});
  const arma::vec rarely = weights(train(s));
  s.record.every = 1;
  expect_near(weights(train(s)), rarely, 0);
}

train::Settings plane(double lr, std::uint64_t epochs) {
  auto s = line(lr, epochs);
  auto& data = std::get<data::SyntheticSpec>(s.data);
  data = {.function = {"x1 - 2*x2 + 3"},
          .dims = 3,
          .x = {data::InputSpec::Kind::normal, 0.5, 1},
          .noise = {data::NoiseSpec::Kind::normal, 0.5},
          .train = 40,
          .test = 0,
          .test_x = {}};
  return s;
}

// The minimum of |w'x + b - y|^2 / n + sum of strengths * w^2.
arma::vec ridge(const data::Dataset& data, const arma::vec& strengths) {
  const arma::mat x = with_ones(data.features);
  const double n = double(x.n_cols);
  return arma::solve(x * x.t() / n + arma::diagmat(strengths), x * data.targets.t() / n);
}

TEST(Ridge, EndsAtTheSolutionOfItsConventionAndSparesTheBias) {
  auto s = plane(0.1, 2000);
  s.regularizers = {regularizer("l2", 0.3)};
  const auto expected = ridge(training(s).source().training(2), {0.3, 0.3, 0.3, 0});
  const auto run = train(s, 2);
  expect_near(weights(run), expected, 1e-9);
  EXPECT_NEAR(run.penalty, 0.3 * arma::accu(arma::square(expected.head(3))), 1e-9);
}

TEST(Ridge, OnAllPenalisesTheBiasToo) {
  auto s = plane(0.1, 2000);
  s.regularizers = {regularizer("l2", 0.3)};
  s.regularizers[0].on_all = true;
  const auto data = training(s).source().training(2);
  expect_near(weights(train(s, 2)), ridge(data, {0.3, 0.3, 0.3, 0.3}), 1e-9);
}

TEST(Ridge, ByProximalStepsEndsAtTheSameSolution) {
  auto s = plane(0.1, 4000);
  s.regularizers = {regularizer("l2", 0.3)};
  s.regularizers[0].proximal = true;
  const auto expected = ridge(training(s).source().training(2), {0.3, 0.3, 0.3, 0});
  const auto run = train(s, 2);
  expect_near(weights(run), expected, 1e-9);
  EXPECT_NEAR(run.penalty, 0.3 * arma::accu(arma::square(expected.head(3))), 1e-9);
}

TEST(Regularizers, AddUp) {
  auto s = plane(0.1, 50);
  s.regularizers = {regularizer("l2", 0.3)};
  const auto one = train(s, 2);
  s.regularizers = {regularizer("l2", 0.1), regularizer("l2", 0.05), regularizer("l2", 0.15)};
  const auto three = train(s, 2);
  expect_near(weights(three), weights(one), 1e-13);
  EXPECT_NEAR(three.penalty, one.penalty, 1e-13);
}

// Orthogonal columns of +1 and -1: X'X = 64 I, so the lasso is soft thresholding.
class Lasso : public ::testing::Test {
 protected:
  static constexpr std::uint32_t samples = 64, inputs = 16;

  void SetUp() override {
    arma::vec beta(inputs, arma::fill::zeros);
    beta.head(4) = arma::vec{2, -1.5, 1, 0.5};
    for (std::uint32_t i = 0; i < samples; ++i)
      for (std::uint32_t j = 0; j < inputs; ++j) x_(i, j) = std::popcount(i & (j + 1)) % 2 ? -1 : 1;
    Random random(1, "noise");
    y_ = x_ * beta;
    for (auto& y : y_) y += random.normal();
    write();
  }

  void write() const {
    std::ofstream out(path());
    out.precision(17);
    for (std::uint32_t j = 0; j < inputs; ++j) out << 'x' << j << ',';
    out << "y\n";
    for (std::uint32_t i = 0; i < samples; ++i) {
      for (std::uint32_t j = 0; j < inputs; ++j) out << x_(i, j) << ',';
      out << y_(i) << '\n';
    }
  }

  std::string path() const { return (folder_.path() / "walsh.csv").string(); }

  train::Settings settings(double l1, double lr, std::uint64_t epochs) const {
    auto s = file(path(), "mse", lr, epochs);
    s.model = {{{.bias = false}}, {nn::InitSpec::Kind::zeros}};
    s.regularizers = {regularizer("l1", l1)};
    return s;
  }

  arma::vec thresholded(double by) const {
    const arma::vec z = x_.t() * y_ / samples;
    return arma::sign(z) % arma::clamp(arma::abs(z) - by, 0.0, arma::datum::inf);
  }

  Folder folder_;
  arma::mat x_ = arma::mat(samples, inputs);
  arma::vec y_;
};

TEST_F(Lasso, ByProximalStepsIsSoftThresholdingWithExactZeros) {
  for (const double l1 : {0.1, 0.5, 2.0}) {
    auto s = settings(l1, 0.1, 400);
    s.regularizers[0].proximal = true;
    const arma::vec expected = thresholded(l1 / 2);
    const auto run = train(s);
    expect_near(weights(run), expected, 1e-12);
    EXPECT_EQ(run.zero_weights, arma::accu(expected == 0)) << l1;
    EXPECT_GT(run.zero_weights, 0u) << l1;
    EXPECT_LT(run.zero_weights, inputs) << l1;
  }
}

TEST_F(Lasso, IsSolvedInOneStepOfOneHalf) {
  auto s = settings(0.5, 0.5, 1);
  s.regularizers[0].proximal = true;
  expect_near(weights(train(s)), thresholded(0.25), 1e-13);
}

TEST_F(Lasso, ByGradientHasNoExactZeros) {
  const auto run = train(settings(0.5, 0.01, 2000));
  EXPECT_EQ(run.zero_weights, 0u);
  expect_near(weights(run), thresholded(0.25),
              2 * 0.01 * 0.5);  // within the step that flips a sign
}

}  // namespace
}  // namespace descent::testing
