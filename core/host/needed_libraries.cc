// SPDX-License-Identifier: MIT
#include "host/needed_libraries.h"

#include <link.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <sstream>

#include "base/error.h"
#include "host/elf.h"

namespace descent::host {
namespace {

namespace fs = std::filesystem;

int note_name(dl_phdr_info* object, std::size_t, void* names) {
  static_cast<std::set<std::string>*>(names)->insert(fs::path(object->dlpi_name).filename());
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

std::string quoted(const std::string& word) {
  std::string all = "'";
  for (const char c : word) all += c == '\'' ? "'\\''" : std::string(1, c);
  return all + "'";
}

// Runs the dynamic linker, which lists what it would load and runs nothing of it.
std::string listed(const fs::path& path) {
  const auto line = dynamic_linker() + " --list " + quoted(fs::absolute(path)) + " 2>/dev/null";
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

}  // namespace

std::vector<NeededLibrary> needed_libraries(const fs::path& path, std::string_view bytes) {
  const auto& own = libraries_of_program();
  const auto is_own = [&](const std::string& name) {
    return own.contains(fs::path(name).filename());
  };
  if (std::ranges::all_of(needed_names(bytes), is_own)) return {};
  std::vector<NeededLibrary> found;
  std::istringstream lines(listed(path));
  for (std::string line; std::getline(lines, line);) {
    auto library = parsed(line);
    if (library.path.is_absolute() && !is_own(library.name)) found.push_back(std::move(library));
  }
  return found;
}

}  // namespace descent::host
