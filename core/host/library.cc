// SPDX-License-Identifier: MIT
#include "host/library.h"

#define BOOST_DLL_USE_STD_FS
#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <link.h>
#include <unistd.h>

#include <boost/dll/shared_library.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/floating_point.h"
#include "base/machine_fault.h"
#include "host/detach.h"
#include "host/elf.h"
#include "host/sealed_file.h"

namespace descent::host {
namespace {

namespace fs = std::filesystem;
using boost::dll::shared_library;

// A library's constructors and destructors may print, which must not mix with the program's output,
// and may change the floating-point environment, which must not change the program's results.
class LoadingScope {
 public:
  LoadingScope() {
    std::fflush(stdout);
    output_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (output_ >= 0) ::dup2(STDERR_FILENO, STDOUT_FILENO);
  }
  ~LoadingScope() {
    std::fflush(stdout);
    if (output_ < 0) return;
    ::dup2(output_, STDOUT_FILENO);
    ::close(output_);
  }
  LoadingScope(const LoadingScope&) = delete;
  LoadingScope& operator=(const LoadingScope&) = delete;

 private:
  int output_ = -1;
  KeepFloatingPoint floating_point_;
};

// From which file a library of that name is loaded; "": there is none.
std::string loaded_from(const std::string& name) {
  void* const handle = ::dlopen(name.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (!handle) return "";
  const link_map* where = nullptr;
  ::dlinfo(handle, RTLD_DI_LINKMAP, &where);
  ::dlclose(handle);
  return where ? where->l_name : "";
}

// Whether what was loaded from there is what was read. It does not change with its file afterwards,
// as copies in /proc do not.
bool is_held(const std::string& from, const FileBytes& file) {
  if (!from.starts_with("/proc/")) detach_from_file(from);
  return FileBytes(from).bytes() == file.bytes();
}

}  // namespace

// The sealed copy of a file, loaded. The copy stays open as long as the library is there, because
// the dynamic linker knows a library by its path: another one at the same path would be taken for
// it.
class Library::LoadedCopy {
 public:
  explicit LoadedCopy(const FileBytes& file) : copy_(file.path(), file.bytes()) {
    const LoadingScope scope;
    std::error_code failure;
    library_.load(std::filesystem::path(copy_.path()), boost::dll::load_mode::rtld_now, failure);
    if (failure) throw Error({file.path(), 0, 0}, "cannot be loaded as a plugin: " + reason());
    floating_point_ = floating_point_deviation();
  }
  ~LoadedCopy() {
    const LoadingScope scope;
    library_.unload();
    if (::dlopen(copy_.path().c_str(), RTLD_LAZY | RTLD_NOLOAD)) copy_.keep();
  }
  LoadedCopy(const LoadedCopy&) = delete;
  LoadedCopy& operator=(const LoadedCopy&) = delete;

  const shared_library& library() const { return library_; }
  const std::string& floating_point() const { return floating_point_; }

 private:
  // The dynamic linker says "PATH: what is wrong"; our message has the path of the file.
  std::string reason() const {
    const char* const said = ::dlerror();
    std::string text = said ? said : "the dynamic linker gives no reason";
    if (const auto at = text.find(copy_.path() + ": "); at != text.npos)
      text.erase(0, at + copy_.path().size() + 2);
    for (const int fault : {EMFILE, ENFILE, ENOMEM})
      if (const std::string words = std::strerror(fault); text.ends_with(words))
        text.replace(text.size() - words.size(), words.size(), describe_fault(fault));
    return text;
  }

  SealedFile copy_;
  shared_library library_;
  std::string floating_point_;
};

Library::Library(const LibraryFile& file) {
  const auto& needed = file.needed();
  for (auto one = needed.rbegin(); one != needed.rend(); ++one)
    if (shared_name(one->file.bytes()) == one->name && loaded_from(one->name).empty())
      add(one->file);
  add_with_libraries(file);
  for (const auto& one : needed)
    if (const auto from = loaded_from(one.name); from.empty() || !is_held(from, one.file))
      throw Error({file.path(), 0, 0},
                  fmt::format("needs the library '{}', but another one of the name '{}' is loaded, "
                              "for another plugin; give one of them another name",
                              one.file.path().string(), one.name));
}

Library::~Library() {
  while (!copies_.empty()) copies_.pop_back();  // first what needs the others
}

// The dynamic linker looks itself for libraries that do not have the name by which they are asked
// for, and does not see the folder of the plugin from its copy.
void Library::add_with_libraries(const LibraryFile& file) {
  try {
    add(file);
  } catch (const Error& error) {
    auto problems = error.problems();
    for (const auto& one : file.needed())
      if (shared_name(one.file.bytes()) != one.name)
        problems.back().text +=
            fmt::format("; link the library '{}' with -Wl,-soname,{}", one.file.path().string(),
                        fs::path(one.name).filename().string());
    throw Error(std::move(problems));
  }
}

void Library::add(const FileBytes& file) {
  copies_.push_back(std::make_unique<LoadedCopy>(file));
  if (floating_point_.empty()) floating_point_ = copies_.back()->floating_point();
}

const descent_plugin* Library::entry() const {
  const auto& library = copies_.back()->library();
  return library.has("descent_entry") ? &library.get<const descent_plugin>("descent_entry")
                                      : nullptr;
}

}  // namespace descent::host
