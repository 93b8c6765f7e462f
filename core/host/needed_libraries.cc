// SPDX-License-Identifier: MIT
#include "host/needed_libraries.h"

#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <sstream>
#include <system_error>

#include "base/error.h"
#include "base/quotes.h"
#include "host/elf.h"

namespace descent::host {
namespace {

namespace fs = std::filesystem;

// Their paths, and the names by which they are asked for.
int note_name(dl_phdr_info* object, std::size_t, void* names) {
  auto& all = *static_cast<std::set<std::string>*>(names);
  all.insert(object->dlpi_name);
  all.insert(fs::path(object->dlpi_name).filename());
  std::error_code none;
  all.insert(fs::canonical(object->dlpi_name, none));
  return 0;
}

// As it was before the first plugin was loaded.
const std::set<std::string>& libraries_of_program() {
  static const auto found = [] {
    std::set<std::string> names;
    dl_iterate_phdr(note_name, &names);
    return names;
  }();
  return found;
}

// The dynamic linker that the program, the first object of the list, asks for.
int note_linker(dl_phdr_info* program, std::size_t, void* path) {
  for (int i = 0; i < program->dlpi_phnum; ++i)
    if (const auto& segment = program->dlpi_phdr[i]; segment.p_type == PT_INTERP)
      *static_cast<std::string*>(path) =
          // NOLINTNEXTLINE(performance-no-int-to-ptr): the linker gives addresses as numbers
          reinterpret_cast<const char*>(program->dlpi_addr + segment.p_vaddr);
  return 1;
}

std::string dynamic_linker() {
  std::string path;
  dl_iterate_phdr(note_linker, &path);
  return path;
}

// Runs the dynamic linker, which lists what it would load and runs nothing of it.
std::string listed(const fs::path& path) {
  const auto line = dynamic_linker() + " --list " + shell_word(fs::absolute(path)) + " 2>/dev/null";
  FILE* const pipe = ::popen(line.c_str(), "re");
  if (!pipe) throw Error({path, 0, 0}, "needs libraries that cannot be searched: no process");
  std::string text;
  std::array<char, 4096> buffer;
  while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe))
    text.append(buffer.data(), size);
  ::pclose(pipe);
  return text;
}

// "name => path (address)" or "path (address)".
NeededLibrary parsed(std::string line) {
  line.erase(0, line.find_first_not_of(" \t"));
  line.erase(std::min(line.size(), line.rfind(" (")));
  const auto arrow = line.find(" => ");
  if (arrow == line.npos) return {line, line};
  return {line.substr(0, arrow), line.substr(arrow + 4)};
}

// "name => not found", and what has no file: "linux-vdso.so.1", "statically linked".
bool is_missing_or_kernels(const NeededLibrary& library) {
  return library.path.native().find('/') == std::string::npos;
}

void refuse_relative(const fs::path& path, const NeededLibrary& library) {
  throw Error({path, 0, 0},
              fmt::format("needs the library '{}', and finds it at '{}', which is another file in "
                          "another working folder; link it with -L, -l and an absolute -Wl,-rpath, "
                          "and give only absolute folders in LD_LIBRARY_PATH",
                          library.name, library.path.string()));
}

}  // namespace

std::vector<NeededLibrary> needed_libraries(const fs::path& path, std::string_view bytes) {
  const auto& own = libraries_of_program();
  const auto is_own = [&](const std::string& name) { return own.contains(name); };
  if (std::ranges::all_of(needed_names(bytes), is_own)) return {};
  std::vector<NeededLibrary> found;
  std::istringstream lines(listed(path));
  for (std::string line; std::getline(lines, line);) {
    auto library = parsed(line);
    std::error_code missing;
    if (is_own(library.name) || is_own(fs::canonical(library.path, missing)) ||
        is_missing_or_kernels(library))
      continue;
    if (library.path.is_relative()) refuse_relative(path, library);
    found.push_back(std::move(library));
  }
  return found;
}

}  // namespace descent::host
