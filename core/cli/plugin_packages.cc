// SPDX-License-Identifier: MIT
#include "cli/plugin_packages.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace descent::cli {
namespace {

namespace fs = std::filesystem;

struct Package {
  std::string name, provides;  // a command, or the absolute path of a file
};

// Made by CMake, as are the paths in it.
const std::vector<Package>& packages() {
  static const std::vector<Package> all = {DESCENT_PLUGIN_PACKAGES};
  return all;
}

bool is_on_path(const std::string& command) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (::access((fs::path(folder) / command).c_str(), X_OK) == 0) return true;
  return false;
}

bool is_installed(const Package& package) {
  if (fs::path(package.provides).is_relative()) return is_on_path(package.provides);
  return ::access(package.provides.c_str(), R_OK) == 0;
}

std::string line_of(const std::vector<Package>& some) {
  std::string line;
  for (const auto& package : some) line += " " + package.name;
  return line.empty() ? "" : "apt-get install --no-install-recommends" + line;
}

}  // namespace

std::string install_line() { return line_of(packages()); }

std::string missing_install_line() {
  std::vector<Package> missing;
  for (const auto& package : packages())
    if (!is_installed(package)) missing.push_back(package);
  return line_of(missing);
}

}  // namespace descent::cli
