// SPDX-License-Identifier: MIT
// The direct solution of linear models, against closed forms found another way (normal equations,
// centring, the inverse of the Gram matrix) and against known biases and variances.
#include "train/least_squares.h"

#include <fmt/format.h>

#include <fstream>

#include "train/support.h"

namespace descent::testing {
namespace {

train::Settings solved(train::Settings s) {
  s.optimizer = {train::exact_optimizer.name, {}};
  s.train.epochs = 1;
  s.record.every = 1;
  return s;
}

train::Settings without_bias(train::Settings s) {
  s.model.layers[0].bias = false;
  return s;
}

// (x1 + ... + xd) / sqrt(d) + N(0, 1) at inputs from N(0, I), drawn again for every replicate.
train::Settings isotropic(std::uint64_t dims, std::uint64_t train) {
  std::string sum = "x1";
  for (std::uint64_t j = 2; j <= dims; ++j) sum += fmt::format(" + x{}", j);
  auto s = solved(line());
  s.data = data::SyntheticSpec{.function = {fmt::format("({}) / sqrt({})", sum, dims)},
                               .dims = dims,
                               .x = {data::InputSpec::Kind::normal, 0, 1},
                               .noise = {data::NoiseSpec::Kind::normal, 1},
                               .train = train,
                               .test = 0,
                               .test_x = {}};
  return s;
}

void expect_same(const arma::vec& found, const arma::vec& expected) {
  expect_near(found, expected, 1e-9 * std::max(1.0, arma::abs(expected).max()));
}

// Rows of X in the usual notation: a sample each.
struct Usual {
  arma::mat x;
  arma::vec y;
};

Usual usual(const train::Settings& s, std::uint64_t replicate = 0) {
  const auto data = training(s).source().training(replicate);
  return {data.features.t(), data.targets.t()};
}

// X'(XX')^-1 y.
arma::vec shortest(const Usual& data) {
  return data.x.t() * arma::solve(data.x * data.x.t(), data.y);
}

Usual centred(Usual data) {
  data.x.each_row() -= arma::mean(data.x, 0);
  data.y -= arma::mean(data.y);
  return data;
}

TEST(Exact, IsLeastSquaresInOneStep) {
  const auto s = solved(line());
  const auto run = train(s, 3);
  ASSERT_EQ(run.status, record::Status::done) << run.reason;
  EXPECT_EQ(run.steps, 1u);
  auto [x, y] = usual(s, 3);
  x.insert_cols(1, arma::mat(256, 1, arma::fill::ones));
  expect_same(weights(run), arma::solve(x.t() * x, x.t() * y));
  EXPECT_LT(run.gradient_norm, 1e-13) << "of the solution, not of the way there";
}

TEST(Exact, RecordsTheStartAndTheSolution) {
  const auto run = train(solved(line()));
  const auto loss = curve(run, record::Metric::train_loss);
  ASSERT_EQ(loss.size(), 2u);
  EXPECT_GT(loss.at(0), 10);
  EXPECT_LT(loss.at(1), 0.1);
  EXPECT_EQ(curve(run, record::Metric::running_loss).at(1), loss.at(0))
      << "before the step, as ever";
}

TEST(Exact, StaysWhereItIs) {
  auto s = solved(line());
  const auto once = train(s);
  s.train.epochs = 5;
  const auto often = train(s);
  EXPECT_TRUE(arma::all(weights(once) == weights(often)));
  EXPECT_EQ(once.gradient_norm, often.gradient_norm);
  EXPECT_EQ(often.steps, 5u);
}

TEST(Exact, IsTheShortestSolutionWhenThereAreMany) {
  for (const std::uint64_t inputs : {9, 40, 300}) {
    const auto s = without_bias(isotropic(inputs, 8));
    expect_same(weights(train(s, 1)), shortest(usual(s, 1)));
  }
}

TEST(Exact, LeavesTheBiasToCentring) {
  for (const std::uint64_t inputs : {3, 40}) {
    auto s = isotropic(inputs, 12);
    std::get<data::SyntheticSpec>(s.data).x.a = 5;  // far from the origin, where it matters
    const auto data = usual(s);
    const auto at_centre = centred(data);
    const arma::vec w = inputs < 12 ? arma::vec(arma::solve(at_centre.x, at_centre.y))
                                    : arma::vec(arma::pinv(at_centre.x) * at_centre.y);
    const double b = arma::mean(data.y) - arma::as_scalar(arma::mean(data.x, 0) * w);
    expect_same(weights(train(s)), arma::join_cols(w, arma::vec{b}));
  }
}

TEST(Exact, CountsAPenalisedBiasAmongTheWeightsEvenWhenThePenaltyIsZero) {
  auto s = isotropic(40, 12);
  s.regularizers = {regularizer("l2", 0)};
  s.regularizers[0].on_all = true;
  auto data = usual(s);
  data.x.insert_cols(40, arma::mat(12, 1, arma::fill::ones));
  expect_same(weights(train(s)), shortest(data));
}

TEST(Exact, HasNoWeightsWhereThereAreNoFeatures) {
  auto s = solved(line());
  s.features = {data::Polynomial{0}};
  const auto run = train(s);
  ASSERT_EQ(run.status, record::Status::done) << run.reason;
  expect_same(weights(run), {arma::mean(usual(s).y)});
}

// The minimum of |Xw + b - y|^2 / n + strengths' w^2, the last of them the bias's.
arma::vec ridge(Usual data, const arma::vec& strengths) {
  const double n = double(data.y.n_elem);
  data.x.insert_cols(data.x.n_cols, arma::mat(data.y.n_elem, 1, arma::fill::ones));
  return arma::solve(data.x.t() * data.x / n + arma::diagmat(strengths), data.x.t() * data.y / n);
}

class ExactRidge : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  // Fewer samples than inputs, and more.
  train::Settings s_ = isotropic(6, GetParam());

