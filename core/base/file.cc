// SPDX-License-Identifier: MIT
#include "base/file.h"

#include <fstream>
#include <iterator>

namespace descent {

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return {};
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

}  // namespace descent
