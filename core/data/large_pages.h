// SPDX-License-Identifier: MIT
// Asks the system for large pages of memory that is about to be written for the first time: under
// a virtual machine, a page fault costs more than reading the numbers of the page.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace descent::data {

// Small pieces are left alone: a large page takes 2 MB or more. Where the system does not offer
// them, nothing happens.
inline void prefer_large_pages(void* begin, std::size_t bytes) {
  constexpr std::size_t least = std::size_t{4} << 20;
  const auto page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
  const auto first = (reinterpret_cast<std::uintptr_t>(begin) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(begin) + bytes) / page * page;
  if (bytes < least || first >= end) return;
  ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);  // NOLINT: an address
}

}  // namespace descent::data
