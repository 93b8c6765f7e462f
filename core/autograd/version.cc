// SPDX-License-Identifier: MIT
#include "autograd/version.h"

#include <armadillo>

namespace descent {

std::string armadillo_version() { return arma::arma_version::as_string(); }

}  // namespace descent
