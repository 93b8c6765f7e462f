// SPDX-License-Identifier: MIT
#include "base/build.h"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <cstring>

namespace descent {
namespace {

constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t(3); }

std::string build_id_in(const char* notes, std::size_t size) {
  for (std::size_t at = 0; at + sizeof(ElfW(Nhdr)) <= size;) {
    ElfW(Nhdr) header;
    std::memcpy(&header, notes + at, sizeof header);
    const char* const name = notes + at + sizeof header;
    const char* const content = name + padded(header.n_namesz);
    if (header.n_type == NT_GNU_BUILD_ID && std::string_view(name, 3) == "GNU") {
      std::string hex;
      for (std::size_t i = 0; i < header.n_descsz; ++i)
        hex += fmt::format("{:02x}", static_cast<unsigned char>(content[i]));
      return hex;
    }
    at += sizeof header + padded(header.n_namesz) + padded(header.n_descsz);
  }
  return "";
}

// The first object the linker lists is the program itself.
int visit(dl_phdr_info* program, std::size_t, void* result) {
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const auto& segment = program->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the linker gives addresses as numbers
    const auto* const notes = reinterpret_cast<const char*>(program->dlpi_addr + segment.p_vaddr);
    const auto id = build_id_in(notes, segment.p_memsz);
    if (!id.empty()) *static_cast<std::string*>(result) = id;
  }
  return 1;
}

}  // namespace

std::string version() { return DESCENT_VERSION; }

std::string compiler() {
  return fmt::format("g++ {}.{}.{} {}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__,
                     DESCENT_BUILD_TYPE);
}

std::string build_id() {
  std::string id;
  dl_iterate_phdr(visit, &id);
  return id;
}

}  // namespace descent
