// SPDX-License-Identifier: MIT
// Variance from data, initialization and order, separated by nested and crossed replicates, from
// the experiment file to the store, against exact values.
#include <fmt/format.h>

#include <cmath>
#include <map>

#include "engine/estimates.h"

namespace descent {
namespace {

class AttributionTruth : public TruthLaboratory {
 protected:
  // Of the only point's last epoch, by "definition.term"; in addition bias2, variance and total.
  std::map<std::string, statistics::Estimate> parts(const std::string& store) const {
    std::map<std::string, statistics::Estimate> all;
    const std::string last = " WHERE epoch = (SELECT max(epoch) FROM bias_variance)";
    for (const auto& row : ask(store,
                               "SELECT definition || '.' || term, value, se, lo, hi "
                               "FROM effects" +
                                   last))
      all[std::get<std::string>(row[0])] = {real(row[1]), real(row[2]), real(row[3]), real(row[4])};
    const auto d = decompositions(store, "epoch = (SELECT max(epoch) FROM bias_variance)").at(0);
    all["bias2"] = d.bias2;
    all["variance"] = d.variance;
    all["total"] = d.total;
    EXPECT_LT(d.identity_residual, 1e-9);
    return all;
  }

 private:
  static double real(const store::Value& value) {
    const auto* number = std::get_if<double>(&value);
    return number ? *number : not_recorded;
  }
};

void expect_within(const statistics::Estimate& found, double truth, double rounding = 1e-12) {
  EXPECT_LE(std::abs(found.value - truth), 3.5 * found.se + rounding)
      << found.value << " +- " << found.se << ", truth " << truth;
}

// y = 5x + 7 at 256 fixed inputs from w, b ~ U(-1, 1), 1000 steps of full-batch descent at 0.01:
// data and initialization add up, they do not interact.
std::string random_start(const std::string& replicates) {
  return fmt::format(R"(
experiment: line
seed: 42
dtype: float64
data:
  synthetic:
    function: 5*x + 7
    x: {{midpoints: [0, 1]}}
    noise: {{normal: 0.25}}
    train: 256
    test: {{count: 100, x: {{midpoints: [0, 1]}}}}
model: {{layers: [{{linear: 1}}]}}
loss: mse
optimizer: {{sgd: {{lr: 0.01}}}}
train: {{epochs: 1000}}
record: {{every: 1000}}
replicates: {}
)",
                     replicates);
}

const double start_bias2 = .005781393935747665, start_data = 3.748409970425282e-4,
             start_init = .0015772297590724226;

TEST_F(AttributionTruth, NestedSeedsSeparateInitializationFromData) {
  run(random_start("{count: 400, layout: nested, seeds: 4, vary: [data, init]}"), "a.db");
  auto of = parts("a.db");
  expect_within(of["nested.data"], start_data);
  expect_within(of["nested.init"], start_init);
  expect_within(of["bias2"], start_bias2);
  expect_within(of["variance"], start_data + start_init);
  EXPECT_LT(of["nested.init"].se, start_init / 4);
}

TEST_F(AttributionTruth, CrossedSeedsFindNoInteractionWhereThereIsNone) {
  run(random_start("{count: 900, layout: crossed, seeds: 30, vary: [data, init]}"), "a.db");
  auto of = parts("a.db");
  expect_within(of["crossed.data"], start_data);
  expect_within(of["crossed.init"], start_init);
  expect_within(of["crossed.interaction"], 0);
  EXPECT_LT(std::abs(of["crossed.interaction"].value), 1e-15);
  expect_within(of["bias2"], start_bias2);
}

TEST_F(AttributionTruth, ReportsResampleLayoutAndMethod) {
  run(random_start("{count: 40, layout: crossed, seeds: 4}"), "a.db");
  EXPECT_EQ(text("a.db",
                 "SELECT layout || ' ' || seeds || ' ' || se_method || ' ' || replicates "
                 "FROM bias_variance"),
            "crossed 4 two-way 40");
  EXPECT_EQ(text("a.db", "SELECT group_concat(term) FROM effects WHERE epoch = 1000"),
            "data,init_order,interaction");
}

// (c - y)^2 descended from 0 by steps of one sample drawn with replacement out of 50, of
// N(2, 1.5^2) [closed form]: what the order gives depends on the data, so crossed it is all
// interaction.
std::string one_sample_steps(int epochs, const std::string& replicates) {
  return fmt::format(R"(
experiment: order
seed: 7
dtype: float64
data:
  synthetic:
    function: "2"
    x: {{midpoints: [0, 1]}}
    noise: {{normal: 1.5}}
    train: 50
    test: 1
features: [{{polynomial: {{degree: 0}}}}]
model: {{layers: [{{linear: 1}}], init: zeros}}
loss: mse
optimizer: {{sgd: {{lr: 0.05}}}}
train: {{epochs: {}, batch: 1, replacement: true}}
record: {{every: {}}}
replicates: {}
)",
                     epochs, epochs, replicates);
}

