// SPDX-License-Identifier: MIT
// The penalty on the derivatives of the outputs in the inputs: NumPy's numbers
// (tests/reference/papers/make.py), central differences, and what a linear model makes of it.
#include "train/jacobian_penalty.h"

#include "autograd/gradient_check.h"
#include "train/support.h"

namespace descent::testing {
namespace {

using Kind = nn::LayerSpec::Kind;

nn::Model net(Kind kind, arma::uword inputs, std::uint64_t units) {
  return {{{{Kind::linear, units, true, 0.01}, {kind, 0, true, 0.5}, {Kind::linear, 0, true, 0.01}},
           {}},
          inputs,
          2};
}

struct Penalized {
  double value;
  arma::vec gradient;
};

Penalized penalized(const nn::Model& model, const arma::vec& weights,
                    const train::Samples<double>& samples, double lambda,
                    bool with_gradient = true) {
  const auto plugin = all_plugins().get(DESCENT_REGULARIZER, "jacobian");
  const std::vector<descent_block> block = {
      {"jacobian", 0, model.outputs(), model.inputs(), false}};
  host::Regularizer<double> penalty(plugin, plugin.settle({{"lambda", lambda}}).hyperparameters,
                                    block);
  train::JacobianPenalty<double> jacobian(model, samples.size(), weights);
  arma::vec gradient(weights.n_elem, arma::fill::zeros);
  const double value = jacobian.add(penalty, samples, with_gradient ? &gradient : nullptr);
  return {value, gradient};
}

TEST(JacobianPenalty, IsThatOfNumPy) {
  const auto model = net(Kind::tanh, 2, 3);
  const arma::vec weights = arma::cos(arma::regspace(1, 17));
  train::Samples<double> samples;
  samples.features = {{0.5, 0.25, -1}, {-1, 2, 0.5}};
  const auto [value, gradient] = penalized(model, weights, samples, 0.5);
  EXPECT_NEAR(value, 0.20668228135403055, 1e-15);
  const arma::vec expected = {0.19275557172690147,
                              -0.1278916200906427,
                              0.025050458682229763,
                              -0.07389202577426578,
                              0.007330338312145222,
                              -0.07803358326087718,
                              0.25514827127767314,
                              -0.12904198955214513,
                              -0.1364611187192423,
                              0.02888330814062828,
                              -0.23752557376452108,
                              0.12227781126602853,
                              0.033805505612545986,
                              -0.02095767373925918,
                              -0.14116374318042013,
                              0,
                              0};
  EXPECT_LE(arma::abs(gradient - expected).max(), 1e-15) << gradient.t();
}

// More samples than are taken at once, the last group smaller, with weights.
TEST(JacobianPenalty, HasTheGradientOfItsValue) {
  const auto model = net(Kind::gelu, 3, 5);
  arma::arma_rng::set_seed(5);
  train::Samples<double> samples;
  samples.features = arma::randn(3, 70);
  samples.targets.weights = arma::randu(1, 70);
  samples.targets.weights(3) = 0;
  arma::vec weights = arma::randn(model.size());
  const std::vector<arma::mat> gradient = {penalized(model, weights, samples, 0.5).gradient};
  std::vector<arma::mat> at = {weights};
  const auto value = [&] { return penalized(model, at[0].col(0), samples, 0.5, false).value; };
  EXPECT_LE(gradient_error(at, gradient, value), 1e-8);
  samples.targets.weights.ones();
  const double unweighted = penalized(model, weights, samples, 0.5).value;
  samples.targets.weights.reset();
  EXPECT_EQ(penalized(model, weights, samples, 0.5).value, unweighted);
}

// The Jacobian of a linear layer is its matrix, whatever the sample: l2 without the factor 1/2.
TEST(JacobianPenalty, TrainsALinearModelAsL2) {
  for (const std::uint64_t batch : {0, 100}) {
    auto s = line(0.05, 20), other = s;
    s.train.batch = other.train.batch = batch;
    s.regularizers = {regularizer("jacobian", 0.2)};
    other.regularizers = {regularizer("l2", 0.1)};
    const auto run = train(s), expected = train(other);
    ASSERT_EQ(run.status, record::Status::done) << run.reason;
    EXPECT_NEAR(run.penalty, expected.penalty, 1e-12);
    EXPECT_LE(arma::abs(weights(run) - weights(expected)).max(), 1e-12);
  }
}

TEST(JacobianPenalty, ExplainsWhereItHasNoMeaning) {
  auto s = line();
  s.regularizers = {regularizer("jacobian", 0.2)};
  s.regularizers[0].on_all = true;
  EXPECT_EQ(
      error_of([&] { training(s); }),
      "error: regularizer 'jacobian' penalizes derivatives of the outputs, not weights; leave "
      "out on: all");
  s.regularizers[0].on_all = false;
  s.optimizer = optimizer("newton_cg", {});
  EXPECT_EQ(error_of([&] { training(s); }),
            "error: optimizer 'newton_cg' multiplies by the Hessian, and regularizer 'jacobian' "
            "gives no second derivatives");
  train::Settings surface;
  surface.data = data::NoData{};
  surface.model.surface = nn::SurfaceSpec{};
  surface.model.init.kind = nn::InitSpec::Kind::point;
  surface.replicates.resample = data::Resample::none;
  surface.optimizer = optimizer("sgd", {});
  surface.regularizers = {regularizer("jacobian", 0.2)};
  EXPECT_EQ(error_of([&] { training(surface); }),
            "error: regularizer 'jacobian' penalizes derivatives with respect to inputs, and this "
            "model has none");
}

}  // namespace
}  // namespace descent::testing
