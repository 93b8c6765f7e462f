// SPDX-License-Identifier: MIT
#include "statistics/predictions.h"

#include <fmt/format.h>

#include "base/error.h"
#include "statistics/checksummed.h"

namespace descent::statistics {
namespace {

constexpr std::uint64_t predictions_magic = 0x3164727054435344;  // "DSCTprd1": format 1

void require_predictions_size(arma::uword found, arma::uword wanted) {
  if (found == wanted) return;
  throw Error(fmt::format("predictions of {} values where {} are kept: not the same test set",
                          found, wanted));
}

}  // namespace

void Predictions::add(const arma::mat& prediction, const arma::mat& target) {
  require_predictions_size(prediction.n_elem, target.n_elem);
  if (count() > 0) require_predictions_size(prediction.n_elem, errors_.n_rows);
  errors_.insert_cols(errors_.n_cols, arma::vec(arma::vectorise(prediction - target)));
}

void Predictions::merge(const Predictions& later) {
  if (later.count() == 0) return;
  if (count() > 0) require_predictions_size(later.errors_.n_rows, errors_.n_rows);
  errors_ = arma::join_rows(errors_, later.errors_);
}

std::string Predictions::serialize() const {
  ChecksumWriter out(predictions_magic);
  out.put(std::uint64_t(errors_.n_rows));
  out.put_all(errors_.memptr(), errors_.n_elem);
  return out.seal();
}

Predictions Predictions::deserialize(std::string_view bytes) {
  ChecksumReader in(bytes, predictions_magic, "predictions");
  const auto rows = in.get<std::uint64_t>();
  const auto cells = in.all<double>();
  Predictions predictions;
  if (rows == 0 && cells.empty()) return predictions;
  if (rows == 0 || cells.size() % rows != 0) throw Error("the stored predictions are truncated");
  predictions.errors_ = arma::mat(cells.data(), rows, cells.size() / rows);
  return predictions;
}

}  // namespace descent::statistics