  arma::vec strengths(double weights, double bias) const {
    return arma::join_cols(arma::vec(6, arma::fill::value(weights)), arma::vec{bias});
  }

  void expect_ridge(const arma::vec& strengths) const {
    const auto run = train(s_, 2);
    expect_same(weights(run), ridge(usual(s_, 2), strengths));
    EXPECT_LT(run.gradient_norm, 1e-13);
  }
};

TEST_P(ExactRidge, SparesTheBias) {
  s_.regularizers = {regularizer("l2", 0.3)};
  expect_ridge(strengths(0.3, 0));
}

TEST_P(ExactRidge, OnAllPenalisesTheBiasToo) {
  s_.regularizers = {regularizer("l2", 0.3)};
  s_.regularizers[0].on_all = true;
  expect_ridge(strengths(0.3, 0.3));
}

TEST_P(ExactRidge, AddsUpPenalties) {
  s_.regularizers = {regularizer("l2", 0.1), regularizer("l2", 0.05), regularizer("l2", 0.2)};
  s_.regularizers[1].on_all = true;
  expect_ridge(strengths(0.35, 0.05));
  s_.regularizers[1].plugin.hyperparameters = {0};
  expect_ridge(strengths(0.3, 0));
}

TEST_P(ExactRidge, TakesTheSumOverSamplesAsItIs) {
  s_.regularizers = {regularizer("l2", 0.3)};
  s_.loss.reduction = train::Reduction::sum;
  const auto run = train(s_, 2);
  expect_same(weights(run), ridge(usual(s_, 2), strengths(0.3 / double(GetParam()), 0)));
  EXPECT_LT(run.gradient_norm, 1e-12);
}

INSTANTIATE_TEST_SUITE_P(Samples, ExactRidge, ::testing::Values(4, 50));

class ExactOnAFile : public ::testing::Test {
 protected:
  // Columns a, b = a, c, u, v, s: two inputs alike, another, two targets, weights of samples.
  void SetUp() override {
    Random random(1, "inputs");
    std::ofstream out(path());
    out.precision(17);
    out << "a,b,c,u,v,s\n";
    for (arma::uword i = 0; i < 20; ++i) {
      const double a = random.normal(), c = random.normal();
      x_.row(i) = arma::rowvec{a, a, c};
      y_.row(i) = arma::rowvec{2 * a + c + random.normal(), a - 3 * c + random.normal()};
      s_(i) = i % 4;
      out << a << ',' << a << ',' << c << ',' << y_(i, 0) << ',' << y_(i, 1) << ',' << s_(i)
          << '\n';
    }
  }

