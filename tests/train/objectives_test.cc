// SPDX-License-Identifier: MIT
// Optimizers that ask for more of a step than its gradient: three steps of each paper's update on
// small objectives, as NumPy works them out (tests/reference/papers/make.py). Only rounding may
// differ.
#include <gtest/gtest.h>

#include "host/optimizer.h"
#include "host/support.h"

namespace descent::testing {
namespace {

using Hyperparameters = std::map<std::string, double>;
using Context = host::StepContext<double>;

constexpr double arithmetic_only = 1e-12;

// x'Ax/2 - b'x.
class Quadratic final : public Context {
 public:
  Quadratic(arma::mat a, arma::vec b) : a_(std::move(a)), b_(std::move(b)) {}

  double evaluate(const arma::vec& x, arma::vec* gradient) override {
    if (gradient) *gradient = a_ * x - b_;
    return arma::dot(x, a_ * x) / 2 - arma::dot(b_, x);
  }
  double evaluate_all(const arma::vec& x, arma::vec* gradient) override {
    return evaluate(x, gradient);
  }
  void hessian_times(const arma::vec&, const arma::vec& v, arma::vec& product) override {
    product = a_ * v;
  }
  SampleGradients sample_gradients(const arma::vec&) override {
    throw std::runtime_error("a quadratic has no samples");
  }

 private:
  arma::mat a_;
  arma::vec b_;
};

// The mean of (c_i x - y_i)^2 over three samples; a batch is all of them, or one.
class Residuals final : public Context {
 public:
  explicit Residuals(bool one_by_one) {
    sample_count = one_by_one ? 1 : 3;
    batches = one_by_one ? 3 : 1;
  }

  double evaluate(const arma::vec& x, arma::vec* gradient) override {
    const auto i = batch - 1;
    return batches == 1 ? evaluate_all(x, gradient)
                        : mean(c_.rows(i, i), y_.rows(i, i), x, gradient);
  }
  double evaluate_all(const arma::vec& x, arma::vec* gradient) override {
    return mean(c_, y_, x, gradient);
  }
  void hessian_times(const arma::vec&, const arma::vec& v, arma::vec& product) override {
    product = 2.0 / 3 * c_.t() * (c_ * v);
  }
  SampleGradients sample_gradients(const arma::vec& x) override {
    const arma::vec r = c_ * x - y_;
    gradients_ = 2 * c_.t() * arma::diagmat(r);
    values_ = r % r;
    return {gradients_, values_};
  }

 private:
  static double mean(const arma::mat& c, const arma::vec& y, const arma::vec& x,
                     arma::vec* gradient) {
    const arma::vec r = c * x - y;
    if (gradient) *gradient = 2.0 / double(y.n_elem) * c.t() * r;
    return arma::dot(r, r) / double(y.n_elem);
  }

