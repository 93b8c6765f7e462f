// SPDX-License-Identifier: MIT
// Double descent, from the experiment file to the store: least squares and ridge on isotropic
// inputs (Hastie, Montanari, Rosset & Tibshirani 2019, arXiv:1903.08560), and random features with
// a variance that crossed replicates split (Adlam & Pennington 2020, arXiv:2011.03321).
#include <fmt/format.h>

#include "engine/estimates.h"
#include "statistics/summary.h"

namespace descent {
namespace {

// p inputs over n = 200 samples, noise 1, a vector of weights of length 1; over the whole draw of
// the training set, inputs included.
struct Risk {
  unsigned p;
  double bias2, variance;
};

class DoubleDescentSlow : public TruthLaboratory {
 protected:
  static constexpr double test_points = 2000;

  // By symmetry only the length of the weights matters: one of them is 1.
  static std::string isotropic(const Risk& risk, double lambda) {
    return fmt::format(R"(
experiment: isotropic
seed: 42
dtype: float64
data:
  synthetic:
    function: x1
    dims: {}
    x: {{normal: [0, 1]}}
    noise: {{normal: 1}}
    train: 200
    test: {}
model: {{layers: [{{linear: {{units: 1, bias: false}}}}], init: zeros}}
loss: mse
optimizer: exact
regularizer: {{l2: {{lambda: {}}}}}
train: {{epochs: 1}}
replicates: 200
)",
                       risk.p, test_points, lambda);
  }

  // In addition to the reported error, that of the drawn test points: at most sqrt(2/m) of a
  // quadratic form in normal variables.
  static void expect_of_points(const statistics::Estimate& found, double truth, const char* name) {
    const double points = truth * std::sqrt(2 / test_points);
    EXPECT_LE(std::abs(found.value - truth), 3.5 * std::hypot(found.se, points))
        << name << " " << found.value << " +- " << found.se << ", truth " << truth;
  }

  void expect_risk(const Risk& risk, double lambda) const {
    SCOPED_TRACE(fmt::format("p = {}, lambda = {}", risk.p, lambda));
    const std::string store = "a.db";
    std::filesystem::remove(path(store));
    run(isotropic(risk, lambda), store);
    expect_solved(store, 1e-10);
    const auto d = decompositions(store, "epoch = 1").at(0);
    EXPECT_EQ(d.replicates, 200u);
    EXPECT_LT(d.identity_residual, 1e-9);
    expect_of_points(d.bias2, risk.bias2, "bias2");
    expect_of_points(d.variance, risk.variance, "variance");
    expect_of_points(d.excess, risk.bias2 + risk.variance, "excess");
  }
};

// The moments of an inverse Wishart matrix: exact at this n.
TEST_F(DoubleDescentSlow, OfRidgelessRegressionHasTheKnownBiasAndVariance) {
  for (const Risk& risk : {Risk{40, 0, .25157232704402516}, Risk{100, 0, 1.0101010101010102},
                           Risk{160, 0, 4.102564102564102}, Risk{300, 1. / 9, 2.2424242424242427},
                           Risk{400, .25, 1.2550251256281406}, Risk{1000, .64, .41031289111389224}})
    expect_risk(risk, 0);
}

// The best lambda is p/n. From 20,000 spectra of Wishart matrices each, errors below 2e-5.
TEST_F(DoubleDescentSlow, OfTheBestRidgeIsAbsent) {
  for (const Risk& risk : {Risk{40, .03734815955632664, .15590855974814263},
                           Risk{100, .17216087203257183, .24276185816255078},
                           Risk{160, .30774987732774667, .2470022090385358},
                           Risk{300, .5197870155409392, .20117554627551315},
                           Risk{400, .6097950931465294, .17109868525519367},
                           Risk{1000, .8190451270258109, .0859659928096399}})
    expect_risk(risk, risk.p / 200.);
}

// Simulated independently, 300 blocks of 8 data sets x 8 draws of features: value and standard
// error.
struct Simulated {
  double value, se;
};

struct Peak {
  unsigned features;
  Simulated bias2, data, init, interaction;
  double median;  // of a replicate's risk
};

class RandomFeaturesSlow : public TruthLaboratory {
 protected:
  static constexpr unsigned seeds = 40;

