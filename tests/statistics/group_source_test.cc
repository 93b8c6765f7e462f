// SPDX-License-Identifier: MIT
// A decomposition from groups that are read one at a time has the bits of one from memory.
#include "statistics/group_source.h"

#include <gtest/gtest.h>

#include <bit>
#include <optional>

#include "statistics/decomposition.h"
#include "statistics/variance_components.h"

namespace descent {
namespace {

using namespace statistics;

// Reading a group destroys the one that was read before.
template <class State>
GroupSource<State> one_at_a_time(const std::vector<State>& groups, std::optional<State>& current) {
  return {groups.size(), [&](std::size_t g) -> const State& {
            current.reset();
            return current.emplace(groups[g]);
          }};
}

std::vector<double> numbers_of(const Decomposition& d) {
  std::vector<double> all{d.noise, d.bias2_plugin,       d.variance_plugin, d.identity_residual,
                          d.df,    d.max_replicate_share};
  const auto add = [&](const Estimate& e) { all.insert(all.end(), {e.value, e.se, e.lo, e.hi}); };
  for (const auto* estimate : {&d.total, &d.bias2, &d.variance, &d.excess}) add(*estimate);
  for (const auto& effect : d.effects) add(effect.estimate);
  for (const auto& part : d.without)
    all.insert(all.end(), {double(part.left_out), part.total, part.bias2, part.variance});
  return all;
}

// Bits, so that NaN equals itself.
void expect_same_bits(const Decomposition& a, const Decomposition& b) {
  const auto x = numbers_of(a), y = numbers_of(b);
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_EQ(std::bit_cast<std::uint64_t>(x[i]), std::bit_cast<std::uint64_t>(y[i])) << i;
}

// Groups of 1 to 3 replicates, one of them empty, of predictions by a formula.
template <class State>
std::vector<State> made(std::size_t count, const State& empty,
                        const std::function<void(State&, double)>& add) {
  std::vector<State> groups(count, empty);
  double replicate = 0;
  for (std::size_t g = 0; g < count; ++g)
    for (std::size_t i = 0; g != 3 && i < 1 + g % 3; ++i) add(groups[g], ++replicate);
  return groups;
}

const arma::mat zero_targets(2, 7, arma::fill::zeros);

arma::mat predictions(double replicate) {
  arma::mat values(2, 7);
  for (arma::uword i = 0; i < values.n_elem; ++i)
    values[i] = std::sin(replicate * 1.7 + double(i) * 0.3) + 0.1;
  return values;
}

template <class State>
void expect_same(const std::vector<State>& groups, const arma::mat& target) {
  std::optional<State> current;
  expect_same_bits(decompose(groups, target), decompose(one_at_a_time(groups, current), target));
}

TEST(GroupSource, GivesTheSameBitsOfAccumulators) {
  expect_same(
      made<Accumulator>(30, Accumulator(Divergence::squared_error),
                        [](Accumulator& to, double r) { to.add(predictions(r), zero_targets); }),
      zero_targets);
  const arma::mat half(2, 7, arma::fill::value(0.5));
  expect_same(
      made<Accumulator>(30, Accumulator(Divergence::cross_entropy),
                        [&](Accumulator& to, double r) { to.add(predictions(r) - 2, half); }),
      half);
}

TEST(GroupSource, GivesTheSameBitsOfVotesAndPredictions) {
  const arma::mat half(2, 7, arma::fill::value(0.5));
  expect_same(made<Votes>(30, Votes(),
                          [&](Votes& to, double r) {
                            const arma::mat p = predictions(r);
                            to.add(arma::urowvec(arma::index_max(p, 0)), half);
                          }),
              half);
  for (const std::size_t count : {1, 2, 30})
    expect_same(
        made<Predictions>(count, Predictions(),
                          [](Predictions& to, double r) { to.add(predictions(r), zero_targets); }),
        zero_targets);
}

TEST(GroupSource, GivesTheSameBitsOfBlocks) {
  double last = 0;
  const auto groups = made<Blocks>(30, Blocks(3), [&](Blocks& to, double) {
    for (int i = 0; i < 3; ++i) to.add(predictions(++last), zero_targets);
  });
  for (const auto design : {Design::nested, Design::crossed, Design::partitions}) {
    const Attribution attribution{design, "data", "init"};
    std::optional<Blocks> current;
    expect_same_bits(decompose(groups, zero_targets, attribution),
                     decompose(one_at_a_time(groups, current), zero_targets, attribution));
  }
}

}  // namespace
}  // namespace descent
