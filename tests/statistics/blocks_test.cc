// SPDX-License-Identifier: MIT
// Blocks of replicates: whole ones only, merged in any grouping, as bytes and back.
#include "statistics/blocks.h"

#include "base/error.h"
#include "golden.h"

namespace descent {
namespace {

const arma::mat three_points(1, 3, arma::fill::zeros);

statistics::Blocks filled(const arma::mat& rows, std::uint64_t size = 2) {
  statistics::Blocks blocks(size);
  for (arma::uword r = 0; r < rows.n_rows; ++r) blocks.add(rows.row(r), three_points);
  return blocks;
}

TEST(Blocks, SumWhatAnAnalysisOfVarianceNeeds) {
  const auto blocks = filled(errors);
  EXPECT_EQ(blocks.count(), 2u);
  EXPECT_EQ(blocks.replicates(), 4u);
  EXPECT_EQ(blocks.points(), 3u);
  expect_relative(blocks.loss_sum(), 18.5 / 3, 1e-14);
  expect_relative(blocks.largest_loss(), 6.5 / 3, 1e-14);
  // Within (1, -.5, 2), (.5, 0, 1): half the squared differences; and so the other pair.
  expect_relative(blocks.within(), (.25 + .25 + 1) / 2 + (2.25 + 2.25 + 1) / 2, 1e-14);
  expect_relative(blocks.between(), (0 + 0 + .25) / 2, 1e-14);
  expect_relative(blocks.grand_mean()[2], 1.75, 1e-14);
}

TEST(Blocks, TakeInOnlyWholeOnes) {
  auto blocks = filled(errors.rows(0, 2));
  EXPECT_EQ(blocks.count(), 1u);
  blocks.add(errors.row(3), three_points);
  EXPECT_EQ(blocks.count(), 2u);
}

TEST(Blocks, LeaveABlockOutWhenOneOfItsReplicatesFailed) {
  statistics::Blocks blocks(2);
  blocks.add(errors.row(0), three_points);
  blocks.skip();
  blocks.skip();
  blocks.add(errors.row(0), three_points);
  blocks.add(errors.row(2), three_points);
  blocks.add(errors.row(3), three_points);
  EXPECT_EQ(blocks.serialize(), filled(errors.rows(2, 3)).serialize());
}

TEST(Blocks, MergeToWhatOneAfterTheOtherGives) {
  const arma::mat rows = arma::join_cols(errors, 2 * errors, errors + 1);
  auto merged = filled(rows.rows(0, 3));
  merged.merge(statistics::Blocks(2));
  merged.merge(filled(rows.rows(4, 11)));
  const auto whole = filled(rows);
  EXPECT_EQ(merged.count(), whole.count());
  expect_relative(merged.within(), whole.within(), 1e-13);
  expect_relative(merged.between(), whole.between(), 1e-13);
  expect_relative(merged.loss_sum(), whole.loss_sum(), 1e-13);
  EXPECT_TRUE(arma::approx_equal(merged.means(), whole.means(), "reldiff", 1e-13));
  EXPECT_TRUE(arma::approx_equal(merged.products(), whole.products(), "reldiff", 1e-13));
}

TEST(Blocks, AreTheSameAfterTheBytes) {
  for (const auto& blocks : {filled(errors), statistics::Blocks(2)}) {
    const auto bytes = blocks.serialize();
    EXPECT_EQ(statistics::Blocks::deserialize(bytes).serialize(), bytes);
  }
}

TEST(Blocks, RefuseBytesThatAreNotWhole) {
  const auto bytes = filled(errors).serialize();
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_THROW(statistics::Blocks::deserialize(bytes.substr(0, length)), Error) << length;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto flipped = bytes;
    flipped[i] = char(flipped[i] ^ 16);
    EXPECT_THROW(statistics::Blocks::deserialize(flipped), Error) << i;
  }
}

TEST(Blocks, RefuseAnotherTestSetOrSize) {
  auto blocks = filled(errors);
  EXPECT_THROW(blocks.add(errors.row(0), arma::zeros(1, 2)), Error);
  EXPECT_THROW(blocks.add(arma::zeros(1, 2), arma::zeros(1, 2)), Error);
  EXPECT_THROW(blocks.merge(filled(errors, 4)), Error);
}

}  // namespace
}  // namespace descent
