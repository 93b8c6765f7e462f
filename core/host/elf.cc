// SPDX-License-Identifier: MIT
#include "host/elf.h"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

// The header of this program, as it is in memory: the linker defines it.
// NOLINTNEXTLINE(bugprone-reserved-identifier): under this name
extern "C" const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

namespace descent::host {
namespace {

using Header = ElfW(Ehdr);
using Section = ElfW(Shdr);
using Segment = ElfW(Phdr);
using Dynamic = ElfW(Dyn);
using Symbol = ElfW(Sym);

// Entry i of a table; empty if it lies beyond the bytes.
template <class T>
T entry(std::string_view bytes, std::size_t start, std::size_t i = 0) {
  T found{};
  const auto at = start + i * sizeof(T);
  if (at <= bytes.size() && sizeof(T) <= bytes.size() - at)
    std::memcpy(&found, bytes.data() + at, sizeof(T));
  return found;
}

// The text that begins there; "" beyond the file.
std::string text(std::string_view bytes, std::size_t at) {
  const auto rest = bytes.substr(std::min(at, bytes.size()));
  return std::string(rest.substr(0, rest.find('\0')));
}

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

// The dynamic section, found as the dynamic linker finds it: by segments, since a library works
// without a table of sections.
class DynamicSection {
 public:
  explicit DynamicSection(std::string_view bytes) : bytes_(bytes) {
    const auto header = entry<Header>(bytes, 0);
    for (std::size_t i = 0; i < header.e_phnum; ++i) {
      segments_.push_back(entry<Segment>(bytes, header.e_phoff, i));
      if (segments_.back().p_type == PT_DYNAMIC) start_ = segments_.back().p_offset;
    }
  }

  // The texts of all entries with this tag.
  std::vector<std::string> texts(std::int64_t tag) const {
    std::vector<std::string> found;
    std::size_t strings = bytes_.size();
    const auto each = [&](const auto& use) {
      for (std::size_t i = 0; start_ > 0 && start_ + i * sizeof(Dynamic) < bytes_.size(); ++i) {
        const auto one = entry<Dynamic>(bytes_, start_, i);
        if (one.d_tag == DT_NULL) return;
        use(one);
      }
    };
    each([&](const Dynamic& one) {
      if (one.d_tag == DT_STRTAB) strings = offset_of(one.d_un.d_ptr);
    });
    each([&](const Dynamic& one) {
      if (one.d_tag == tag) found.push_back(text(bytes_, strings + one.d_un.d_val));
    });
    return found;
  }

 private:
  std::size_t offset_of(std::size_t address) const {
    for (const auto& one : segments_)
      if (one.p_type == PT_LOAD && one.p_vaddr <= address && address - one.p_vaddr < one.p_filesz)
        return address - one.p_vaddr + one.p_offset;
    return bytes_.size();
  }

  std::string_view bytes_;
  std::vector<Segment> segments_;
  std::size_t start_ = 0;
};

}  // namespace

std::vector<std::string> needed_names(std::string_view bytes) {
  return DynamicSection(bytes).texts(DT_NEEDED);
}

std::vector<std::string> filtered_names(std::string_view bytes) {
  const DynamicSection section(bytes);
  auto names = section.texts(DT_FILTER);
  for (auto& name : section.texts(DT_AUXILIARY)) names.push_back(std::move(name));
  return names;
}

std::string shared_name(std::string_view bytes) {
  const auto names = DynamicSection(bytes).texts(DT_SONAME);
  return names.empty() ? "" : names.front();
}

std::string incompatibility(std::string_view bytes) {
  if (bytes.compare(0, SELFMAG, ELFMAG) != 0 || bytes.size() < sizeof(Header))
    return "it is not a shared library";
  const auto theirs = entry<Header>(bytes, 0), ours = __ehdr_start;
  const auto bits = theirs.e_ident[EI_CLASS];
  if (theirs.e_machine != ours.e_machine || bits != ours.e_ident[EI_CLASS])
    return fmt::format("it was built for {}, this machine is {}",
                       machine_name(theirs.e_machine, bits),
                       machine_name(ours.e_machine, ours.e_ident[EI_CLASS]));
  return theirs.e_type == ET_DYN ? "" : "it is not a shared library; link it with -shared";
}

namespace {

template <class Wanted>
std::vector<std::string> dynamic_symbols(std::string_view bytes, Wanted&& wanted) {
  const auto header = entry<Header>(bytes, 0);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const auto section = entry<Section>(bytes, header.e_shoff, i);
    if (section.sh_type != SHT_DYNSYM) continue;
    const auto strings = entry<Section>(bytes, header.e_shoff, section.sh_link);
    for (std::size_t s = 0; s < section.sh_size / sizeof(Symbol); ++s) {
      const auto symbol = entry<Symbol>(bytes, section.sh_offset, s);
      if (wanted(symbol)) names.push_back(text(bytes, strings.sh_offset + symbol.st_name));
    }
  }
  return names;
}

}  // namespace

std::vector<std::string> exported_symbols(std::string_view bytes) {
  return dynamic_symbols(bytes, is_offered);
}

std::vector<std::string> imported_symbols(std::string_view bytes) {
  return dynamic_symbols(bytes, [](const Symbol& symbol) { return symbol.st_shndx == SHN_UNDEF; });
}

}  // namespace descent::host
