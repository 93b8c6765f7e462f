// SPDX-License-Identifier: MIT
#include "statistics/accumulator.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"

namespace descent {
namespace {

arma::mat normal(arma::uword rows, arma::uword cols, std::uint64_t index, double mean = 0) {
  Random random(1, "test", index);
  arma::mat values(rows, cols);
  for (double& value : values) value = random.normal(mean, 1);
  return values;
}

arma::mat log_softmax(arma::mat z) {
  for (arma::uword j = 0; j < z.n_cols; ++j) z.col(j) -= std::log(arma::accu(arma::exp(z.col(j))));
  return z;
}

statistics::Accumulator squared(std::uint64_t first, std::uint64_t count) {
  statistics::Accumulator state(statistics::Divergence::squared_error);
  for (auto r = first; r < first + count; ++r) state.add(normal(2, 5, r), normal(2, 5, 1000));
  return state;
}

statistics::Accumulator entropic(std::uint64_t first, std::uint64_t count) {
  statistics::Accumulator state(statistics::Divergence::cross_entropy);
  const arma::mat q = arma::exp(log_softmax(normal(3, 5, 1000)));
  for (auto r = first; r < first + count; ++r) state.add(log_softmax(normal(3, 5, r)), q);
  return state;
}

void expect_same_bits(const arma::mat& a, const arma::mat& b) {
  ASSERT_EQ(a.n_rows, b.n_rows);
  ASSERT_EQ(a.n_cols, b.n_cols);
  for (arma::uword i = 0; i < a.n_elem; ++i)
    EXPECT_EQ(std::bit_cast<std::uint64_t>(a[i]), std::bit_cast<std::uint64_t>(b[i]));
}

void expect_same_bits(const statistics::Accumulator& a, const statistics::Accumulator& b) {
  EXPECT_EQ(a.divergence(), b.divergence());
  EXPECT_EQ(a.clip_eps(), b.clip_eps());
  EXPECT_EQ(a.count(), b.count());
  EXPECT_EQ(a.clipped(), b.clipped());
  EXPECT_EQ(a.loss_sum(), b.loss_sum());
  EXPECT_EQ(a.largest_loss(), b.largest_loss());
  expect_same_bits(a.mean(), b.mean());
  expect_same_bits(a.m2(), b.m2());
}

void expect_close_sums(const statistics::Accumulator& a, const statistics::Accumulator& b) {
  EXPECT_EQ(a.count(), b.count());
  EXPECT_NEAR(a.loss_sum(), b.loss_sum(), 1e-13 * b.loss_sum());
  EXPECT_EQ(a.largest_loss(), b.largest_loss());
  EXPECT_TRUE(arma::approx_equal(a.mean(), b.mean(), "absdiff", 1e-14));
  EXPECT_TRUE(arma::approx_equal(a.m2(), b.m2(), "reldiff", 1e-13));
}

TEST(Accumulator, HoldsMeanAndSquaredDeviationsOfTheErrors) {
  statistics::Accumulator state(statistics::Divergence::squared_error);
  const arma::mat target{{1, 2}};
  for (const arma::mat& prediction : {arma::mat{{2, 2}}, arma::mat{{4, 1}}, arma::mat{{3, 3}}})
    state.add(prediction, target);
  EXPECT_TRUE(arma::approx_equal(state.mean(), arma::mat{{2, 0}}, "absdiff", 1e-15));
  EXPECT_TRUE(arma::approx_equal(state.m2(), arma::mat{{2, 2}}, "absdiff", 1e-15));
  EXPECT_DOUBLE_EQ(state.loss_sum(), (1 + 0 + 9 + 1 + 4 + 1) / 2.0);
  EXPECT_DOUBLE_EQ(state.largest_loss(), 5);
}

TEST(Accumulator, KeepsTheDigitsOfSmallErrorsOnALargeTarget) {
  statistics::Accumulator state(statistics::Divergence::squared_error);
  const arma::mat target(1, 1, arma::fill::value(1e8));
  for (double error : {1.0, 2.0, 3.0}) state.add(target + error, target);
  EXPECT_DOUBLE_EQ(state.mean()(0, 0), 2);
  EXPECT_DOUBLE_EQ(state.m2()(0, 0), 2);
}

TEST(Accumulator, MergedInReplicateOrderEqualsSequential) {
  auto state = squared(0, 3);
  for (std::uint64_t first = 3; first < 24; first += 7) state.merge(squared(first, 7));
  expect_close_sums(state, squared(0, 24));
  auto logs = entropic(0, 1);
  logs.merge(entropic(1, 1));
  logs.merge(entropic(2, 22));
  expect_close_sums(logs, entropic(0, 24));
}

TEST(Accumulator, MergedWithNothingKeepsItsBits) {
  const statistics::Accumulator nothing(statistics::Divergence::squared_error);
  auto state = squared(0, 4);
  state.merge(nothing);
  expect_same_bits(state, squared(0, 4));
  auto empty = nothing;
  empty.merge(squared(0, 4));
  expect_same_bits(empty, squared(0, 4));
}

TEST(Accumulator, ComesBackFromItsBytesBitForBit) {
  for (std::uint64_t count : {0u, 1u, 2u, 9u}) {
    for (const auto& state : {squared(5, count), entropic(5, count)}) {
      const auto back = statistics::Accumulator::deserialize(state.serialize());
      expect_same_bits(back, state);
      EXPECT_EQ(back.serialize(), state.serialize());
    }
  }
}

TEST(Accumulator, GoesOnFromItsBytesAsIfNeverInterrupted) {
  auto state = statistics::Accumulator::deserialize(squared(0, 4).serialize());
  for (std::uint64_t r = 4; r < 9; ++r) state.add(normal(2, 5, r), normal(2, 5, 1000));
  expect_same_bits(state, squared(0, 9));
}

TEST(Accumulator, OfOneReplicateDoesNotStoreItsZeroDeviations) {
  EXPECT_EQ(squared(0, 2).serialize().size() - squared(0, 1).serialize().size(), 10 * 8u);
  EXPECT_EQ(entropic(0, 2).serialize().size(), entropic(0, 1).serialize().size());
}

TEST(Accumulator, RefusesTruncatedBytes) {
  const auto bytes = squared(0, 3).serialize();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THROW(statistics::Accumulator::deserialize(bytes.substr(0, size)), Error) << size;
  EXPECT_THROW(statistics::Accumulator::deserialize(bytes + std::string(8, '\0')), Error);
}

TEST(Accumulator, RefusesForeignAndDamagedBytes) {
  EXPECT_THROW(statistics::Accumulator::deserialize(std::string(400, 'x')), Error);
  const auto bytes = squared(0, 3).serialize();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
    EXPECT_THROW(statistics::Accumulator::deserialize(damaged), Error) << i;
  }
}

TEST(Accumulator, RefusesPredictionsOfAnotherShape) {
  auto state = squared(0, 2);
  EXPECT_THROW(state.add(normal(2, 4, 0), normal(2, 5, 0)), Error);
  EXPECT_THROW(state.add(normal(1, 5, 0), normal(1, 5, 0)), Error);
  expect_same_bits(state, squared(0, 2));
}

TEST(Accumulator, RefusesToMergeWhatDoesNotBelongTogether) {
  auto state = entropic(0, 2);
  EXPECT_THROW(state.merge(squared(0, 2)), Error);
  EXPECT_THROW(state.merge(statistics::Accumulator(statistics::Divergence::cross_entropy, 1e-6)),
               Error);
  statistics::Accumulator smaller(statistics::Divergence::cross_entropy);
  smaller.add(log_softmax(normal(2, 5, 0)), arma::mat(2, 5, arma::fill::value(0.5)));
  EXPECT_THROW(state.merge(smaller), Error);
}

TEST(Accumulator, ClipsAndCountsVanishingProbabilities) {
  statistics::Accumulator state(statistics::Divergence::cross_entropy, 1e-6);
  const arma::mat log_p{{-arma::datum::inf, std::log(1e-6)}, {0, std::log1p(-1e-6)}};
  state.add(log_p, arma::mat{{1, 0}, {0, 1}});
  EXPECT_EQ(state.clipped(), 1u);
  EXPECT_DOUBLE_EQ(state.mean()(0, 0), std::log(1e-6));
  EXPECT_DOUBLE_EQ(state.loss_sum(), (-std::log(1e-6) - std::log1p(-1e-6)) / 2);
  auto twice = state;
  twice.merge(state);
  EXPECT_EQ(twice.clipped(), 2u);
}

TEST(Accumulator, KeepsANaN) {
  statistics::Accumulator state(statistics::Divergence::cross_entropy);
  const arma::vec log_p{arma::datum::nan, 0};
  state.add(log_p, arma::vec{0, 1});
  EXPECT_TRUE(std::isnan(state.loss_sum()));
  EXPECT_TRUE(std::isnan(state.mean()(0, 0)));
}

}  // namespace
}  // namespace descent
