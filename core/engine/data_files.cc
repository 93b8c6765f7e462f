// SPDX-License-Identifier: MIT
#include "engine/data_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/hash.h"

namespace descent::engine {

std::vector<NamedFile> files_of(const data::CsvSpec& csv) {
  std::vector<NamedFile> files;
  for (const auto& [key, path] : {NamedFile{"data.csv.path", csv.path},
                                  {"data.csv.test.path", csv.test_path},
                                  {"data.csv.validation.path", csv.validation_path},
                                  {"data.csv.labels.path", csv.labels_path},
                                  {"data.csv.test.labels", csv.test_labels_path},
                                  {"data.csv.validation.labels", csv.validation_labels_path}})
    if (!path.empty()) files.push_back({key, path});
  return files;
}

std::vector<Problem> missing_files(const data::CsvSpec& csv) {
  namespace fs = std::filesystem;
  std::vector<Problem> problems;
  for (const auto& [key, path] : files_of(csv)) {
    std::error_code failed;
    if (fs::exists(path, failed) || failed) continue;
    const fs::path whole = fs::absolute(path).lexically_normal();
    problems.push_back(Problem::at(
        key, fmt::format("there is no file '{}' in the folder '{}'; a path is relative to the file "
                         "that contains this key",
                         whole.filename().string(), whole.parent_path().string())));
  }
  return problems;
}

DataFiles::State DataFiles::state_of(const std::string& path) {
  struct stat is {};
  if (::stat(path.c_str(), &is) != 0) return {};
  return {is.st_dev, is.st_ino, is.st_size, is.st_mtim.tv_sec, is.st_mtim.tv_nsec};
}

void DataFiles::read(const std::vector<NamedFile>& files, const std::function<void()>& read) {
  std::vector<State> before;
  for (const auto& file : files) before.push_back(state_of(file.path));
  read();
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& path = files[i].path;
    auto& file = files_[path];
    if (!file.hash.empty() && file.state == before[i] && before[i] == state_of(path)) continue;
    const auto hash = hash128_of_file(path);
    if (state_of(path) != before[i])
      throw Error({path, 0, 0},
                  "was written while it was read; run this again when it is complete");
    if (!file.hash.empty() && file.hash != hash)
      throw Error(
          {path, 0, 0},
          "has changed since this program first read it; stored results are those of the earlier "
          "contents. The same command trains the points again with the new contents");
    file = {hash, before[i]};
  }
}

}  // namespace descent::engine
