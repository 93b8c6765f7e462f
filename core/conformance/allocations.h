// SPDX-License-Identifier: MIT
// The number of heap allocations of the process, plugins and libraries included, apart from those
// of the BLAS: the processor decides whether its products allocate. Linking this replaces malloc by
// one that counts and passes on.
#pragma once

#include <cstddef>

namespace descent::conformance {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool allocations_are_counted = false;  // the sanitizer has replaced malloc already
#else
inline constexpr bool allocations_are_counted = true;
#endif

std::size_t allocations();

}  // namespace descent::conformance
