// SPDX-License-Identifier: MIT
#include "host/library_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/error.h"
#include "base/hash.h"
#include "base/machine_fault.h"
#include "host/elf.h"
#include "host/needed_libraries.h"

namespace descent::host {
namespace {

struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
};

// As many bytes as the file had when it was opened, fewer if it shrinks; throws an errno.
std::string read_all(int file, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at < size;) {
    const auto n = ::read(file, bytes.data() + at, size - at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw errno;
    if (n == 0) bytes.resize(size = at);
    at += std::size_t(n);
  }
  return bytes;
}

bool is_same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool is_unchanged(const struct stat& before, const struct stat& after) {
  return before.st_size == after.st_size && before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
         before.st_mtim.tv_nsec == after.st_mtim.tv_nsec;
}

void refuse_filter(const FileBytes& file) {
  for (const auto& name : filtered_names(file.bytes()))
    throw Error({file.path(), 0, 0},
                fmt::format("loads the library '{}' as a filter (DT_FILTER or DT_AUXILIARY), which "
                            "cannot be checked; link it with -l in place of -Wl,-f or -Wl,-F",
                            name));
}

}  // namespace

FileBytes::FileBytes(std::filesystem::path path) : path_(std::move(path)) {
  const auto fail = [&](int reason) {
    throw Error({path_, 0, 0}, "cannot be read: " + describe_fault(reason));
  };
  // O_NONBLOCK: opening a named pipe would wait for a writer.
  const Descriptor file{::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0 || ::fstat(file.number, &read_) != 0) fail(errno);
  if (!S_ISREG(read_.st_mode)) throw Error({path_, 0, 0}, "is not a regular file");
  try {
    bytes_ = read_all(file.number, std::size_t(read_.st_size));
  } catch (int reason) {
    fail(reason);
  }
  struct stat after {};
  if (::fstat(file.number, &after) != 0) fail(errno);
  if (!is_unchanged(read_, after))
    throw Error({path_, 0, 0}, "was written while it was read; run this again when it is complete");
}

bool FileBytes::is_at(const std::filesystem::path& path) const {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 && is_same_file(found, read_);
}

LibraryFile::LibraryFile(std::filesystem::path path) : FileBytes(std::move(path)) {
  if (!incompatibility(bytes()).empty()) return;  // and loading it says so
  refuse_filter(*this);
  for (const auto& [name, where] : needed_libraries(this->path(), bytes())) {
    needed_.push_back({name, FileBytes(where)});
    refuse_filter(needed_.back().file);
  }
}

// Without other libraries it is that of the file.
std::string LibraryFile::hash() const {
  if (needed_.empty()) return hash128(bytes());
  std::string all = hash128(bytes());
  for (const auto& [name, file] : needed_) all += " " + name + " " + hash128(file.bytes());
  return hash128(all);
}

}  // namespace descent::host
