// SPDX-License-Identifier: MIT
#include "conformance/allocations.h"

#include <dlfcn.h>
#include <malloc.h>

#include <armadillo>
#include <atomic>

namespace descent::conformance {
namespace {

std::atomic<std::size_t> allocated{0};

}  // namespace

std::size_t allocations() { return allocated.load(std::memory_order_relaxed); }

#if !defined(__SANITIZE_ADDRESS__)

namespace {

// Where the library lies in memory that has this function.
dl_find_object library_with(void* function) {
  dl_find_object library{};
  ::_dl_find_object(function, &library);
  return library;
}

// Empty, so that all is counted, for what allocates before this is initialized.
const dl_find_object blas = library_with(reinterpret_cast<void*>(&arma::arma_fortran(arma_dgemm)));

void count(void* caller) {
  if (caller < blas.dlfo_map_start || caller >= blas.dlfo_map_end)
    allocated.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

// glibc lets a program replace malloc; operator new and Armadillo's own requests end here, those of
// plugins too, as the symbols are visible.
#pragma GCC visibility push(default)
// NOLINTBEGIN(bugprone-reserved-identifier): glibc's names
extern "C" void* __libc_malloc(std::size_t);
extern "C" void* __libc_memalign(std::size_t, std::size_t);
// NOLINTEND(bugprone-reserved-identifier)

extern "C" void* malloc(std::size_t size) {
  count(__builtin_return_address(0));
  return __libc_malloc(size);
}

extern "C" int posix_memalign(void** result, std::size_t alignment, std::size_t size) {
  count(__builtin_return_address(0));
  constexpr int out_of_memory = 12;
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : out_of_memory;
}

extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count(__builtin_return_address(0));
  return __libc_memalign(alignment, size);
}
#pragma GCC visibility pop

#endif

}  // namespace descent::conformance
