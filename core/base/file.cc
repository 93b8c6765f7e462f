// SPDX-License-Identifier: MIT
#include "base/file.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace descent {
namespace {

bool read_to_end(int file, std::string& bytes) {
  struct stat is {};
  if (::fstat(file, &is) != 0) return false;
  std::size_t done = 0;
  for (bytes.resize(std::max<std::size_t>(4096, std::size_t(is.st_size) + 1));;) {
    const auto n = ::read(file, bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    done += std::size_t(n);
    if (n == 0) break;
    if (done == bytes.size()) bytes.resize(2 * done);
  }
  bytes.resize(done);
  return true;
}

}  // namespace

std::optional<std::string> read_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::string bytes;
  const bool is_whole = read_to_end(file, bytes);
  const int why = errno;
  ::close(file);
  errno = why;
  return is_whole ? std::optional(std::move(bytes)) : std::nullopt;
}

// AT_EXECFN is the path that the program was started by.
std::string own_executable() {
  std::error_code unknown;
  if (auto path = std::filesystem::read_symlink("/proc/self/exe", unknown); !unknown)
    return path.string();
  const auto started_by = ::getauxval(AT_EXECFN);
  if (started_by == 0) return "";
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel gives the address as a number
  const auto path = std::filesystem::canonical(reinterpret_cast<const char*>(started_by), unknown);
  return unknown ? "" : path.string();
}

}  // namespace descent
