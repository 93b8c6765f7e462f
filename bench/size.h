// SPDX-License-Identifier: MIT
// The size of a workload: as measured, or the smallest that still does all of it. With
// DESCENT_BENCH_SMALLEST=1 in the environment every benchmark takes the smallest: as a test.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace descent {

inline bool smallest() {
  const char* const value = std::getenv("DESCENT_BENCH_SMALLEST");
  return value && std::string_view(value) == "1";
}

inline std::uint64_t size(std::uint64_t measured, std::uint64_t least) {
  return smallest() ? least : measured;
}

}  // namespace descent
