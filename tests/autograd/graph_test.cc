// SPDX-License-Identifier: MIT
// Recording once and replaying: no allocation, gradients not accumulated, memory of the caller's.
#include "autograd/graph.h"

#include <gtest/gtest.h>

#include <array>
#include <memory_resource>

#include "allocations.h"
#include "autograd/ops.h"

namespace descent {
namespace {

template <class T>
struct Replay : testing::Test {};
using Elements = testing::Types<float, double>;
TYPED_TEST_SUITE(Replay, Elements);

TYPED_TEST(Replay, AllocatesNothingAfterTheRecording) {
  using T = TypeParam;
  const arma::Mat<T> x(20, 32, arma::fill::randn);
  arma::Mat<T> w(15, 20, arma::fill::randn), b(15, 1, arma::fill::zeros), dw(15, 20), db(15, 1);
  const std::array<std::int64_t, 32> classes{};
  Graph<T> graph;
  const auto weight = graph.parameter(w.memptr(), dw.memptr(), 15, 20);
  const auto bias = graph.parameter(b.memptr(), db.memptr(), 15, 1);
  const auto h = tanh(linear(weight, graph.constant(x.memptr(), 20, 32), bias));
  const auto second = matmul(weight, matmul(graph.constant(20, 15), h));
  const auto loss = mean(-gather(log_softmax(h + second), classes.data())) + sum(square(weight));
  graph.forward();
  graph.backward(loss);

  const auto before = allocations();
  for (int i = 0; i < 10; ++i) {
    graph.forward();
    graph.backward(loss);
  }
  EXPECT_EQ(allocations(), before);
}

TYPED_TEST(Replay, SeesWhatTheCallersMemoryHoldsNow) {
  using T = TypeParam;
  T x = 3, slope = 0;
  Graph<T> graph;
  const auto y = square(graph.parameter(&x, &slope, 1, 1));
  for (const T at : {T(3), T(-2)}) {
    x = at;
    graph.forward();
    graph.backward(y);
    EXPECT_EQ(y.value()(0), at * at);
    EXPECT_EQ(slope, 2 * at);
  }
}

TEST(Graph, RunsInAGivenPieceOfMemory) {
  alignas(64) std::array<std::byte, 1 << 16> memory;
  const arma::mat x(3, 4, arma::fill::ones);
  arma::mat dx(3, 4);
  const auto before = allocations();
  {
    std::pmr::monotonic_buffer_resource arena(memory.data(), memory.size(),
                                              std::pmr::null_memory_resource());
    Graph<double> graph(&arena);
    const auto loss = mean(square(graph.parameter(x.memptr(), dx.memptr(), 3, 4)));
    graph.forward();
    graph.backward(loss);
    EXPECT_DOUBLE_EQ(loss.value()(0), 1);
  }
  EXPECT_EQ(allocations(), before);
  EXPECT_DOUBLE_EQ(dx(0), 2.0 / 12);
}

TEST(Graph, DoesNotDifferentiateConstants) {
  Graph<double> graph;
  const auto c = graph.constant(2, 2);
  EXPECT_FALSE(exp(c).node()->differentiable);
  EXPECT_TRUE(exp(c).gradient().is_empty());
}

TEST(Graph, SurvivesALongChain) {
  double x = 1, slope = 0;
  Graph<double> graph;
  auto y = graph.parameter(&x, &slope, 1, 1) * 1.0;
  for (int i = 0; i < 100'000; ++i) y = y + 1e-5;
  graph.forward();
  graph.backward(y);
  EXPECT_NEAR(y.value()(0), 2, 1e-9);
  EXPECT_EQ(slope, 1);
}

}  // namespace
}  // namespace descent
