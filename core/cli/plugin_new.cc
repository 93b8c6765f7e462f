// SPDX-License-Identifier: MIT
#include "cli/plugin_new.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/error.h"
#include "cli/installation.h"
#include "cli/plugin_packages.h"
#include "cli/templates.h"

namespace descent::cli {
namespace {

namespace fs = std::filesystem;
using Words = std::map<std::string, std::string>;

bool is_letter(char c) { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z'); }
bool is_digit(char c) { return '0' <= c && c <= '9'; }

void check_name(const std::string& name) {
  if (name.empty() || !is_letter(name[0]) ||
      !std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; }))
    throw Error(
        fmt::format("'{}' is not a valid plugin name; valid: letters, digits and _, a letter "
                    "first, as in my_loss",
                    name));
}

// my_loss -> MyLoss
std::string type_name(const std::string& name) {
  std::string type;
  bool upper = true;
  for (const char c : name) {
    if (c != '_') type += upper ? char(std::toupper(c)) : c;
    upper = c == '_';
  }
  return type;
}

std::string filled(std::string text, const Words& words) {
  for (const auto& [word, value] : words) {
    const auto place = "{{" + word + "}}";
    for (auto at = text.find(place); at != text.npos; at = text.find(place, at + value.size()))
      text.replace(at, place.size(), value);
  }
  return text;
}

const char* template_of(const std::string& kind, const std::string& like) {
  static const std::map<std::string, const char*> optimizers = {
      {"wrapper", wrapper_template}, {"hessian", hessian_template}, {"samples", samples_template}};
  if (!like.empty()) {
    const auto found = kind == "optimizer" ? optimizers.find(like) : optimizers.end();
    if (found == optimizers.end())
      throw Error(
          fmt::format("there is no {} like '{}'; --like is for optimizers: wrapper (of "
                      "another one), hessian, samples (their gradients)",
                      kind, like));
    return found->second;
  }
  return kind == "loss"        ? loss_template
         : kind == "optimizer" ? optimizer_template
                               : regularizer_template;
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream file(path);
  if (!(file << text << std::flush))
    throw Error({path, 0, 0}, fmt::format("cannot be written: {}", std::strerror(errno)));
}

}  // namespace

std::vector<std::string> write_new_plugin(const std::string& kind, const std::string& like,
                                          const std::string& name, const std::string& folder) {
  check_name(name);
  const auto code = template_of(kind, like);
  const auto home = (fs::path(folder) / name).lexically_normal();
  const std::map<fs::path, std::string> files = {{home / (name + ".cc"), code},
                                                 {home / "CMakeLists.txt", cmake_template},
                                                 {home / "README.md", readme_template}};
  for (const auto& [path, text] : files)
    if (fs::exists(path))
      throw Error({path, 0, 0},
                  "already exists; choose another name, or another folder with --dir");
  std::error_code failure;
  fs::create_directories(home, failure);
  if (failure) throw Error({home, 0, 0}, "cannot be made: " + failure.message());
  const Words words = {{"name", name},
                       {"Name", type_name(name)},
                       {"kind", kind},
                       {"prefix", installation().prefix},
                       {"install", install_line()}};
  std::vector<std::string> written;
  for (const auto& [path, text] : files) {
    write(path, filled(text, words));
    written.push_back(path);
  }
  return written;
}

}  // namespace descent::cli
