// SPDX-License-Identifier: MIT
// The lasso on 16 orthogonal inputs, from the experiment file to the store: each weight is a normal
// variable pulled towards zero, so bias, variance and the number of exact zeros are known.
#include <fmt/format.h>

#include <bit>
#include <fstream>

#include "engine/estimates.h"

namespace descent {
namespace {

class LassoLaboratory : public TruthLaboratory {
 protected:
  // X_ij = (-1)^popcount(i & (j + 1)), so that X'X = 64 I; tested where it is trained.
  LassoLaboratory() {
    const std::vector<double> beta{2, -1.5, 1, .5};
    std::ofstream file(path("walsh.csv"));
    for (unsigned j = 0; j < 16; ++j) file << 'x' << j << ',';
    file << "y,truth\n";
    for (unsigned i = 0; i < 64; ++i) {
      double truth = 0;
      for (unsigned j = 0; j < 16; ++j) {
        const int x = std::popcount(i & (j + 1)) % 2 ? -1 : 1;
        if (j < beta.size()) truth += beta[j] * x;
        file << x << ',';
      }
      file << truth << ',' << truth << '\n';
    }
  }

  // The Hessian is 2 I: a step of 1/2 is the solution.
  static std::string lasso(const std::string& lambdas, const std::string& apply) {
    return fmt::format(R"(
experiment: lasso
seed: 42
dtype: float64
data: {{csv: {{path: walsh.csv, target: y, truth: truth, noise: {{normal: 1}}, test: {{path: walsh.csv}}}}}}
model: {{layers: [{{linear: {{units: 1, bias: false}}}}], init: zeros}}
loss: mse
optimizer: {{sgd: {{lr: 0.5}}}}
regularizer: {{l1: {{lambda: {{grid: [{}]}}, apply: {}}}}}
train: {{epochs: 1}}
record: {{every: 1}}
replicates: {{count: 400, resample: noise}}
)",
                       lambdas, apply);
  }
};

struct LassoRow {
  double bias2, variance, zeros;
};

TEST_F(LassoLaboratory, HasTheKnownBiasVarianceAndZeros) {
  run(lasso("0, 0.1, 0.25, 0.5, 1, 2", "proximal"), "a.db");
  const std::vector<LassoRow> exact{{0, .25, 0},
                                    {.009999525225950028, .15714646915509892, 3.7302754946940464},
                                    {.062488061629530106, .09071341614652143, 8.193623517026367},
                                    {.24947045752438993, .06404134079199242, 11.476746965191879},
                                    {.9526181177791255, .05220092139962454, 12.499271561437837},
                                    {3.152748546415136, .03657481085528965, 13.5}};
  const auto found = decompositions("a.db", "epoch = 1");
  const auto zeros = ask("a.db",
                         "SELECT avg(zero_weights), sqrt((avg(zero_weights * zero_weights) - "
                         "avg(zero_weights) * avg(zero_weights)) / (count(*) - 1)) "
                         "FROM runs GROUP BY point_id ORDER BY point_id");
  ASSERT_EQ(found.size(), exact.size());
  ASSERT_EQ(zeros.size(), exact.size());
  for (std::size_t i = 0; i < exact.size(); ++i) {
    SCOPED_TRACE(i);
    Exact truth;
    truth.bias2 = exact[i].bias2;
    truth.variance = exact[i].variance;
    expect_agreement(found[i], truth);
    const double mean = std::get<double>(zeros[i][0]), se = std::get<double>(zeros[i][1]);
    EXPECT_LE(std::abs(mean - exact[i].zeros), 3.5 * se) << mean << " +- " << se;
  }
}

TEST_F(LassoLaboratory, ByGradientHasNoZeros) {
  run(lasso("0.1, 0.5, 2", "gradient"), "a.db", 2, false,
      {"train.epochs=20", "replicates.count=100"});
  EXPECT_EQ(number("a.db", "SELECT sum(zero_weights) FROM runs WHERE status = 'done'"), 0);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM runs WHERE status = 'done'"), 300);
}

}  // namespace
}  // namespace descent
