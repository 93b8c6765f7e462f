// SPDX-License-Identifier: MIT
#include "cli/rsvg.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.h"

namespace descent::cli {
namespace {

// A file without a name, in memory.
class Memory {
 public:
  Memory() : file_(memfd_create("descent-picture", MFD_CLOEXEC)) {
    if (file_ < 0) throw std::system_error(errno, std::generic_category(), "memfd_create");
  }
  ~Memory() { close(file_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  int descriptor() const { return file_; }

  void write(std::string_view text) {
    while (!text.empty()) {
      const auto written = ::write(file_, text.data(), text.size());
      if (written < 0) throw std::system_error(errno, std::generic_category(), "write");
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    lseek(file_, 0, SEEK_SET);
  }

  std::string text() const {
    struct stat status {};
    fstat(file_, &status);
    std::string all(static_cast<std::size_t>(status.st_size), '\0');
    const auto size = pread(file_, all.data(), all.size(), 0);
    all.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return all;
  }

 private:
  int file_;
};

// What it reads, and where it writes.
class Streams {
 public:
  Streams(const Memory& in, const Memory& out, const Memory& err) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, in.descriptor(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, out.descriptor(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, err.descriptor(), STDERR_FILENO);
  }
  ~Streams() { posix_spawn_file_actions_destroy(&actions_); }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// A PDF has its date in it; with a fixed one, equal pictures are equal files.
std::vector<char*> environment() {
  static char epoch[] = "SOURCE_DATE_EPOCH=0";
  std::vector<char*> all{epoch};
  for (char** one = environ; *one; ++one)
    if (std::strncmp(*one, "SOURCE_DATE_EPOCH=", 18) != 0) all.push_back(*one);
  all.push_back(nullptr);
  return all;
}

int wait_for(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

std::string converted(const std::string& svg, const std::string& format, const std::string& file) {
  Memory in, out, err;
  in.write(svg);
  std::vector<std::string> words{"rsvg-convert", "--format", format};
  if (format == "png") words.insert(words.end(), {"--zoom", "2"});  // 192 dots per inch
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t process = 0;
  const Streams streams(in, out, err);
  const int failed = posix_spawnp(&process, words[0].c_str(), streams.get(), nullptr,
                                  arguments.data(), environment().data());
  if (failed == ENOENT)
    throw Error({file, 0, 0},
                fmt::format("a .{} is made by rsvg-convert, which is not installed; install the "
                            "package librsvg2-bin, or write a .svg",
                            format));
  if (failed != 0)
    throw Error({file, 0, 0},
                fmt::format("rsvg-convert does not start: {}", std::strerror(failed)));
  if (wait_for(process) != 0)
    throw Error({file, 0, 0}, "rsvg-convert failed: " + err.text() + "; write a .svg instead");
  return out.text();
}

}  // namespace descent::cli