TEST_F(AttributionTruth, OrderMakesTheVarianceOfConstantSteps) {
  run(one_sample_steps(1, "{count: 8000, layout: nested, seeds: 4, vary: [data, order]}"), "a.db");
  auto of = parts("a.db");
  expect_within(of["nested.data"], .04453735549);
  expect_within(of["nested.order"], .116049549);
  expect_within(of["bias2"], 1.06246e-4);
  EXPECT_LT(of["nested.order"].se, .005);
}

TEST_F(AttributionTruth, OrderCrossedWithDataIsInteraction) {
  run(one_sample_steps(4, "{count: 8000, layout: crossed, seeds: 40, vary: [data, order]}"),
      "a.db");
  auto of = parts("a.db");
  expect_within(of["crossed.data"], .045);
  expect_within(of["crossed.order"], 0);
  expect_within(of["crossed.interaction"], .116052632);
}

// A run that does not end well takes its block with it; the rest stays balanced.
TEST_F(AttributionTruth, LeavesOutTheBlocksOfRunsThatFail) {
  const std::string wild = R"(
experiment: wild
seed: 3
dtype: float64
data:
  synthetic: {function: x, x: {normal: [0, 1]}, noise: {normal: 0.1}, train: 8, test: 5}
features: [{random_relu: {count: 3}}]
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {sgd: {lr: 0.4}}
train: {epochs: 3000}
record: {every: 3000}
replicates: {count: 60, layout: nested, seeds: 3}
)";
  run(wild, "a.db");
  const auto failed = number("a.db", "SELECT count(*) FROM runs WHERE status <> 'done'");
  const auto blocks = number("a.db",
                             "SELECT count(DISTINCT replicate / 3) FROM runs WHERE status "
                             "<> 'done'");
  ASSERT_GT(failed, 0);
  ASSERT_LT(blocks, 20);
  EXPECT_EQ(number("a.db", "SELECT replicates FROM bias_variance"), 60 - 3 * blocks);
  EXPECT_EQ(number("a.db", "SELECT left_out FROM bias_variance"), 3 * blocks);
}

TEST_F(AttributionTruth, IsTheSameForAnyNumberOfWorkers) {
  const auto yaml = random_start("{count: 300, layout: nested, seeds: 2}");
  run(yaml, "one.db", 1);
  run(yaml, "two.db", 2);
  EXPECT_EQ(store::dump(path("one.db")), store::dump(path("two.db")));
}

class AttributionCalibrationSlow : public AttributionTruth {
 protected:
  // Of forty 95 % intervals more than six miss with a probability of 0.0034.
  void expect_covered(const std::string& table, const std::string& which, double truth,
                      const std::string& lo = "lo", const std::string& hi = "hi") const {
    SCOPED_TRACE(which);
    const std::string from =
        " FROM " + table + " WHERE epoch = (SELECT max(epoch) FROM " + table + ") AND " + which;
    ASSERT_EQ(number("a.db", "SELECT count(*)" + from), 40);
    EXPECT_GE(number("a.db", fmt::format("SELECT count(*){} AND {} BETWEEN {} AND {}", from, truth,
                                         lo, hi)),
              34);
  }
  void expect_bias2_covered(double truth) const {
    expect_covered("bias_variance", "metric = 'mse'", truth, "bias2_lo", "bias2_hi");
  }
  void expect_variance_covered(double truth) const {
    expect_covered("bias_variance", "metric = 'mse'", truth, "variance_lo", "variance_hi");
  }
  void expect_term_covered(const std::string& term, double truth) const {
    expect_covered("effects", "term = '" + term + "'", truth);
  }
};

TEST_F(AttributionCalibrationSlow, NestedIntervalsMissSeldom) {
  run(random_start("{count: 200, layout: nested, seeds: 2, vary: [data, init]}"), "a.db", 2, false,
      {"seed=" + forty_seeds});
  expect_term_covered("data", start_data);
  expect_term_covered("init", start_init);
  expect_variance_covered(start_data + start_init);
  expect_bias2_covered(start_bias2);
}

TEST_F(AttributionCalibrationSlow, CrossedIntervalsMissSeldom) {
  run(one_sample_steps(4, "{count: 400, layout: crossed, seeds: 20, vary: [data, order]}"), "a.db",
      2, false, {"seed=" + forty_seeds});
  expect_term_covered("data", .045);
  expect_term_covered("order", 0);
  expect_term_covered("interaction", .116052632);
  expect_variance_covered(.045 + .116052632);
}

}  // namespace
}  // namespace descent
