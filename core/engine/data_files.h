// SPDX-License-Identifier: MIT
// The data files of a plan. They may be read again during a run: what is read must be what the hash
// says, however the files change meanwhile.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/spec.h"

namespace descent::engine {

struct NamedFile {
  std::string key;  // of an experiment, such as data.csv.test.path
  std::string path;
};

// All files that are read for data.csv.
std::vector<NamedFile> files_of(const data::CsvSpec& csv);

// A problem for each of them that does not exist, with the key that names it.
std::vector<Problem> missing_files(const data::CsvSpec& csv);

class DataFiles {
 public:
  // Calls read, which reads these files. Throws Error when one of them is written meanwhile, or
  // differs from what was read the first time.
  void read(const std::vector<NamedFile>& files, const std::function<void()>& read);

  // REQUIRES: the file was read. Of its bytes, hash128.
  const std::string& hash(const std::string& path) const { return files_.at(path).hash; }

 private:
  // What tells one state of a file from another, unless somebody resets its clock.
  struct State {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = -1;
    std::int64_t seconds = 0, nanoseconds = 0;
    bool operator==(const State&) const = default;
  };
  struct File {
    std::string hash;
    State state;
  };

  static State state_of(const std::string& path);

  std::map<std::string, File> files_;
};

}  // namespace descent::engine
