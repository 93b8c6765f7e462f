// SPDX-License-Identifier: MIT
#include "statistics/votes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "statistics/checksummed.h"

namespace descent::statistics {
namespace {

constexpr std::uint64_t votes_magic = 0x31746f7654435344;  // "DSCTvot1": format 1

struct VotesHeader {
  std::uint64_t count, rows, cols;
  double loss_sum, largest_loss;
};

void require_votes_shape(arma::uword rows, arma::uword cols, const Counts& wanted) {
  if (rows == wanted.n_rows && cols == wanted.n_cols) return;
  throw Error(
      fmt::format("votes on {} classes x {} points where {} x {} are counted: not the same "
                  "test set",
                  rows, cols, wanted.n_rows, wanted.n_cols));
}

}  // namespace

void Votes::add(const arma::urowvec& predicted, const arma::mat& target,
                const PointWeights& weights) {
  if (count_ == 0) counts_.zeros(target.n_rows, target.n_cols);
  require_votes_shape(target.n_rows, target.n_cols, counts_);
  require_votes_shape(target.n_rows, predicted.n_elem, counts_);
  if (!predicted.is_empty() && predicted.max() >= target.n_rows)
    throw Error(fmt::format("class {} is predicted where there are {} classes, from 0",
                            predicted.max(), target.n_rows));
  double wrong = 0;
  for (arma::uword j = 0; j < predicted.n_elem; ++j) {
    ++counts_(predicted[j], j);
    wrong += weight_of(weights, j) * (1 - target(predicted[j], j));
  }
  const double loss = wrong / static_cast<double>(target.n_cols);
  ++count_;
  loss_sum_ += loss;
  largest_loss_ = std::max(largest_loss_, loss);
}

void Votes::merge(const Votes& later) {
  if (later.count_ == 0) return;
  if (count_ == 0) {
    *this = later;
    return;
  }
  require_votes_shape(later.counts_.n_rows, later.counts_.n_cols, counts_);
  counts_ += later.counts_;
  count_ += later.count_;
  loss_sum_ += later.loss_sum_;
  largest_loss_ = std::max(largest_loss_, later.largest_loss_);
}

void Votes::remove(const Votes& group) {
  if (group.count_ == 0) return;
  require_votes_shape(group.counts_.n_rows, group.counts_.n_cols, counts_);
  counts_ -= group.counts_;
  count_ -= group.count_;
  loss_sum_ -= group.loss_sum_;
}

std::string Votes::serialize() const {
  ChecksumWriter out(votes_magic);
  out.put(VotesHeader{count_, counts_.n_rows, counts_.n_cols, loss_sum_, largest_loss_});
  out.put_all(counts_.memptr(), counts_.n_elem);
  return out.seal();
}

Votes Votes::deserialize(std::string_view bytes) {
  ChecksumReader in(bytes, votes_magic, "votes");
  const auto header = in.get<VotesHeader>();
  const auto cells = in.all<arma::u32>();
  Votes votes;
  if (cells.size() != header.rows * header.cols) throw Error("the stored votes are truncated");
  votes.count_ = header.count;
  votes.loss_sum_ = header.loss_sum;
  votes.largest_loss_ = header.largest_loss;
  votes.counts_ = Counts(cells.data(), header.rows, header.cols);
  return votes;
}

}  // namespace descent::statistics
