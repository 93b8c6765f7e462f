// SPDX-License-Identifier: MIT
#include "host/elf.h"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

#include "base/error.h"
#include "base/file.h"

namespace descent::host {
namespace {

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);

// The first bytes of a file, or all of it.
std::string bytes_of(const std::string& path, std::size_t most = std::string::npos) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw Error({path, 0, 0}, "cannot be read: " + std::string(std::strerror(errno)));
  std::string bytes(std::min(most, std::size_t(file.tellg())), '\0');
  file.seekg(0).read(bytes.data(), std::streamsize(bytes.size()));
  return bytes;
}

// Entry i of a table; empty if it lies beyond the file.
template <class T>
T entry(const std::string& bytes, std::size_t start, std::size_t i = 0) {
  T found{};
  const auto at = start + i * sizeof(T);
  if (at <= bytes.size() && sizeof(T) <= bytes.size() - at)
    std::memcpy(&found, bytes.data() + at, sizeof(T));
  return found;
}

Header own_header() { return entry<Header>(bytes_of(own_executable(), sizeof(Header)), 0); }

std::string machine_name(unsigned machine, unsigned char bits) {
  static const std::map<unsigned, std::string> names = {
      {EM_X86_64, "x86-64"}, {EM_AARCH64, "AArch64"}, {EM_386, "i386"},
      {EM_ARM, "ARM"},       {EM_RISCV, "RISC-V"},    {EM_PPC64, "POWER"},
  };
  const auto known = names.find(machine);
  const auto name = known == names.end() ? fmt::format("machine {}", machine) : known->second;
  return machine == EM_X86_64 && bits == ELFCLASS32 ? "x32" : name;
}

bool is_offered(const Symbol& symbol) {
  const auto bind = ELF64_ST_BIND(symbol.st_info);
  const auto visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && bind != STB_LOCAL &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

}  // namespace

std::string incompatibility(const std::string& path) {
  const auto bytes = bytes_of(path, sizeof(Header));
  if (bytes.compare(0, SELFMAG, ELFMAG) != 0 || bytes.size() < sizeof(Header))
    return "it is not a shared library";
  const auto theirs = entry<Header>(bytes, 0), ours = own_header();
  const auto bits = theirs.e_ident[EI_CLASS];
  if (theirs.e_machine != ours.e_machine || bits != ours.e_ident[EI_CLASS])
    return fmt::format("it was built for {}, this machine is {}",
                       machine_name(theirs.e_machine, bits),
                       machine_name(ours.e_machine, ours.e_ident[EI_CLASS]));
  return theirs.e_type == ET_DYN ? "" : "it is not a shared library; link it with -shared";
}

std::vector<std::string> exported_symbols(const std::string& path) {
  const auto bytes = bytes_of(path);
  const auto header = entry<Header>(bytes, 0);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const auto section = entry<Section>(bytes, header.e_shoff, i);
    if (section.sh_type != SHT_DYNSYM) continue;
    const auto strings = entry<Section>(bytes, header.e_shoff, section.sh_link);
    for (std::size_t s = 0; s < section.sh_size / sizeof(Symbol); ++s) {
      const auto symbol = entry<Symbol>(bytes, section.sh_offset, s);
      const auto at = strings.sh_offset + symbol.st_name;
      if (is_offered(symbol) && at < bytes.size()) names.emplace_back(bytes.c_str() + at);
    }
  }
  return names;
}

}  // namespace descent::host
