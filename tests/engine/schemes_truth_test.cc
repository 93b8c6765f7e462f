// SPDX-License-Identifier: MIT
// The variance and bias of each resampling scheme, from the experiment file to the store: means
// over pools, one per seed, against exact and simulated expectations. Only fresh samples give bias
// and variance as defined.
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "engine/estimates.h"
#include "paths.h"
#include "statistics/summary.h"

namespace descent {
namespace {

// Expected over pools; se: of values that were simulated.
struct Expected {
  double value, se = 0;
};

struct Scheme {
  const char* name;
  const char* replicates;
  Expected variance, bias2;
  double truth;  // the variance over fresh samples of a training set's size
};

// Means over pools.
struct Reports {
  statistics::Summary variance, bias2;
};

class Schemes : public TruthLaboratory {
 protected:
  // A linear model without bias, solved exactly. Its weights, of length 1, only matter where the
  // inputs outnumber the different rows.
  static std::string least_squares(unsigned samples, unsigned inputs) {
    return fmt::format(R"(
experiment: schemes
dtype: float64
data:
  synthetic:
    function: x1
    dims: {}
    x: {{normal: [0, 1]}}
    noise: {{normal: 1}}
    train: {}
    test: 200
model: {{layers: [{{linear: {{units: 1, bias: false}}}}], init: zeros}}
loss: mse
optimizer: exact
train: {{epochs: 1}}
record: {{every: 1, decompose: [mse]}}
)",
                       inputs, samples);
  }

  static std::string mean_of_a_hundred() {
    return R"(
experiment: means
dtype: float64
data:
  synthetic: {function: "2", x: {midpoints: [0, 1]}, noise: {normal: 1}, train: 100, test: 1}
features: [{polynomial: {degree: 0}}]
model: {layers: [{linear: 1}], init: zeros}
loss: mse
optimizer: exact
train: {epochs: 1}
)";
  }

  Reports reports(const std::string& yaml, const std::string& replicates, unsigned pools) const {
    const std::string store = "a.db";
    std::filesystem::remove(path(store));
    run(yaml + "replicates: " + replicates + "\n", store, 2, false,
        {fmt::format("seed={{linspace: [1, {0}, {0}]}}", pools)});
    std::vector<double> variance, bias2;
    for (const auto& d : decompositions(store, "epoch = 1")) {
      variance.push_back(d.variance.value);
      bias2.push_back(d.bias2.value);
      EXPECT_LT(d.identity_residual, 1e-9);
    }
    EXPECT_EQ(variance.size(), pools);
    return {statistics::summarize(variance), statistics::summarize(bias2)};
  }

  static void expect_near(const statistics::Summary& found, const Expected& truth,
                          const char* name) {
    EXPECT_LE(std::abs(found.mean - truth.value), 3.5 * std::hypot(found.se, truth.se))
        << name << " " << found.mean << " +- " << found.se << ", expected " << truth.value;
  }

  // Far enough from what the word promises not to be taken for it.
  static void expect_far(const statistics::Summary& found, double promised, const char* name) {
    EXPECT_GT(std::abs(found.mean - promised), 5 * found.se)
        << name << " " << found.mean << " +- " << found.se << ", promised " << promised;
  }

  // And the page on bias and variance shows it.
  Reports expect_reported(const std::string& learner, const std::string& yaml, unsigned pools,
                          const Scheme& scheme) const {
    SCOPED_TRACE(learner + scheme.replicates);
    const auto found = reports(yaml, scheme.replicates, pools);
    expect_near(found.variance, scheme.variance, "variance");
    expect_near(found.bias2, scheme.bias2, "bias2");
    const auto row = fmt::format("| {}, `{}` | {} | {} | {:.3g} |", learner, scheme.name,
                                 shown(found.variance), shown(found.bias2), scheme.truth);
    std::cout << row << '\n';
    EXPECT_NE(page().find(row), std::string::npos) << "docs/bias_variance.md does not have " << row;
    return found;
  }

 private:
  static std::string shown(const statistics::Summary& found) {
    return fmt::format("{:.3g} ± {:.1g}", found.mean, found.se);
  }

  static std::string page() {
    std::ifstream file(descent::source_path("docs/bias_variance.md"));
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

using SchemesSlow = Schemes;

// The mean of n = 100 values of variance 1 in closed form: of half the values it has a variance of
// 1/50, of nine tenths 1/90; and no bias.
TEST_F(SchemesSlow, OfAMeanReportWhatIsKnownExactly) {
  const auto reported = [this](const Scheme& scheme) {
    return expect_reported("mean", mean_of_a_hundred(), 100, scheme);
  };
  reported({"fresh", "{count: 10, resample: fresh}", {.01}, {0}, .01});
  const auto bootstrap =
      reported({"bootstrap", "{count: 10, resample: bootstrap}", {.0099}, {.01}, .01});
  expect_far(bootstrap.bias2, 0, "bias2");
  const auto halves =
      reported({"subsample", "{count: 10, resample: subsample}", {.01}, {.01}, 1. / 50});
  expect_far(halves.variance, 1. / 50, "variance");
  reported({"disjoint", "{count: 10, resample: disjoint, parts: 2}", {.02}, {0}, 1. / 50});
  const auto folds = reported({"kfold",
                               "{count: 10, resample: kfold, parts: 10}",
                               {1. / 810},
                               {1. / 90 - 1. / 810},
                               1. / 90});
  expect_far(folds.variance, 1. / 90, "variance");
}

// Least squares on n samples of p inputs has a variance of p/(n - p - 1) and no bias. Of resampled
// pools the expectations are simulated, of the others exact.
TEST_F(SchemesSlow, OfLeastSquaresReportWhatIsKnown) {
  const auto reported = [this](const Scheme& scheme) {
    return expect_reported("OLS 100 × 20", least_squares(100, 20), 100, scheme);
  };
  reported({"fresh", "{count: 20, resample: fresh}", {20. / 79}, {0}, 20. / 79});
  const auto bootstrap = reported({"bootstrap",
                                   "{count: 20, resample: bootstrap}",
                                   {.28953, .0028},
                                   {.25035, .0058},
                                   20. / 79});
  expect_far(bootstrap.bias2, 0, "bias2");
  const auto halves = reported({"subsample",
                                "{count: 20, resample: subsample}",
                                {.43689, .0042},
                                {.25151, .0066},
                                20. / 29});
  expect_far(halves.variance, 20. / 29, "variance");
  reported({"disjoint", "{count: 20, resample: disjoint, parts: 2}", {20. / 29}, {0}, 20. / 29});
  const auto folds = reported({"kfold",
                               "{count: 10, resample: kfold, parts: 10}",
                               {.04124, .0005},
                               {.24540, .0050},
                               20. / 69});
  expect_far(folds.variance, 20. / 69, "variance");
}

// A bootstrap sample holds about 126 different rows of 200, fewer than inputs, and so interpolates,
// which the learner itself does not.
TEST_F(SchemesSlow, BootstrapCrossesTheInterpolationThreshold) {
  const auto reported = [this](const Scheme& scheme) {
    return expect_reported("OLS 200 × 160", least_squares(200, 160), 40, scheme);
  };
  reported({"fresh", "{count: 10, resample: fresh}", {160. / 39}, {0}, 160. / 39});
  const auto bootstrap = reported({"bootstrap",
                                   "{count: 10, resample: bootstrap}",
                                   {3.1838, .0816},
                                   {1.1130, .0841},
                                   160. / 39});
  expect_far(bootstrap.bias2, 0, "bias2");
  expect_far(bootstrap.variance, 160. / 39, "variance");
}

}  // namespace
}  // namespace descent
