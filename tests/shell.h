// SPDX-License-Identifier: MIT
// Runs commands as a user types them into a shell.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace descent {

// A word that a shell leaves as it is.
inline std::string quoted(const std::string& word) {
  std::string all = "'";
  for (const char c : word) all += c == '\'' ? "'\\''" : std::string(1, c);
  return all + "'";
}

struct Spoken {
  int code;          // of exit; -1 after a signal
  std::string text;  // both outputs
};

inline Spoken shell(const std::string& line) {
  FILE* const pipe = ::popen(("{ " + line + "\n} 2>&1").c_str(), "r");
  if (!pipe) return {-1, "no shell"};
  std::string text;
  std::array<char, 4096> buffer;
  while (const auto size = std::fread(buffer.data(), 1, buffer.size(), pipe))
    text.append(buffer.data(), size);
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text};
}

inline bool is_there(const std::string& program) {
  return shell("command -v " + quoted(program)).code == 0;
}

}  // namespace descent
