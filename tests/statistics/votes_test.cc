// SPDX-License-Identifier: MIT
// Accumulated votes and whole predictions: merging, bytes, refusals.
#include "statistics/votes.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "statistics/state.h"

namespace descent {
namespace {

const arma::mat target(3, 5, arma::fill::value(1.0 / 3));

arma::urowvec random_classes(std::uint64_t index) {
  Random random(1, "test", index);
  arma::urowvec classes(5);
  for (auto& k : classes) k = random.below(3);
  return classes;
}

statistics::Votes votes(std::uint64_t first, std::uint64_t count) {
  statistics::Votes votes;
  for (auto r = first; r < first + count; ++r) votes.add(random_classes(r), target);
  return votes;
}

statistics::Predictions predictions(std::uint64_t first, std::uint64_t count) {
  statistics::Predictions all;
  for (auto r = first; r < first + count; ++r)
    all.add(arma::conv_to<arma::mat>::from(random_classes(r)), arma::mat(1, 5, arma::fill::ones));
  return all;
}

TEST(Votes, CountEveryReplicateOnceAtEveryPoint) {
  const auto all = votes(0, 7);
  EXPECT_EQ(all.count(), 7u);
  for (arma::uword j = 0; j < 5; ++j) EXPECT_EQ(arma::accu(all.counts().col(j)), 7u);
  EXPECT_NEAR(all.loss_sum(), 7 * 2.0 / 3, 1e-12);
}

TEST(Votes, MergedAndRemovedAgainAreTheSame) {
  auto all = votes(0, 4);
  all.merge(votes(4, 5));
  EXPECT_TRUE(arma::all(arma::vectorise(all.counts() == votes(0, 9).counts())));
  all.remove(votes(4, 5));
  EXPECT_EQ(all.count(), 4u);
  EXPECT_TRUE(arma::all(arma::vectorise(all.counts() == votes(0, 4).counts())));
  statistics::Votes empty;
  empty.merge(votes(0, 4));
  empty.merge(statistics::Votes());
  EXPECT_EQ(empty.serialize(), votes(0, 4).serialize());
}

TEST(Votes, RefuseWhatIsNotOfTheirTestSet) {
  auto all = votes(0, 2);
  EXPECT_THROW(all.add(arma::urowvec(4, arma::fill::zeros), target), Error);
  EXPECT_THROW(all.add(arma::urowvec(5, arma::fill::value(3)), target), Error);
  EXPECT_THROW(all.add(random_classes(0), arma::mat(2, 5, arma::fill::zeros)), Error);
  EXPECT_EQ(all.serialize(), votes(0, 2).serialize());
}

TEST(Predictions, KeepTheOrderOfReplicates) {
  auto all = predictions(0, 2);
  all.merge(predictions(2, 3));
  EXPECT_EQ(all.serialize(), predictions(0, 5).serialize());
  EXPECT_THROW(all.add(arma::mat(1, 4, arma::fill::zeros), arma::mat(1, 4, arma::fill::zeros)),
               Error);
}

TEST(States, ComeBackFromTheirBytes) {
  for (const std::uint64_t count : {0, 1, 6})
    for (const statistics::State& state :
         {statistics::State(votes(0, count)), statistics::State(predictions(0, count))})
      EXPECT_EQ(statistics::serialize(statistics::deserialize_state(statistics::serialize(state))),
                statistics::serialize(state));
  const statistics::State accumulator =
      statistics::Accumulator(statistics::Divergence::cross_entropy);
  EXPECT_EQ(
      statistics::serialize(statistics::deserialize_state(statistics::serialize(accumulator))),
      statistics::serialize(accumulator));
}

TEST(States, RefuseTruncatedForeignAndDamagedBytes) {
  for (const statistics::State& state :
       {statistics::State(votes(0, 3)), statistics::State(predictions(0, 3))}) {
    const auto bytes = statistics::serialize(state);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_THROW(statistics::deserialize_state(bytes.substr(0, size)), Error) << size;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      auto damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
      EXPECT_THROW(statistics::deserialize_state(damaged), Error) << i;
    }
  }
}

}  // namespace
}  // namespace descent
