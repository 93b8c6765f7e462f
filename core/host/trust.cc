// SPDX-License-Identifier: MIT
#include "host/trust.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "base/file.h"

namespace descent::host {
namespace {

namespace fs = std::filesystem;

// The users who could replace the program: the owners of its file and of the folders above it.
struct Program {
  std::set<fs::path> above;
  std::set<uid_t> owners;

  Program() : owners({0, ::geteuid()}) {
    auto at = fs::path(own_executable());
    while (!at.empty()) {
      struct stat is {};
      if (::stat(at.c_str(), &is) == 0) owners.insert(is.st_uid);
      if (at == at.parent_path()) break;
      at = at.parent_path();
      above.insert(at);
    }
  }
};

std::string user(uid_t id) {
  const auto* entry = ::getpwuid(id);
  return entry ? entry->pw_name : std::to_string(id);
}

// A group of the owner's own name with nobody else in it, as many systems give to every user.
bool is_private(gid_t group, uid_t owner) {
  const auto* person = ::getpwuid(owner);
  if (!person || person->pw_gid != group) return false;
  const std::string name = person->pw_name;
  const auto* entry = ::getgrgid(group);
  if (!entry || entry->gr_name != name) return false;
  for (char** member = entry->gr_mem; *member; ++member)
    if (name != *member) return false;
  return true;
}

std::string objection(const fs::path& path, bool guards, const Program& program) {
  struct stat is {};
  if (::stat(path.c_str(), &is) != 0) return "";
  const auto remedy = [&](const std::string& command) {
    return fmt::format("; `{} '{}'` fixes it, --allow-writable accepts it as it is", command,
                       path.string());
  };
  if (!program.owners.contains(is.st_uid))
    return fmt::format("'{}' belongs to user {}", path.string(), user(is.st_uid)) +
           remedy("chown " + user(::geteuid()));
  if (guards && (is.st_mode & S_ISVTX)) return "";
  if (is.st_mode & S_IWOTH)
    return fmt::format("everybody can write '{}'", path.string()) + remedy("chmod o-w");
  if ((is.st_mode & S_IWGRP) && !is_private(is.st_gid, is.st_uid))
    return fmt::format("the group {} can write '{}'", is.st_gid, path.string()) +
           remedy("chmod g-w");
  return "";
}

}  // namespace

std::string why_not_trusted(const fs::path& path) {
  static const Program program;
  std::error_code missing;
  auto at = fs::canonical(path, missing);
  if (missing) return "";
  for (bool above = false;; above = true) {
    if (!program.above.contains(at) || !above)
      if (auto why = objection(at, above, program); !why.empty()) return why;
    if (at == at.parent_path()) return "";
    at = at.parent_path();
  }
}

namespace {

// A link on the way may lead elsewhere than it did, so the file is looked for where the check was.
std::string why_not_trusted_as_read(const FileBytes& file) {
  std::error_code missing;
  const auto at = fs::canonical(file.path(), missing);
  auto why = why_not_trusted(at);
  if (why.empty() && !file.is_at(at))
    return "it was replaced while it was read; run this again when it is complete";
  return why;
}

}  // namespace

std::string why_not_trusted(const LibraryFile& file) {
  if (auto why = why_not_trusted_as_read(file); !why.empty()) return why;
  for (const auto& one : file.needed())
    if (const auto reason = why_not_trusted_as_read(one.file); !reason.empty())
      return fmt::format("it needs the library '{}', and {}", one.name, reason);
  return "";
}

}  // namespace descent::host
