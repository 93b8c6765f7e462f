// SPDX-License-Identifier: MIT
// The line y = 5x + 7 learnt in several ways, from the experiment file to the store: data,
// training, workers, statistics and SQL together must give the exact bias and variance.
#include <fmt/format.h>

#include "engine/estimates.h"

namespace descent {
namespace {

// y = 5x + 7 + N(0, 0.25^2), 256 inputs fixed or redrawn; full-batch descent in double.
std::string line(const std::string& x, const std::string& rest, unsigned replicates) {
  return fmt::format(R"(
experiment: line
seed: 42
dtype: float64
data:
  synthetic:
    function: 5*x + 7
    x: {}
    noise: {{normal: 0.25}}
    train: 256
    test: {{count: 1000, x: {{midpoints: [0, 1]}}}}
model: {{layers: [{{linear: 1}}]}}
loss: mse
replicates: {}
{})",
                     x, replicates, rest);
}

const std::string redrawn = "{uniform: [0, 1]}", fixed_inputs = "{midpoints: [0, 1]}";
const std::string solved = "optimizer: {sgd: {lr: 0.5}}\ntrain: {epochs: 600}\n";
const std::string last_epochs = "record: {every: 600, weights: true}\n";

// Full-batch descent on the line at fixed inputs from w, b ~ U(-1, 1): the predictions are
// hat y + start (w, b).
struct StartedDescent {
  LinearLearner learner;
  arma::mat start;
};

StartedDescent started_descent(double eta, double steps, arma::uword test_points) {
  const arma::vec x = midpoints(256), t = midpoints(test_points);
  const arma::mat design = arma::join_rows(x, arma::ones(256));
  const arma::mat test = arma::join_rows(t, arma::ones(test_points));
  arma::vec g;
  arma::mat u;
  arma::eig_sym(g, u, arma::mat(design.t() * design / 256));
  const arma::vec left = arma::pow(1 - 2 * eta * g, steps);
  const arma::mat hat = test * u * arma::diagmat((1 - left) / g) * u.t() * design.t() / 256;
  return {{hat, 5 * x + 7, 5 * t + 7, 0.25}, test * u * arma::diagmat(left) * u.t()};
}

// U(-1, 1) has variance 1/3 and fourth cumulant 1/5 - 3/9 = -2/15.
Exact truth_of_started(double steps, arma::uword test_points = 1000) {
  const auto [learner, start] = started_descent(0.01, steps, test_points);
  const arma::vec b = learner.hat * learner.f - learner.f_test;
  const arma::mat s =
      learner.sigma * learner.sigma * learner.hat * learner.hat.t() + start * start.t() / 3;
  const auto m = static_cast<double>(b.n_elem);
  auto truth = exact({arma::dot(b, b) / m, arma::trace(s) / m, arma::dot(b, s * b) / (m * m),
                      arma::accu(arma::square(s)) / (m * m)},
                     1e-12);
  truth.kurtosis = -2.0 / 15 * arma::accu(arma::square(arma::sum(arma::square(start), 0) / m));
  return truth;
}

LinearLearner line_solved() {
  const arma::vec x = midpoints(256), t = midpoints(1000);
  return {ridge_hat(arma::join_rows(arma::ones(256), x), arma::join_rows(arma::ones(1000), t), 0),
          5 * x + 7, 5 * t + 7, 0.25};
}

using LeastSquares = TruthLaboratory;

// The mean of `expression` over replicates, and its standard deviation.
std::string moments(const std::string& expression) {
  return "SELECT " + expression +
         " FROM (SELECT a.value AS w, b.value AS b FROM weights a JOIN weights b USING (run_id) "
         "WHERE a.name = 'linear0.weight' AND b.name = 'linear0.bias')";
}

const std::string variance_of_w = "(sum(w * w) - sum(w) * avg(w)) / (count(*) - 1)";
const std::string variance_of_b = "(sum(b * b) - sum(b) * avg(b)) / (count(*) - 1)";
const std::string covariance = "(sum(w * b) - sum(w) * avg(b)) / (count(*) - 1)";

// E[1/Sxx] over 256 uniform inputs gives sd w, sd b and the variance of predictions exactly.
TEST_F(LeastSquares, OnRedrawnInputsHasTheKnownVariance) {
  run(line(redrawn, solved + last_epochs, 400), "a.db");
  expect_solved("a.db", 1e-9);
  Exact truth;
  truth.variance = 4.909827654892784e-4;
  expect_agreement(decompositions("a.db", "epoch = 600").at(0), truth);
  const double r = 400, sd_w = .05431873947124635, sd_b = .03134863646870149;
  EXPECT_NEAR(number("a.db", moments("avg(w)")), 5, 3.5 * sd_w / std::sqrt(r));
  EXPECT_NEAR(number("a.db", moments("avg(b)")), 7, 3.5 * sd_b / std::sqrt(r));
  EXPECT_NEAR(std::sqrt(number("a.db", moments(variance_of_w))), sd_w,
              3.5 * sd_w / std::sqrt(2 * (r - 1)));
  EXPECT_NEAR(std::sqrt(number("a.db", moments(variance_of_b))), sd_b,
              3.5 * sd_b / std::sqrt(2 * (r - 1)));
  const double cov = -.0014752627288725684;
  EXPECT_NEAR(number("a.db", moments(covariance)), cov,
              3.5 * std::sqrt((sd_w * sd_w * sd_b * sd_b + cov * cov) / (r - 1)));
}

TEST_F(LeastSquares, OnFixedInputsHasTheKnownVarianceAndErrors) {
  const auto truth = exact(truth_of(line_solved()), 1e-12);
  for (const unsigned replicates : {100u, 400u}) {
    SCOPED_TRACE(replicates);
    const auto store = std::to_string(replicates) + ".db";
    run(line(fixed_inputs, solved + last_epochs, replicates), store);
    expect_solved(store, 1e-9);
    expect_agreement(decompositions(store, "epoch = 600").at(0), truth);
  }
}

using ConstantModelRun = TruthLaboratory;

// No power of x leaves the bias alone, and a step of 1/2 takes it to the mean at once.
const std::string constant_model_rest =
    "features: [{polynomial: {degree: 0}}]\noptimizer: {sgd: {lr: 0.5}}\ntrain: {epochs: 2}\n";

TEST_F(ConstantModelRun, OnFixedInputsVariesByTheNoiseAlone) {
  run(line(fixed_inputs, constant_model_rest, 400), "a.db");
  expect_solved("a.db", 1e-9);
  const auto truth = exact(truth_of(constant_model(1000)), 1e-12);
  EXPECT_NEAR(truth.variance, .0625 / 256, 1e-15);
  expect_agreement(decompositions("a.db", "epoch = 2").at(0), truth);
}

TEST_F(ConstantModelRun, OnRedrawnInputsVariesWithTheInputsToo) {
  run(line(redrawn, constant_model_rest, 400), "a.db");
  Exact truth;
  truth.bias2 = 25.0 / 12 * (1 - 1e-6);  // midpoints fall short by 1/m^2
  truth.variance = (25.0 / 12 + .0625) / 256;
  truth.rounding = 1e-12;
  expect_agreement(decompositions("a.db", "epoch = 2").at(0), truth);
}

struct Started {
  double steps, bias2, variance_data, variance_init;
};

// Independently computed, at 100 test points.
const std::vector<Started> started{
    {100, .6044245016221592, 2.118362272153995e-4, .01932774094622759},
    {300, .036492374891741626, 2.698831935021994e-4, .00995050040284088},
    {1000, .005781393935747665, 3.748409970425282e-4, .0015772297590724226},
    {3000, 2.9955183049066583e-5, 4.789226571150753e-4, 8.172113277274404e-6},
    {10000, 2.9992311103404716e-13, 4.88259617433842e-4, 8.182242209190965e-14}};

TEST(StartedDescent, HasTheKnownBiasAndVariance) {
  for (const auto& [steps, bias2, data, init] : started) {
    SCOPED_TRACE(steps);
    const auto truth = truth_of_started(steps, 100);
    EXPECT_NEAR(truth.bias2, bias2, 1e-9 * bias2 + 1e-20);
    EXPECT_NEAR(truth.variance, data + init, 1e-10 * truth.variance);
  }
}

// The learning rate of the shipped linear_regression.yaml: far from the solution for long.
const std::string started_rest = "optimizer: {sgd: {lr: 0.01}}\n";

void expect_started(const std::vector<statistics::Decomposition>& found,
                    const std::vector<double>& epochs) {
  ASSERT_EQ(found.size(), epochs.size());
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    SCOPED_TRACE(epochs[i]);
    expect_agreement(found[i], truth_of_started(epochs[i]));
  }
}

