// SPDX-License-Identifier: MIT
#include "conformance/allocations.h"

#include <link.h>
#include <malloc.h>

#include <armadillo>
#include <atomic>
#include <cstdint>

namespace descent::conformance {
namespace {

std::atomic<std::size_t> allocated{0};

}  // namespace

std::size_t allocations() { return allocated.load(std::memory_order_relaxed); }

#if !defined(__SANITIZE_ADDRESS__)

namespace {

// Where a library lies in memory.
struct Extent {
  std::uintptr_t begin = 0, end = 0;
  bool holds(std::uintptr_t address) const { return address >= begin && address < end; }
};

Extent extent_of_library_with(std::uintptr_t inside) {
  struct Search {
    std::uintptr_t address;
    Extent found;
  } search{inside, {}};
  ::dl_iterate_phdr(
      [](dl_phdr_info* library, std::size_t, void* data) {
        auto& [address, found] = *static_cast<Search*>(data);
        for (int i = 0; i < library->dlpi_phnum; ++i) {
          const auto& segment = library->dlpi_phdr[i];
          if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X)) continue;
          const Extent code{library->dlpi_addr + segment.p_vaddr,
                            library->dlpi_addr + segment.p_vaddr + segment.p_memsz};
          if (code.holds(address)) found = code;
        }
        return int(found.end != 0);
      },
      &search);
  return search.found;
}

// Empty, so that all is counted, for what allocates before this is initialized.
const Extent blas =
    extent_of_library_with(reinterpret_cast<std::uintptr_t>(&arma::arma_fortran(arma_dgemm)));

void count(void* caller) {
  if (!blas.holds(reinterpret_cast<std::uintptr_t>(caller)))
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