  arma::mat c_ = {{1, 0.5}, {-1, 2}, {0.5, 1}}, gradients_;
  arma::vec y_ = {1, -1, 2}, values_;
};

// From (1, -2), as a row of weights.
void expect_way(const std::string& name, const Hyperparameters& hyperparameters, Context& objective,
                const std::vector<arma::vec>& expected) {
  const host::Catalog catalog({shipped_plugins()});
  const std::vector<descent_block> blocks = {{"linear0.weight", 0, 1, 2, false}};
  host::Optimizer<double> optimizer(
      host::rule_of(catalog.get(DESCENT_OPTIMIZER, name).settle(hyperparameters), catalog), 2,
      blocks, 3);
  arma::vec x = {1, -2}, gradient(2);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    objective.epoch = i / objective.batches + 1;
    objective.batch = i % objective.batches + 1;
    objective.seed = i;
    objective.value = objective.evaluate(x, &gradient);
    optimizer.step(x, gradient, objective);
    for (arma::uword j = 0; j < 2; ++j)
      EXPECT_NEAR(x(j), expected[i](j), arithmetic_only)
          << "weight " << j << " after step " << i + 1;
  }
}

Quadratic diagonal() { return {{{1, 0}, {0, 4}}, {1, -2}}; }
Quadratic coupled() { return {{{2, 1}, {1, 3}}, {1, -2}}; }

// Step 1: f = 6, g = (-1, -3), |g|^2 = 10, the rate min(8/5, 0.4), x = (1.4, -0.8).
TEST(Objectives, StochasticPolyak) {
  auto f = coupled();
  expect_way("sps", {{"least", -2}, {"lr", 0.4}}, f, {{1.4, -0.8}, {1, -1.2}, {1.08, -0.96}});
}

// Random signs give the diagonal of a diagonal Hessian exactly: h = 0.1 (1, 4).
// Step 1: m = 0.2 (0, -6), x = (1 - 0.05, -2 (1 - 0.05) + 0.1 min(1.2/0.8, 1)) = (0.95, -1.8).
TEST(Objectives, Sophia) {
  auto f = diagonal();
  expect_way(
      "sophia",
      {{"lr", 0.1}, {"beta1", 0.8}, {"beta2", 0.9}, {"rho", 2}, {"weight_decay", 0.5}, {"k", 2}}, f,
      {{0.95, -1.8}, {0.9075, -1.61}, {0.8690986842105263, -1.4295}});
}

TEST(Objectives, NewtonByConjugateGradients) {
  auto f = coupled();
  expect_way("newton_cg", {{"damping", 0.5}}, f, {{1.25, -1.25}, {1.15, -1.05}, {1.05, -1.05}});
}

// Without damping and with full accuracy it takes a quadratic to its minimum at once, here
// A^-1 b = (1, -1), as CG ends after as many products as there are weights.
TEST(Objectives, NewtonGoesToTheMinimumOfAQuadratic) {
  auto f = coupled();
  f.epoch = 1;
  const host::Catalog catalog({shipped_plugins()});
  const auto& plugin = catalog.get(DESCENT_OPTIMIZER, "newton_cg");
  const std::vector<descent_block> blocks = {{"linear0.weight", 0, 1, 2, false}};
  host::Optimizer<double> optimizer(plugin, plugin.settle({}).hyperparameters, 2, blocks, 100);
  arma::vec x = {1, -2}, gradient(2);
  for (int i = 0; i < 20; ++i) {
    f.value = f.evaluate(x, &gradient);
    optimizer.step(x, gradient, f);
  }
  EXPECT_NEAR(x(0), 1, 1e-10);
  EXPECT_NEAR(x(1), -1, 1e-10);
}

TEST(Objectives, LevenbergMarquardt) {
  Residuals f(false);
  expect_way("levenberg_marquardt", {{"damping", 0.5}}, f,
             {{1.1465295629820051, -0.2005141388174807},
              {1.414076990660896, 0.3154469428264618},
              {1.495347923844774, 0.3780779841813878}});
}

TEST(Objectives, NaturalGradientWithTheDiagonal) {
  Residuals f(false);
  expect_way("natural_gradient", {{"lr", 0.1}, {"damping", 0.5}}, f,
             {{0.9969418960244648, -1.9921951219512195},
              {0.9938956249564458, -1.9843535715369902},
              {0.99086141647007, -1.976474910087392}});
}

TEST(Objectives, NaturalGradientWithTheWholeFisherInformation) {
  Residuals f(false);
  expect_way("natural_gradient", {{"lr", 0.1}, {"damping", 0.5}, {"fisher", 1}}, f,
             {{1.0112379620345953, -1.9884856808243532},
              {1.0225172037405632, -1.9769302527739847},
              {1.0338375084790807, -1.9653335501911189}});
}

// Three batches of one sample an epoch, over two epochs.
TEST(Objectives, Svrg) {
  Residuals f(true);
  expect_way("svrg", {{"lr", 0.05}}, f,
             {{0.9583333333333334, -1.6},
              {1.0008333333333335, -1.3683333333333334},
              {0.9275625000000002, -1.0315416666666666},
              {0.9236105902777779, -0.8034364583333333},
              {0.9656749131944445, -0.6673637152777778},
              {0.9425612955729168, -0.47758192274305555}});
}

// Step 1 has lr. Step 2, long: s = (0.1, 0.3), y = A s = (0.5, 1), s's / s'y = 0.1 / 0.35.
TEST(Objectives, BarzilaiBorweinByTheLongStep) {
  auto f = coupled();
  expect_way("barzilai_borwein", {{"lr", 0.1}, {"step", 0}}, f,
             {{1.1, -1.7},
              {1.2428571428571429, -1.1285714285714286},
              {1.1381773399014778, -1.0866995073891625},
              {1.007224958949097, -1.0025158339197748}});
}

// Step 2: s'y / y'y = 0.35 / 1.25.
TEST(Objectives, BarzilaiBorweinByTheShortStep) {
  auto f = coupled();
  expect_way("barzilai_borwein", {{"lr", 0.1}}, f,
             {{1.1, -1.7},
              {1.24, -1.14},
              {1.1438048780487804, -1.0890731707317072},
              {1.0027754415475187, -1.0014062237174097}});
}

// make.py draws the same numbers: MT19937-64 and the polar method are written out there.
TEST(Objectives, CmaEs) {
  auto f = coupled();
  expect_way("cma_es", {{"sigma", 0.5}}, f,
             {{0.5954209878245712, -1.317050044732526},
              {0.8587960605543716, -1.027603713237878},
              {1.0368867970308533, -1.0229840628492854}});
}

}  // namespace
}  // namespace descent::testing
