// SPDX-License-Identifier: MIT
#include "host/sealed_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace descent::host {
namespace {

// The kernel takes names of up to 249 bytes: of a longer path, the end.
std::string short_name(const std::string& name) {
  constexpr std::size_t most = 249;
  return name.size() > most ? name.substr(name.size() - most) : name;
}

void write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw std::system_error(errno, std::generic_category(), "write");
    bytes.remove_prefix(std::size_t(n));
  }
}

// The number of this process as /proc counts: it may belong to another namespace.
std::string path_of(int file) {
  return fmt::format("/proc/{}/fd/{}", std::filesystem::read_symlink("/proc/self").string(), file);
}

}  // namespace

SealedFile::SealedFile(const std::string& name, std::string_view bytes)
    : file_(::memfd_create(short_name(name).c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
  if (file_ < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
  try {
    write_all(file_, bytes);
    if (::fcntl(file_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
      throw std::system_error(errno, std::generic_category(), "seal");
    path_ = path_of(file_);
  } catch (...) {
    ::close(file_);
    throw;
  }
}

SealedFile::~SealedFile() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace descent::host
