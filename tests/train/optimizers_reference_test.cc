// SPDX-License-Identifier: MIT
// Every optimizer plugin against the reference trajectories: the same gradients, or the same
// functions, step for step.
#include "host/optimizer.h"
#include "problems.h"
#include "train/reference.h"

namespace descent::testing {
namespace {

using nlohmann::json;

// Where the tensors of a case lie. The files write tensors row-major, the host keeps blocks
// column-major; order[i] is the place in the file of the host's element i.
struct Layout {
  std::vector<std::string> names;
  std::vector<descent_block> blocks;
  arma::uvec order;

  explicit Layout(const json& shapes) : names(shapes.size()) {
    for (std::size_t i = 0; i < shapes.size(); ++i) add(shapes[i], names[i] = std::to_string(i));
  }

  void add(const json& shape, const std::string& name) {
    const arma::uword rows = shape[0], cols = shape.size() > 1 ? arma::uword(shape[1]) : 1;
    const arma::uword start = order.n_elem;
    blocks.push_back({name.c_str(), start, rows, cols, shape.size() == 1});
    order.resize(start + rows * cols);
    for (arma::uword i = 0; i < rows; ++i)
      for (arma::uword j = 0; j < cols; ++j) order(start + i + j * rows) = start + i * cols + j;
  }

  arma::vec host(const json& flat) const { return matrix(flat).col(0).eval().elem(order); }
};

Problem problem_of(const json& given) {
  const std::string kind = given.at("kind");
  if (kind == "quadratic") return quadratic(matrix(given.at("A")), matrix(given.at("b")));
  if (kind == "rosenbrock") return rosenbrock(given.at("a"), given.at("c"));
  const arma::mat inputs = samples(given.at("inputs")), targets = samples(given.at("targets"));
  if (kind == "least_squares") return least_squares(inputs, targets);
  if (kind == "logistic_regression") return logistic_regression(inputs, targets);
  throw std::runtime_error("unknown problem: " + kind);
}

// The optimizer at the case's start, on the case's objective.
template <class T>
class Walk {
 public:
  Walk(const json& one, const host::Plugin& plugin)
      : layout_(one.at("shapes")),
        x_(arma::conv_to<arma::Col<T>>::from(layout_.host(one.at("x0")))),
        optimizer_(plugin, settled(plugin, one.at("params")), x_.n_elem, layout_.blocks,
                   one.at("steps").back().get<std::uint64_t>()) {
    const auto& given = one.at("problem");
    if (given.at("kind") != "gradient_sequence")
      problem_ = problem_of(given);
    else
      for (const auto& flat : given.at("gradients")) gradients_.push_back(layout_.host(flat));
  }

  void step() {
    arma::Col<T> gradient(x_.n_elem);
    const auto t = optimizer_.steps();
    if (problem_)
      value(x_, &gradient);
    else
      gradient = arma::conv_to<arma::Col<T>>::from(gradients_.at(t));
    optimizer_.step(x_, gradient, t + 1, t, [this](const arma::Col<T>& at, arma::Col<T>* slope) {
      return value(at, slope);
    });
  }

  double value(const arma::Col<T>& at, arma::Col<T>* slope) const {
    arma::vec exact;
    const double result = problem_(arma::conv_to<arma::vec>::from(at), exact);
    if (slope) *slope = arma::conv_to<arma::Col<T>>::from(exact);
    return result;
  }

  arma::vec host(const json& flat) const { return layout_.host(flat); }
  std::uint64_t steps() const { return optimizer_.steps(); }
  const arma::Col<T>& x() const { return x_; }
  const arma::Col<T>& average() { return optimizer_.evaluation_weights(x_); }

 private:
  Layout layout_;
  Problem problem_;
  std::vector<arma::vec> gradients_;
  arma::Col<T> x_;
  host::Optimizer<T> optimizer_;
};

class Optimizers : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    one_ = read(GetParam());
    if (!is_built(DESCENT_OPTIMIZER, name()))
      GTEST_SKIP() << "optimizer '" << name() << "' is not built";
  }

  std::string name() const { return one_.at("optimizer"); }

  json one_;
};

TEST_P(Optimizers, Matches) {
  const auto& catalog = plugins();
  Walk<double> walk(one_, catalog.get(DESCENT_OPTIMIZER, name()));
  for (std::size_t i = 0; i < one_.at("steps").size(); ++i) {
    while (walk.steps() < one_["steps"][i].get<std::uint64_t>()) walk.step();
    const auto when = " after step " + one_["steps"][i].dump();
    const arma::vec tolerance = walk.host(one_.at("tolerance")[i]);
    expect_close(walk.x(), walk.host(one_.at("x")[i]), tolerance, "x" + when);
    if (one_.contains("average"))
      expect_close(walk.average(), walk.host(one_["average"][i]), tolerance, "average" + when);
    if (!one_.contains("value")) continue;
    EXPECT_NEAR(walk.value(walk.x(), nullptr), one_["value"][i].get<double>(),
                one_["tolerance_value"][i].get<double>())
        << "value" << when;
  }
}

// Given gradients leave nothing to grow: in float only rounding remains.
TEST_P(Optimizers, MatchesInSinglePrecision) {
  if (one_.at("problem").at("kind") != "gradient_sequence") GTEST_SKIP() << "not for float";
  if (one_.value("note", "").find("1e") != std::string::npos)
    GTEST_SKIP() << "out of float's range";
  const auto& catalog = plugins();
  Walk<float> walk(one_, catalog.get(DESCENT_OPTIMIZER, name()));
  for (std::size_t i = 0; i < one_.at("steps").size(); ++i) {
    while (walk.steps() < one_["steps"][i].get<std::uint64_t>()) walk.step();
    const arma::vec expected = walk.host(one_.at("x")[i]);
    expect_all_close(arma::conv_to<arma::vec>::from(walk.x()), expected,
                     1e-4 * std::max(1.0, arma::abs(expected).max()),
                     "x after step " + one_["steps"][i].dump());
  }
}

INSTANTIATE_TEST_SUITE_P(Reference, Optimizers, ::testing::ValuesIn(cases("optimizers")),
                         test_name);

}  // namespace
}  // namespace descent::testing
