// SPDX-License-Identifier: MIT
#include "data/principal_components.h"

#include <fmt/format.h>

#include "base/error.h"
#include "data/weights.h"

namespace descent::data {

PrincipalComponents principal_components(const arma::mat& samples, const arma::rowvec& weights,
                                         arma::uword count) {
  if (samples.n_cols < count)
    throw Error::at("features",
                    fmt::format("pca with count: {} needs as many training samples, and "
                                "there are {}",
                                count, samples.n_cols));
  PrincipalComponents found;
  found.mean = weighted_mean(samples, weights);
  arma::mat centred = samples.each_col() - found.mean.col(0);
  if (!weights.is_empty()) centred.each_row() %= arma::sqrt(weights);
  arma::mat u, v;
  arma::vec sizes;
  if (!arma::svd_econ(u, sizes, v, centred, "left"))
    throw Error::at("features", "pca finds no components: the inputs are not finite");
  found.components = u.head_cols(count).t();
  for (arma::uword i = 0; i < count; ++i) {
    const arma::rowvec one = found.components.row(i);
    if (one[arma::abs(one).index_max()] < 0) found.components.row(i) = -one;
  }
  return found;
}

}  // namespace descent::data
