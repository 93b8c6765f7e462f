// SPDX-License-Identifier: MIT
// Counts heap allocations of the whole program (operator new and Armadillo's own): include it in
// one file of a test program.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>

namespace descent {

inline std::atomic<std::size_t> allocation_count{0};
inline std::size_t allocations() { return allocation_count; }

}  // namespace descent

extern "C" void* __libc_malloc(std::size_t);
extern "C" void* __libc_memalign(std::size_t, std::size_t);

#if !defined(__SANITIZE_ADDRESS__)
// glibc lets a program replace malloc; everything below operator new ends here.
extern "C" void* malloc(std::size_t size) {
  descent::allocation_count.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
extern "C" int posix_memalign(void** result, std::size_t alignment, std::size_t size) {
  descent::allocation_count.fetch_add(1, std::memory_order_relaxed);
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : 12;
}
#endif
