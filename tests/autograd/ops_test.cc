// SPDX-License-Identifier: MIT
// Every operation against central differences in double, over several shapes; extreme inputs;
// shapes that do not fit.
#include "autograd/ops.h"

#include <gtest/gtest.h>

#include <functional>

#include "autograd/gradient_check.h"

namespace descent {
namespace {

using V = Var<double>;
using Shape = std::pair<arma::uword, arma::uword>;

struct Case {
  std::string name;
  std::vector<Shape> shapes;
  std::function<V(const std::vector<V>&)> apply;
  double low = -2, high = 2;  // where inputs are drawn
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

// Uniform in [low, high), but not within reach of a kink of any operation here.
arma::mat draw(const Shape& shape, double low, double high) {
  arma::mat x(shape.first, shape.second);
  const auto near_kink = [](double v) {
    return std::min({std::abs(v), std::abs(v + 0.7), std::abs(v - 0.9)}) < 0.005;
  };
  x.imbue([&] {
    double v = 0;
    while (near_kink(v)) v = low + (high - low) * arma::randu();
    return v;
  });
  return x;
}

const std::vector<Shape> shapes{{1, 1}, {1, 5}, {5, 1}, {3, 4}, {2, 17}, {1, 300}};
const arma::uword chosen[] = {2, 0, 2};
const std::int64_t picked[] = {0, 1, 0, 1, 1, 0, 1};

std::vector<Case> unary_cases() {
  const std::vector<std::pair<std::string, std::function<V(const V&)>>> everywhere{
      {"neg", [](const V& x) { return -x; }},
      {"plus_scalar", [](const V& x) { return 1.5 + x - 0.25; }},
      {"minus_from_scalar", [](const V& x) { return 1.5 - x; }},
      {"times_scalar", [](const V& x) { return 3.0 * x / 7.0; }},
      {"exp", [](const V& x) { return exp(x); }},
      {"square", [](const V& x) { return square(x); }},
      {"abs", [](const V& x) { return abs(x); }},
      {"sign", [](const V& x) { return sign(x) * x; }},
      {"relu", [](const V& x) { return relu(x); }},
      {"leaky_relu", [](const V& x) { return leaky_relu(x, 0.1); }},
      {"elu", [](const V& x) { return elu(x, 1.3); }},
      {"gelu", [](const V& x) { return gelu(x); }},
      {"tanh", [](const V& x) { return tanh(x); }},
      {"sigmoid", [](const V& x) { return sigmoid(x); }},
      {"softplus", [](const V& x) { return softplus(x); }},
      {"softmax", [](const V& x) { return softmax(x); }},
      {"log_softmax", [](const V& x) { return log_softmax(x); }},
      {"logsumexp", [](const V& x) { return logsumexp(x); }},
      {"sum", [](const V& x) { return sum(square(x)); }},
      {"sum_down", [](const V& x) { return sum(square(x), 0); }},
      {"sum_along", [](const V& x) { return sum(square(x), 1); }},
      {"mean", [](const V& x) { return mean(square(x)); }},
      {"mean_down", [](const V& x) { return mean(square(x), 0); }},
      {"mean_along", [](const V& x) { return mean(square(x), 1); }},
      {"min_down", [](const V& x) { return min(x, 0); }},
      {"max_down", [](const V& x) { return max(x, 0); }},
      {"min_along", [](const V& x) { return min(x, 1); }},
      {"max_along", [](const V& x) { return max(x, 1); }},
      {"clamp", [](const V& x) { return clamp(x, -0.7, 0.9); }},
      {"cube", [](const V& x) { return pow(x, 3); }},
      {"used_twice", [](const V& x) { return x * x + exp(x) * x; }},
  };
  const std::vector<std::pair<std::string, std::function<V(const V&)>>> positive{
      {"log", [](const V& x) { return log(x); }},
      {"log1p", [](const V& x) { return log1p(x); }},
      {"sqrt", [](const V& x) { return sqrt(x); }},
      {"pow_real", [](const V& x) { return pow(x, 1.7); }},
      {"pow_negative", [](const V& x) { return pow(x, -2); }},
      {"scalar_over", [](const V& x) { return 2.0 / x; }},
  };
  std::vector<Case> cases;
  for (const auto& [name, f] : everywhere)
    for (const auto& shape : shapes)
      cases.push_back({name, {shape}, [f = f](const std::vector<V>& x) { return f(x[0]); }});
  for (const auto& [name, f] : positive)
    for (const auto& shape : shapes)
      cases.push_back(
          {name, {shape}, [f = f](const std::vector<V>& x) { return f(x[0]); }, 0.3, 3});
  return cases;
}

std::vector<Case> many_operand_cases() {
  const std::vector<std::pair<std::string, std::function<V(const V&, const V&)>>> binary{
      {"plus", [](const V& a, const V& b) { return a + b; }},
      {"minus", [](const V& a, const V& b) { return a - b; }},
      {"times", [](const V& a, const V& b) { return a * b; }},
      {"over", [](const V& a, const V& b) { return a / b; }},
      {"min", [](const V& a, const V& b) { return min(a, b); }},
      {"max", [](const V& a, const V& b) { return max(a, b); }},
  };
  const std::vector<std::pair<Shape, Shape>> pairs{
      {{1, 1}, {1, 1}}, {{3, 4}, {3, 4}}, {{3, 4}, {1, 4}}, {{3, 1}, {3, 4}}, {{1, 4}, {3, 1}},
      {{1, 1}, {3, 4}}, {{5, 1}, {1, 1}}, {{1, 6}, {1, 6}}, {{1, 6}, {4, 6}}};
  std::vector<Case> cases;
  for (const auto& [name, f] : binary)
    for (const auto& [a, b] : pairs)
      cases.push_back(
          {name, {a, b}, [f = f](const std::vector<V>& x) { return f(x[0], x[1]); }, 0.4, 2.5});
  for (const auto& [a, b] : std::vector<std::pair<Shape, Shape>>{
           {{3, 4}, {3, 4}}, {{1, 1}, {3, 4}}, {{3, 1}, {1, 4}}, {{1, 1}, {1, 1}}})
    cases.push_back({"where", {{3, 4}, a, b}, [](const std::vector<V>& x) {
                       V condition = x[0].graph().constant(3, 4);
                       for (arma::uword i = 0; i < 12; i += 2) condition.value()(i) = 1;
                       return where(condition, x[1] + 0.0 * x[0], x[2]);
                     }});
  for (const auto& [n, k, m] : std::vector<std::array<arma::uword, 3>>{
           {1, 1, 1}, {1, 7, 1}, {4, 1, 5}, {3, 4, 5}, {1, 3, 40}, {20, 1, 1}, {12, 9, 11}}) {
    cases.push_back(
        {"matmul", {{n, k}, {k, m}}, [](const std::vector<V>& x) { return matmul(x[0], x[1]); }});
    cases.push_back({"linear", {{n, k}, {k, m}, {n, 1}}, [](const std::vector<V>& x) {
                       return linear(x[0], x[1], x[2]);
                     }});
    cases.push_back({"linear_twice", {{n, k}, {k, m}, {n, 1}}, [](const std::vector<V>& x) {
                       return linear(x[0], x[1], x[2]) * linear(x[0], x[1], x[2]) + x[2];
                     }});
  }
  for (const auto n : {1, 3, 7})
    cases.push_back({"gather", {{2, arma::uword(n)}}, [](const std::vector<V>& x) {
                       return gather(log_softmax(x[0]), picked);
                     }});
  for (const auto n : {1, 5})
    cases.push_back({"rows", {{4, arma::uword(n)}}, [](const std::vector<V>& x) {
                       return rows(x[0], 0, 1) * exp(rows(x[0], 2, 3)) + rows(x[0], 1, 2);
                     }});
  cases.push_back({"columns", {{3, 4}}, [](const std::vector<V>& x) {
                     return columns(x[0], chosen) * columns(x[0], std::span(chosen).first(1));
                   }});
  for (const auto& [a, b] :
       std::vector<std::pair<Shape, Shape>>{{{3, 4}, {2, 4}}, {{1, 1}, {1, 1}}, {{1, 5}, {4, 5}}}) {
    cases.push_back(
        {"join_cols", {a, b}, [](const std::vector<V>& x) { return join_cols(x[0], exp(x[1])); }});
    cases.push_back({"join_rows", {a, b}, [](const std::vector<V>& x) {
                       return join_rows(transpose(x[0]), transpose(x[1] * x[1]));
                     }});
  }
  cases.push_back(
      {"gram", {{3, 4}}, [](const std::vector<V>& x) { return matmul(transpose(x[0]), x[0]); }});
  return cases;
}

class Derivative : public testing::TestWithParam<Case> {};

TEST_P(Derivative, MatchesCentralDifferences) {
  const auto& c = GetParam();
  arma::arma_rng::set_seed(7);
  std::vector<arma::mat> inputs, gradients;
  for (const auto& shape : c.shapes) {
    inputs.push_back(draw(shape, c.low, c.high));
    gradients.emplace_back(shape.first, shape.second, arma::fill::value(arma::datum::nan));
  }
  Graph<double> graph;
  std::vector<V> x;
  for (std::size_t k = 0; k < inputs.size(); ++k)
    x.push_back(graph.parameter(inputs[k].memptr(), gradients[k].memptr(), inputs[k].n_rows,
                                inputs[k].n_cols));
  const auto y = c.apply(x);
  V mixture = graph.constant(y.rows(), y.cols());
  mixture.value().randu();
  const auto scalar = sum(y * mixture);
  const auto f = [&] { return graph.forward(), scalar.value()(0); };

  for (int pass = 0; pass < 2; ++pass) {  // the second pass must not add to the first
    f();
    graph.backward(scalar);
  }
  EXPECT_LE(gradient_error(inputs, gradients, f), 1e-6);
}

// The Hessian times v is the gradient of gradient . v.
TEST_P(Derivative, HasAHessianThatMatchesCentralDifferences) {
  const auto& c = GetParam();
  arma::arma_rng::set_seed(7);
  std::vector<arma::mat> inputs, gradients, directions, products;
  for (const auto& shape : c.shapes) {
    inputs.push_back(draw(shape, c.low, c.high));
    gradients.emplace_back(shape.first, shape.second, arma::fill::zeros);
    directions.emplace_back(shape.first, shape.second, arma::fill::randn);
  }
  Graph<double> graph;
  std::vector<V> x;
  for (std::size_t k = 0; k < inputs.size(); ++k)
    x.push_back(graph.parameter(inputs[k].memptr(), gradients[k].memptr(), inputs[k].n_rows,
                                inputs[k].n_cols));
  const auto y = c.apply(x);
  V mixture = graph.constant(y.rows(), y.cols());
  mixture.value().randu();
  const auto scalar = sum(square(y) * mixture);
  graph.add_tangents();
  const auto along = [&] {
    graph.forward();
    graph.backward(scalar);
    double sum = 0;
    for (std::size_t k = 0; k < inputs.size(); ++k) sum += arma::dot(gradients[k], directions[k]);
    return sum;
  };
  for (std::size_t k = 0; k < x.size(); ++k) x[k].node()->tangents->value = directions[k];
  for (int pass = 0; pass < 2; ++pass) {  // the second pass must not add to the first
    along();
    graph.forward_tangent();
    graph.backward_tangent(scalar);
  }
  for (const auto& leaf : x) products.push_back(leaf.node()->tangents->gradient);
  EXPECT_LE(gradient_error(inputs, products, along), 1e-6);
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name;
  for (const auto& [rows, cols] : info.param.shapes)
    name += "_" + std::to_string(rows) + "x" + std::to_string(cols);
  return name;
}

INSTANTIATE_TEST_SUITE_P(Unary, Derivative, testing::ValuesIn(unary_cases()), case_name);
INSTANTIATE_TEST_SUITE_P(Operands, Derivative, testing::ValuesIn(many_operand_cases()), case_name);

template <class T>
struct Extremes : testing::Test {};
using Elements = testing::Types<float, double>;
TYPED_TEST_SUITE(Extremes, Elements);

// Value and slope of an operation at x, and whether both are finite.
template <class T, class F>
std::pair<T, T> at(T x, F f) {
  T slope = 0;
  Graph<T> graph;
  const auto y = f(graph.parameter(&x, &slope, 1, 1));
  graph.forward();
  graph.backward(y);
  return {y.value()(0), slope};
}

TYPED_TEST(Extremes, StayFiniteWhereMathematicsIs) {
  using T = TypeParam;
  using X = const Var<T>&;
  using P = std::pair<T, T>;
  for (const T x : {T(800), T(-800)}) {
    const bool up = x > 0;
    EXPECT_EQ(at(x, [](X v) { return tanh(v); }), P(up ? 1 : -1, 0));
    EXPECT_EQ(at(x, [](X v) { return sigmoid(v); }), P(up ? 1 : 0, 0));
    EXPECT_EQ(at(x, [](X v) { return softplus(v); }), P(up ? x : 0, up ? 1 : 0));
    EXPECT_EQ(at(x, [](X v) { return elu(v); }), P(up ? x : -1, up ? 1 : 0));
    EXPECT_EQ(at(x, [](X v) { return gelu(v); }), P(up ? x : 0, up ? 1 : 0));
    EXPECT_EQ(at(x, [](X v) { return logsumexp(v); }), P(x, 1));
    EXPECT_EQ(at(x, [](X v) { return log_softmax(v); }), P(0, 0));
    EXPECT_EQ(at(x, [](X v) { return softmax(v); }), P(1, 0));
    EXPECT_EQ(at(x, [](X v) { return relu(v); }), P(up ? x : 0, up ? 1 : 0));
    EXPECT_EQ(at(x, [](X v) { return abs(v); }), P(800, up ? 1 : -1));
  }
}

TYPED_TEST(Extremes, SoftmaxOfFarLogitsIsFinite) {
  using T = TypeParam;
  const arma::Mat<T> x{{800, -800}, {-800, -800}, {0, 800}};
  arma::Mat<T> gradient(3, 2);
  Graph<T> graph;
  const auto v = graph.parameter(x.memptr(), gradient.memptr(), 3, 2);
  const auto y = log_softmax(v), p = softmax(v);
  const auto scalar = sum(y) + sum(square(p));
  graph.forward();
  graph.backward(scalar);
  EXPECT_TRUE(y.value().is_finite());
  EXPECT_TRUE(gradient.is_finite());
  EXPECT_EQ(y.value()(1, 0), T(-1600));
  EXPECT_EQ(p.value()(2, 1), T(1));
}

TYPED_TEST(Extremes, NanIsNeverHidden) {
  using T = TypeParam;
  using X = const Var<T>&;
  const T nan = std::numeric_limits<T>::quiet_NaN();
  EXPECT_TRUE(std::isnan(at(nan, [](X v) { return relu(v); }).first));
  EXPECT_TRUE(std::isnan(at(nan, [](X v) { return clamp(v, -1, 1); }).first));
  EXPECT_TRUE(std::isnan(at(nan, [](X v) { return sign(v); }).first));
  EXPECT_TRUE(std::isnan(at(nan, [](X v) { return softplus(v); }).first));
  EXPECT_TRUE(std::isnan(at(nan, [](X v) { return logsumexp(v); }).first));
  EXPECT_TRUE(std::isnan(at(nan, [](X v) { return max(v, 0); }).first));
}

TEST(Conventions, SlopesAtKinksAndTies) {
  using X = const V&;
  using P = std::pair<double, double>;
  EXPECT_EQ(at(0.0, [](X v) { return relu(v); }), P(0, 0));
  EXPECT_EQ(at(0.0, [](X v) { return abs(v); }), P(0, 0));
  EXPECT_EQ(at(2.0, [](X v) { return max(v, v * 1.0); }), P(2, 1));
  EXPECT_EQ(at(0.0, [](X v) { return pow(v, 0); }), P(1, 0));
}

TEST(Shapes, ThatDoNotFitAreRefused) {
  Graph<double> graph;
  const V a = graph.constant(2, 3), b = graph.constant(4, 3), bias = graph.constant(2, 1);
  EXPECT_THROW(a + b, std::invalid_argument);
  EXPECT_THROW(matmul(a, b), std::invalid_argument);
  EXPECT_THROW(linear(a, a, bias), std::invalid_argument);
  EXPECT_THROW(sum(a, 2), std::invalid_argument);
}

TEST(Columns, RefusesAPositionOutsideTheColumns) {
  const arma::mat x(3, 2, arma::fill::ones);
  Graph<double> graph;
  columns(graph.constant(x.memptr(), 3, 2), chosen);
  EXPECT_THROW(graph.forward(), std::invalid_argument);
}

TEST(Gather, RefusesAClassOutsideTheRows) {
  const std::int64_t classes[] = {2};
  Graph<double> graph;
  const V x = graph.constant(2, 1);
  gather(x, classes);
  EXPECT_THROW(graph.forward(), std::invalid_argument);
}

}  // namespace
}  // namespace descent
