// SPDX-License-Identifier: MIT
#include "cli/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/error.h"

namespace descent::cli {
namespace {

Error cannot(const std::string& path, const char* what) {
  return Error({path, 0, 0}, fmt::format("cannot be {}: {}", what, std::strerror(errno)));
}

// Next to the file, so that taking its place is one step; gone when that did not happen.
class Draft {
 public:
  explicit Draft(const std::string& path)
      : path_(path),
        draft_(fmt::format("{}.{}.partial", path, getpid())),
        file_(open(draft_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666)) {
    if (file_ < 0) throw cannot(path, "created");
  }
  ~Draft() {
    if (file_ >= 0) close(file_);
    unlink(draft_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  void write(std::string_view text) {
    while (!text.empty()) {
      const auto written = ::write(file_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw cannot(path_, "written");
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void take_place(bool replace) {
    const int closed = close(file_);
    file_ = -1;
    if (closed != 0) throw cannot(path_, "written");
    // link fails where the name is taken, even by a symbolic link that leads nowhere.
    if (replace ? rename(draft_.c_str(), path_.c_str()) != 0
                : link(draft_.c_str(), path_.c_str()) != 0)
      throw cannot(path_, "created");
  }

 private:
  std::string path_, draft_;
  int file_;
};

bool is_database(const std::string& path) {
  std::array<char, 16> first{};
  std::ifstream(path, std::ios::binary).read(first.data(), first.size());
  return std::string_view(first.data(), 15) == "SQLite format 3";
}

}  // namespace

void check_can_be_written(const std::string& path) {
  if (struct stat is{}; stat(path.c_str(), &is) == 0 && !S_ISREG(is.st_mode))
    throw Error({path, 0, 0},
                fmt::format("is {}, and only a file is written or replaced; give another --output, "
                            "or leave it out to write to standard output",
                            S_ISDIR(is.st_mode) ? "a folder" : "a device, a pipe or a socket"));
  if (is_database(path))
    throw Error(
        {path, 0, 0},
        "is a store or another SQLite database, which is never replaced; give another file");
}

void write_output(const std::string& path, bool replace,
                  const std::function<void(std::ostream&)>& write) {
  if (path.empty() || path == "-") return write(std::cout);
  check_can_be_written(path);
  if (!replace && faccessat(AT_FDCWD, path.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0)
    throw Error({path, 0, 0},
                "already exists; use --force to replace it, or give another --output");
  std::ostringstream text;
  write(text);
  Draft draft(path);
  draft.write(text.str());
  draft.take_place(replace);
}

store::Audience audience_of(const std::ostream& out) {
  const bool is_shown = &out == &std::cout && isatty(STDOUT_FILENO);
  return is_shown ? store::Audience::terminal : store::Audience::program;
}

}  // namespace descent::cli