  // 40 test sets and blocks, each of 8 data sets x 8 draws of features.
  void run_features(unsigned features, const std::string& store) const {
    run(fmt::format(R"(
experiment: random-features
dtype: float64
data:
  synthetic:
    function: (x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10) / sqrt(10)
    dims: 10
    x: {{normal: [0, 1]}}
    noise: {{normal: 0.5}}
    train: 60
    test: 500
features: [{{random_relu: {{count: {}}}}}]
model: {{layers: [{{linear: {{units: 1, bias: false}}}}], init: zeros}}
loss: mse
optimizer: exact
train: {{epochs: 1}}
replicates: {{count: 64, layout: crossed, seeds: 8, vary: [data, init]}}
)",
                    features),
        store, 2, false, {fmt::format("seed={{linspace: [1, {0}, {0}]}}", seeds)});
  }

  // One column of one value a seed.
  std::vector<double> column(const std::string& store, const std::string& sql) const {
    std::vector<double> all;
    for (const auto& row : ask(store, sql)) all.push_back(std::get<double>(row[0]));
    return all;
  }

  std::vector<double> term(const std::string& store, const std::string& name) const {
    return column(store,
                  "SELECT value FROM effects WHERE definition = 'crossed' AND epoch = 1 "
                  "AND term = '" +
                      name + "' ORDER BY point_id");
  }

  // By the spread over seeds and the error of the simulation, and one per cent.
  static void expect_mean(const std::vector<double>& values, const Simulated& truth,
                          const char* name) {
    ASSERT_EQ(values.size(), seeds);
    const auto found = statistics::summarize(values);
    EXPECT_LE(std::abs(found.mean - truth.value),
              3.5 * std::hypot(found.se, truth.se) + .01 * std::abs(truth.value))
        << name << " " << found.mean << " +- " << found.se << ", simulated " << truth.value;
  }

  // The median over a block, in the logarithm, as risks are skew; a loss has the noise 1/4 in it.
  // 3 % for the simulated median, which has an unknown error.
  void expect_median(const std::string& store, double median) const {
    auto medians = column(store, "SELECT test_loss_median FROM results ORDER BY point_id");
    ASSERT_EQ(medians.size(), seeds);
    for (double& value : medians) value = std::log(value);
    const auto found = statistics::summarize(medians);
    EXPECT_LE(std::abs(found.mean - std::log(median + .25)), 3.5 * found.se + .03)
        << "median " << std::exp(found.mean) << ", simulated " << median + .25;
  }
};

TEST_F(RandomFeaturesSlow, HaveTheKnownPartsOfVariance) {
  const std::vector<Peak> peaks{
      {5, {.499925, .0046}, {.017831, .00034}, {.210627, .0019}, {.074386, .00054}, .80803},
      {20, {.038187, .00082}, {.052671, .00058}, {.164508, .0012}, {.202165, .0011}, .43409},
      {40, {.003886, .00051}, {.152263, .0013}, {.060586, .00068}, {.613738, .0034}, .76141},
      {65, {.002070, .0016}, {.465613, .0065}, {.018507, .0029}, {5.57835, .057}, 4.43585},
      {100, {.001010, .00087}, {.469140, .0032}, {.010336, .00034}, {.613702, .0045}, 1.01783},
      {300, {.000235, .00076}, {.466074, .0028}, {.002708, .000062}, {.103294, .00066}, .546512}};
  for (const auto& peak : peaks) {
    SCOPED_TRACE(fmt::format("{} features", peak.features));
    const auto store = fmt::format("{}.db", peak.features);
    run_features(peak.features, store);
    expect_mean(column(store, "SELECT bias2 FROM bias_variance WHERE epoch = 1 ORDER BY point_id"),
                peak.bias2, "bias2");
    expect_mean(term(store, "data"), peak.data, "data");
    expect_mean(term(store, "init"), peak.init, "init");
    expect_mean(term(store, "interaction"), peak.interaction, "interaction");
    expect_median(store, peak.median);
  }
}

// As many features as samples: means do not converge, the median does, and the store warns of it.
TEST_F(RandomFeaturesSlow, AtThePeakOneReplicateDecides) {
  run_features(60, "a.db");
  expect_median("a.db", 47.48);
  EXPECT_GT(number("a.db", "SELECT max(max_replicate_share) FROM bias_variance WHERE epoch = 1"),
            .9);
  run_features(300, "b.db");
  EXPECT_LT(number("b.db", "SELECT max(max_replicate_share) FROM bias_variance WHERE epoch = 1"),
            .1);
}

}  // namespace
}  // namespace descent
