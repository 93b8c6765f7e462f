// SPDX-License-Identifier: MIT
#include "host/detach.h"

#include <link.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <vector>

#include "base/error.h"
#include "base/machine_fault.h"

namespace descent::host {
namespace {

struct MemoryRange {
  std::uintptr_t start = 0, end = 0;
  int protection = PROT_NONE;
};

struct LoadedLibrary {
  const std::string& path;
  std::vector<MemoryRange> segments;
};

int note_segments(dl_phdr_info* object, std::size_t, void* found) {
  auto& library = *static_cast<LoadedLibrary*>(found);
  if (library.path != object->dlpi_name) return 0;
  for (int i = 0; i < object->dlpi_phnum; ++i)
    if (const auto& segment = object->dlpi_phdr[i]; segment.p_type == PT_LOAD) {
      const auto start = object->dlpi_addr + segment.p_vaddr;
      library.segments.push_back({start, start + segment.p_memsz});
    }
  return 1;
}

// A line of /proc/self/maps: "start-end rwxp offset device inode path"; inode 0: no file's.
bool is_file(const std::string& line, MemoryRange& range) {
  char mode[5] = {};
  std::uint64_t inode = 0;
  if (std::sscanf(line.c_str(), "%lx-%lx %4s %*s %*s %lu", &range.start, &range.end, mode,
                  &inode) != 4)
    return false;
  range.protection = (mode[0] == 'r' ? PROT_READ : 0) | (mode[1] == 'w' ? PROT_WRITE : 0) |
                     (mode[2] == 'x' ? PROT_EXEC : 0);
  return inode != 0;
}

// All first: replacing one changes the list. Gaps between segments cannot be read and stay.
std::vector<MemoryRange> mapped_pages(const std::vector<MemoryRange>& segments) {
  std::vector<MemoryRange> found;
  std::ifstream maps("/proc/self/maps");
  MemoryRange range;
  for (std::string line; std::getline(maps, line);)
    if (is_file(line, range) && (range.protection & PROT_READ) &&
        std::ranges::any_of(segments, [&](const MemoryRange& segment) {
          return segment.start < range.end && range.start < segment.end;
        }))
      found.push_back(range);
  return found;
}

// mremap puts the copy in its place in one step.
bool replace_by_copy(const MemoryRange& range) {
  const auto size = range.end - range.start;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): /proc gives addresses as numbers
  void* const place = reinterpret_cast<void*>(range.start);
  void* const copy =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (copy == MAP_FAILED) return false;
  std::memcpy(copy, place, size);
  if (::mprotect(copy, size, range.protection) == 0 &&
      ::mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, place) == place)
    return true;
  const int reason = errno;
  ::munmap(copy, size);
  errno = reason;
  return false;
}

}  // namespace

void detach_from_file(const std::string& path) {
  LoadedLibrary library{path, {}};
  dl_iterate_phdr(note_segments, &library);
  for (const auto& range : mapped_pages(library.segments))
    if (!replace_by_copy(range))
      throw Error({path, 0, 0}, "cannot be copied into memory: " + describe_fault(errno));
}

}  // namespace descent::host