using RandomStart = TruthLaboratory;

TEST_F(RandomStart, AddsItsVarianceToThatOfTheData) {
  run(line(fixed_inputs, started_rest + "train: {epochs: 1000}\nrecord: {every: 100}\n", 400),
      "a.db");
  expect_started(decompositions("a.db", "epoch IN (0, 100, 300, 1000)"), {0, 100, 300, 1000});
}

// Simulated with 200,000 and 100,000 replicates: hence one per cent of slack.
TEST_F(RandomStart, OnRedrawnInputsHasTheSimulatedBiasAndVariance) {
  run(line(redrawn, started_rest + "train: {epochs: 3000}\nrecord: {every: 100, weights: true}\n",
           400),
      "a.db");
  const std::vector<std::pair<double, double>> simulated{
      {.03677938138833419, .010935183265847383},
      {.005883268911538102, .0021127095536382545},
      {3.228979961102598e-5, 4.923091217761265e-4}};
  const auto found = decompositions("a.db", "epoch IN (300, 1000, 3000)");
  ASSERT_EQ(found.size(), simulated.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    SCOPED_TRACE(i);
    Exact truth;
    truth.bias2 = simulated[i].first;
    truth.variance = simulated[i].second;
    truth.slack = .01;
    expect_agreement(found[i], truth);
  }
  const double sd_w = std::sqrt(number("a.db", moments(variance_of_w)));
  const double sd_b = std::sqrt(number("a.db", moments(variance_of_b)));
  EXPECT_NEAR(number("a.db", moments("avg(w)")), 4.980445333304652, 3.5 * sd_w / 20);
  EXPECT_NEAR(number("a.db", moments("avg(b)")), 7.010428788492753, 3.5 * sd_b / 20);
}

