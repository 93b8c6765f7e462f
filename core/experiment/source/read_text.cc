// SPDX-License-Identifier: MIT
#include "experiment/source/read_text.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/file.h"

namespace descent::experiment {
namespace {

namespace fs = std::filesystem;

std::string objection_to(const std::string& file) {
  std::error_code failed;
  const auto status = fs::status(file, failed);
  if (fs::is_directory(status)) return "is a folder, not a file";
  if (failed || !fs::exists(status))
    return fmt::format("cannot be read: {}", std::strerror(failed ? failed.value() : ENOENT));
  if (!fs::is_regular_file(status))
    return "is a pipe or a device; an experiment must be a file that can be read again";
  const auto size = fs::file_size(file, failed);
  if (!failed && size > largest_text)
    return fmt::format("has {} bytes; an experiment file has at most {}: name large data by `path`",
                       size, largest_text);
  return "";
}

}  // namespace

std::optional<std::string> read_text(const std::string& file, std::string& objection) {
  objection = objection_to(file);
  if (!objection.empty()) return {};
  auto text = read_file(file);
  if (!text) objection = fmt::format("cannot be read: {}", std::strerror(errno));
  return text;
}

}  // namespace descent::experiment
