// SPDX-License-Identifier: MIT
#include "statistics/blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/error.h"
#include "statistics/checksummed.h"

namespace descent::statistics {
namespace {

constexpr std::uint64_t blocks_magic = 0x316b6c6254435344;  // "DSCTblk1": format 1

struct BlocksHeader {
  std::uint64_t size, blocks, points, rows;
  double within, between, loss_sum, largest_loss;
};

void require_blocks_size(arma::uword found, arma::uword wanted) {
  if (found == wanted) return;
  throw Error(fmt::format(
      "predictions of {} values where {} are accumulated: not the same test set", found, wanted));
}

}  // namespace

Blocks::Blocks(std::uint64_t size)
    : size_(size), squares_(size, arma::fill::zeros), products_(size, arma::fill::zeros) {}

void Blocks::add(const arma::mat& prediction, const arma::mat& target,
                 const PointWeights& weights) {
  require_blocks_size(prediction.n_elem, target.n_elem);
  if (!means_.is_empty()) require_blocks_size(prediction.n_elem, means_.n_rows);
  if (open_.n_rows != target.n_elem) open_.set_size(target.n_elem, size_);
  points_ = target.n_cols;
  open_.col(position_) = arma::vectorise(weighted_errors(prediction, target, weights));
  if (++position_ == size_) close();
}

void Blocks::skip() {
  broken_ = true;
  if (++position_ == size_) close();
}

// Adds a whole block. between_ is the sum of squares of block means about the grand mean (Welford's
// update), within_ that of errors about their block's mean. squares_ and products_ hold, by
// position, sum |e|^2 and sum <e, block mean>: all that leaving out a position needs.
void Blocks::close() {
  position_ = 0;
  if (std::exchange(broken_, false)) return;
  if (blocks_ == 0) means_.zeros(open_.n_rows, size_);
  const auto a = static_cast<double>(blocks_++);
  const arma::vec mean = arma::mean(open_, 1);
  between_ += arma::accu(arma::square(mean - grand_mean())) * a / (a + 1);
  means_ += (open_ - means_) / (a + 1);
  within_ += arma::accu(arma::square(open_.each_col() - mean));
  for (arma::uword s = 0; s < size_; ++s) {
    const double square = arma::dot(open_.col(s), open_.col(s));
    const double loss = square / static_cast<double>(points_);
    squares_[s] += square;
    products_[s] += arma::dot(open_.col(s), mean);
    loss_sum_ += loss;
    largest_loss_ = std::max(largest_loss_, loss);
  }
}

void Blocks::merge(const Blocks& later) {
  if (size_ != later.size_)
    throw Error(
        fmt::format("blocks of {} and of {} replicates cannot be merged", size_, later.size_));
  if (later.blocks_ == 0) return;
  if (blocks_ == 0) {
    *this = later;
    return;
  }
  require_blocks_size(later.means_.n_rows, means_.n_rows);
  const auto a = static_cast<double>(blocks_), b = static_cast<double>(later.blocks_);
  const double shift = arma::accu(arma::square(later.grand_mean() - grand_mean()));
  between_ += later.between_ + shift * a * b / (a + b);
  means_ += (later.means_ - means_) * (b / (a + b));
  within_ += later.within_;
  squares_ += later.squares_;
  products_ += later.products_;
  loss_sum_ += later.loss_sum_;
  largest_loss_ = std::max(largest_loss_, later.largest_loss_);
  blocks_ += later.blocks_;
}

std::string Blocks::serialize() const {
  assert(position_ == 0);
  ChecksumWriter out(blocks_magic);
  out.put(BlocksHeader{size_, blocks_, points_, means_.n_rows, within_, between_, loss_sum_,
                       largest_loss_});
  out.put_all(means_.memptr(), means_.n_elem);
  out.put_all(squares_.memptr(), squares_.n_elem);
  out.put_all(products_.memptr(), products_.n_elem);
  return out.seal();
}

Blocks Blocks::deserialize(std::string_view bytes) {
  ChecksumReader in(bytes, blocks_magic, "blocks of predictions");
  const auto header = in.get<BlocksHeader>();
  const auto means = in.all<double>();
  const auto squares = in.all<double>(), products = in.all<double>();
  const auto cells = header.blocks == 0 ? 0 : header.rows * header.size;
  if (means.size() != cells || squares.size() != header.size || products.size() != header.size)
    throw Error("the stored blocks of predictions are truncated");
  Blocks blocks(header.size);
  blocks.blocks_ = header.blocks;
  blocks.points_ = header.points;
  if (cells > 0) blocks.means_ = arma::mat(means.data(), header.rows, header.size);
  blocks.within_ = header.within;
  blocks.between_ = header.between;
  blocks.squares_ = arma::vec(squares);
  blocks.products_ = arma::vec(products);
  blocks.loss_sum_ = header.loss_sum;
  blocks.largest_loss_ = header.largest_loss;
  return blocks;
}

}  // namespace descent::statistics
