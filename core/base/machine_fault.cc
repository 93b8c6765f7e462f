// SPDX-License-Identifier: MIT
#include "base/machine_fault.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace descent {
namespace {

const char* remedy(int number) {
  switch (number) {
    case EMFILE:
    case ENFILE:
      return "raise the limit on open files (ulimit -n), or use fewer --workers";
    case EAGAIN:
      return "the system cannot start more processes now; raise the limit (ulimit -u, or pids of "
             "the container), or use fewer --workers";
    case ENOMEM:
      return "not enough memory; use fewer --workers, smaller data or models, or raise "
             "the limit (ulimit -v, or memory of the container)";
    case ENOSPC:
    case EDQUOT:
      return "free some space on the disk";
    case EFBIG:
      return "raise the limit on file sizes (ulimit -f)";
    case EIO:
      return "check the disk and its cables, or the network file system; copy the files to "
             "another disk";
    case ELOOP:
      return "symbolic links lead to one another; name the file itself";
    case ENAMETOOLONG:
      return "the path or a name in it is too long; use a shorter one";
    case ENOENT:
      return "a file or folder does not exist (any more); if it is the working folder, change to "
             "another one";
    case EACCES:
    case EPERM:
      return "the system does not permit it; check the permissions, and what the container or "
             "sandbox forbids";
    case EROFS:
      return "the file system is read-only; use another folder";
    case ENOSYS:
      return "this kernel or sandbox does not support it; descent needs Linux 5.9 or later";
    default:
      return "this is a fault or a limit of the system; try again, or on another machine";
  }
}

}  // namespace

std::string describe_fault(int number) {
  return fmt::format("{}; {}", std::strerror(number), remedy(number));
}

// A category other than errno's has no remedies, as that of streams.
std::string describe_fault(const std::system_error& error) {
  const auto& code = error.code();
  const bool is_errno =
      code.category() == std::generic_category() || code.category() == std::system_category();
  std::string what = error.what();
  if (const auto at = what.rfind(": " + code.message());
      at != what.npos && !dynamic_cast<const std::filesystem::filesystem_error*>(&error))
    what.erase(at);
  if (const auto* of_file = dynamic_cast<const std::filesystem::filesystem_error*>(&error))
    what = of_file->path1().empty() ? "the working folder" : of_file->path1().string();
  return is_errno ? fmt::format("{}: {}", what, describe_fault(code.value()))
                  : fmt::format("{}: {}", what, code.message());
}

}  // namespace descent