  std::string path() const { return (folder_.path() / "twins.csv").string(); }

  train::Settings settings(std::vector<std::string> target) const {
    auto s = without_bias(solved(file(path(), "mse", 0.1, 1)));
    auto& data = std::get<data::CsvSpec>(s.data);
    data.target = std::move(target);
    data.weight = "s";
    s.model.layers[0].units = data.target.size();
    return s;
  }

  Folder folder_;
  arma::mat x_ = arma::mat(20, 3), y_ = arma::mat(20, 2);
  arma::vec s_ = arma::vec(20);
};

TEST_F(ExactOnAFile, SharesAWeightEvenlyBetweenTwins) {
  const auto run = train(settings({"u", "v"}));
  const arma::mat one_of_them = x_.cols(1, 2), by = arma::diagmat(s_);
  const arma::mat w = arma::solve(one_of_them.t() * by * one_of_them, one_of_them.t() * by * y_);
  const arma::mat expected = arma::join_cols(w.row(0) / 2, w.row(0) / 2, w.row(1)).t();  // k x d
  expect_same(weights(run), arma::vectorise(expected));
  EXPECT_LT(run.gradient_norm, 1e-13);
}

// The loss is a mean over samples and outputs, so the same lambda is twice as strong on two.
TEST_F(ExactOnAFile, WeighsSamplesAndOutputsAsTheLossDoes) {
  auto s = settings({"u", "v"});
  s.regularizers = {regularizer("l2", 0.1)};
  const arma::mat by = arma::diagmat(s_);
  const arma::mat w =
      arma::solve(x_.t() * by * x_ + 0.1 * 2 * arma::accu(s_) * arma::eye(3, 3), x_.t() * by * y_);
  const auto run = train(s);
  expect_same(weights(run), arma::vectorise(arma::mat(w.t())));
  EXPECT_LT(run.gradient_norm, 1e-13);
}

TEST_F(ExactOnAFile, IsComputedInDoubleAlsoForSingle) {
  auto s = settings({"u", "v"});
  const auto expected = weights(train(s));
  s.dtype = Element::float32;
  const auto run = train(s);
  expect_near(weights(run), expected, 1e-6);
  EXPECT_LT(run.gradient_norm, 1e-6);
}

TEST(Exact, RefusesWhatItCannotSolve) {
  const auto refuses = [](const std::function<void(train::Settings&)>& change) {
    auto s = solved(line());
    change(s);
    return error_of([&] { training(s); }).find("optimizer 'exact' needs") != std::string::npos;
  };
  EXPECT_FALSE(refuses([](train::Settings&) {}));
  EXPECT_TRUE(
      refuses([](train::Settings& s) { s.model.layers.push_back({nn::LayerSpec::Kind::relu}); }));
  EXPECT_TRUE(refuses([](train::Settings& s) { s.loss.plugin = choose(DESCENT_LOSS, "huber"); }));
  EXPECT_TRUE(refuses([](train::Settings& s) { s.regularizers = {regularizer("l1", 0.1)}; }));
  EXPECT_TRUE(refuses([](train::Settings& s) {
    s.regularizers = {regularizer("l2", 0.1)};
    s.regularizers[0].proximal = true;
  }));
  EXPECT_TRUE(refuses([](train::Settings& s) { s.train.batch = 8; }));
  EXPECT_TRUE(refuses([](train::Settings& s) { s.train.schedules = {{}}; }));
  EXPECT_TRUE(refuses([](train::Settings& s) { s.train.clip_norm = 1; }));
  EXPECT_TRUE(refuses([](train::Settings& s) { s.train.clip_value = 1; }));
  EXPECT_TRUE(refuses([](train::Settings& s) { s.train.ema = 0.9; }));
}

// The solution is linear in y: trained on f itself it has the squared bias as its test error, and
// trained on one at a single sample it is a column of the smoothing matrix; the squares are the
// variance.
double squared_bias(train::Settings s) {
  std::get<data::SyntheticSpec>(s.data).noise = {};
  return train(s).test_loss;
}

double variance(train::Settings s, double sd) {
  auto& data = std::get<data::SyntheticSpec>(s.data);
  data.noise = {};
  double squares = 0;
  for (std::uint64_t i = 0; i < data.train; ++i) {
    data.function = {fmt::format("abs(x*{0} - {1}) < 0.25 ? 1 : 0", data.train, double(i) + 0.5)};
    training(s).run(0, [&](std::size_t epoch, const arma::mat& prediction) {
      if (epoch == 1) squares += arma::accu(arma::square(prediction));
    });
  }
  return sd * sd * squares / double(data.test);
}

// Bishop, Pattern Recognition and Machine Learning, figure 3.6: 24 bumps and a constant, with
// all weights penalised by ln(25 lambda); numbers by formula, in a program of another
// language.
TEST(Exact, HasTheBiasAndVarianceOfBishopsFigure) {
  auto s = solved(line());
  auto& data = std::get<data::SyntheticSpec>(s.data);
  data.function = {"sin(2*pi*x)"};
  data.train = 25;
  s.features = {data::GaussianBasis{24, 0, 1, 0.1}};
  const std::vector<std::array<double, 3>> table = {{2.6, .0633241430, .00630655064},
                                                    {-.31, .00141651706, .0198695391},
                                                    {-2.4, .000303977969, .0274361110}};
  for (const auto& [ln_lambda, bias2, spread] : table) {
    s.regularizers = {regularizer("l2", std::exp(ln_lambda) / 25)};
    s.regularizers[0].on_all = true;
    EXPECT_NEAR(squared_bias(s), bias2, 1e-8 * bias2) << ln_lambda;
    EXPECT_NEAR(variance(s, 0.3), spread, 1e-8 * spread) << ln_lambda;
  }
}

// Hastie, Montanari, Rosset & Tibshirani 2019, arXiv:1903.08560: n samples of N(0, I), p inputs,
// |beta| = 1, noise 1. The exact risk is p/(n-p-1) below the threshold, 1 - n/p + n/(p-n-1) above,
// and the mean solution n/p of beta there.
TEST(Exact, HasTheRiskOfRidgelessRegression) {
  constexpr double n = 30;
  constexpr std::uint64_t replicates = 300;
  for (const double p : {10., 20., 45., 90.}) {
    const auto point = training(without_bias(isotropic(std::uint64_t(p), std::uint64_t(n))));
    const arma::vec beta(std::size_t(p), arma::fill::value(1 / std::sqrt(p)));
    arma::vec risk(replicates), along(replicates);
    for (std::uint64_t r = 0; r < replicates; ++r) {
      const auto w = weights(point.run(r, {}));
      risk(r) = arma::accu(arma::square(w - beta));
      along(r) = arma::dot(w, beta);
    }
    const auto expect_mean = [&](const arma::vec& values, double truth) {
      EXPECT_NEAR(arma::mean(values), truth, 3.5 * arma::stddev(values) / std::sqrt(replicates))
          << p;
    };
    expect_mean(risk, p < n ? p / (n - p - 1) : 1 - n / p + n / (p - n - 1));
    expect_mean(along, p < n ? 1 : n / p);
  }
}

}  // namespace
}  // namespace descent::testing
