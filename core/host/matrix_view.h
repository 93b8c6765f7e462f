// SPDX-License-Identifier: MIT
// Armadillo's matrices as views for the plugin boundary.
#pragma once

#include <armadillo>

#include "sdk/abi.h"

namespace descent::host {

template <class T>
inline constexpr descent_element element_index = sizeof(T) == 4 ? DESCENT_F32 : DESCENT_F64;

// By contract, plugins do not write to inputs.
template <class T>
descent_matrix view(const arma::Mat<T>& m) {
  return {m.is_empty() ? nullptr : const_cast<T*>(m.memptr()), m.n_rows, m.n_cols};
}

}  // namespace descent::host