using RandomStartSlow = TruthLaboratory;

TEST_F(RandomStartSlow, AgreesFromTheFirstStepToTheSolution) {
  for (const unsigned replicates : {100u, 400u, 2000u}) {
    SCOPED_TRACE(replicates);
    const auto store = std::to_string(replicates) + ".db";
    run(line(fixed_inputs, started_rest + "train: {epochs: 10000}\nrecord: {every: 100}\n",
             replicates),
        store);
    expect_started(decompositions(store, "epoch IN (100, 300, 1000, 3000, 10000)"),
                   {100, 300, 1000, 3000, 10000});
  }
}

using LineCalibrationSlow = TruthLaboratory;

TEST_F(LineCalibrationSlow, OfLeastSquares) {
  run(line(fixed_inputs, solved + last_epochs, 100), "a.db", 2, false, {"seed=" + forty_seeds});
  expect_calibrated(decompositions("a.db", "epoch = 600"), exact(truth_of(line_solved())));
}

TEST_F(LineCalibrationSlow, OfARandomStart) {
  run(line(fixed_inputs, started_rest + "train: {epochs: 300}\nrecord: {every: 300}\n", 100),
      "a.db", 2, false, {"seed=" + forty_seeds});
  expect_calibrated(decompositions("a.db", "epoch = 300"), truth_of_started(300));
}

}  // namespace
}  // namespace descent
