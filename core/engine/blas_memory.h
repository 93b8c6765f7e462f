// SPDX-License-Identifier: MIT
// OpenBLAS asks for its working memory with the first product, and asks for ever where there is
// none: it must be had before anything depends on it.
#pragma once

namespace descent::engine {

// Makes OpenBLAS take its memory, which workers inherit. Throws Error when the limits of this
// process are too low for it.
void reserve_blas_memory();

}  // namespace descent::engine
