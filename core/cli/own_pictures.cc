// SPDX-License-Identifier: MIT
#include "cli/own_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "engine/records.h"
#include "report/draw.h"
#include "report/query_picture.h"
#include "store/store.h"

namespace descent::cli {
namespace {

// A folder that is gone when this is.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    auto name = (std::filesystem::temp_directory_path() / "descent-XXXXXX").string();
    if (!mkdtemp(name.data()))
      throw Error(fmt::format("no folder can be made in {}; set TMPDIR to one that is writable",
                              std::filesystem::temp_directory_path().string()));
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

store::Reader empty_store(const std::string& path,
                          const std::vector<experiment::Experiment>& experiments) {
  auto store = store::Store::open(path);
  for (const auto& one : experiments) store.register_experiment(engine::experiment_record(one));
  return store::Reader::open(path);
}

}  // namespace

void check_own_pictures(const std::vector<experiment::Experiment>& experiments) {
  if (std::ranges::all_of(experiments, [](const auto& one) { return one.pictures().empty(); }))
    return;
  const TemporaryFolder folder;
  auto reader = empty_store(folder.file("empty.db"), experiments);
  report::Renderer renderer;
  std::vector<Problem> problems;
  for (const auto& one : experiments)
    for (std::size_t i = 0; i < one.pictures().size(); ++i) {
      const auto& [title, sql, mark, note] = one.pictures()[i];
      try {
        report::check(reader, {title, sql, mark, note}, renderer);
      } catch (const Error& error) {
        problems.push_back({one.place(0, fmt::format("report.{}.sql", i)),
                            fmt::format("report: '{}': {}", title, error.problems().front().text)});
      }
    }
  if (!problems.empty()) throw Error(std::move(problems));
}

}  // namespace descent::cli
