// SPDX-License-Identifier: MIT
// The folders of core/ are floors: a file includes only lower ones, and a third-party library only
// where it belongs. Reads the #include lines.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "paths.h"

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

// What each floor may include apart from itself. A room is a floor within a floor.
const std::map<std::string, Names> floors = {
    {"base", {}},
    {"record", {"base"}},
    {"autograd", {"base"}},
    {"sdk", {"base", "autograd"}},
    {"host", {"base", "autograd", "sdk"}},
    {"conformance", {"base", "autograd", "sdk", "host"}},
    {"nn", {"base", "autograd"}},
    {"data", {"base"}},
    {"statistics", {"base"}},
    {"train", {"base", "record", "statistics", "autograd", "sdk", "host", "nn", "data"}},
    {"deploy", {"base", "record", "statistics", "autograd", "sdk", "host", "nn", "data", "train"}},
    {"store", {"base", "record", "statistics"}},
    {"report", {"base", "record", "statistics", "store"}},
    {"experiment/document", {"base"}},
    {"experiment/schema", {"base", "experiment/document"}},
    {"experiment/source", {"base", "experiment/document", "experiment/schema"}},
    {"experiment/grid",
     {"base", "record", "statistics", "autograd", "sdk", "host", "nn", "data", "train",
      "experiment/document", "experiment/schema", "experiment/source"}},
    {"experiment/language",
     {"base", "record", "statistics", "autograd", "sdk", "host", "nn", "data", "train",
      "experiment/document", "experiment/schema", "experiment/source", "experiment/grid"}},
    {"experiment",
     {"base", "record", "statistics", "autograd", "sdk", "host", "nn", "data", "train",
      "experiment/document", "experiment/schema", "experiment/source", "experiment/grid",
      "experiment/language"}},
    {"engine",
     {"base", "record", "autograd", "sdk", "host", "nn", "data", "train", "deploy", "statistics",
      "experiment/document", "experiment/schema", "experiment/source", "experiment/grid",
      "experiment/language", "experiment", "store"}},
    {"cluster",
     {"base", "record", "autograd", "sdk", "host", "nn", "data", "train", "deploy", "statistics",
      "experiment/document", "experiment/schema", "experiment/source", "experiment/grid",
      "experiment/language", "experiment", "store", "engine"}},
    {"cli",
     {"base",
      "record",
      "autograd",
      "sdk",
      "host",
      "conformance",
      "nn",
      "data",
      "train",
      "deploy",
      "statistics",
      "experiment/document",
      "experiment/schema",
      "experiment/source",
      "experiment/grid",
      "experiment/language",
      "experiment",
      "store",
      "report",
      "engine",
      "cluster"}},
    {"plugins", {"base", "autograd", "sdk"}},
};

// The floors a library may be included on, by how its includes begin.
const std::map<std::string, Names> libraries = {
    {"yaml-cpp/", {"experiment/document"}},
    {"sqlite3", {"store"}},
    {"SQLiteCpp/", {"store"}},
    {"boost/dll", {"host"}},
    {"muParser", {"data"}},
    {"boost/program_options", {"cli"}},
    {"duktape", {"report"}},
};

struct Include {
  std::string what, file;
  int line = 0;

  std::string place() const { return file + ":" + std::to_string(line); }
};

fs::path root() { return descent::source_path(""); }

// The text between the quotes or brackets of an #include line; "" on any other line.
std::string included(const std::string& line) {
  const auto hash = line.find_first_not_of(" \t");
  if (hash == line.npos || line[hash] != '#') return "";
  const auto word = line.find_first_not_of(" \t", hash + 1);
  if (word == line.npos || line.compare(word, 7, "include") != 0) return "";
  const auto open = line.find_first_of("\"<", word + 7);
  if (open == line.npos) return "";
  return line.substr(open + 1, line.find_first_of("\">", open + 1) - open - 1);
}

std::vector<Include> includes_of(const fs::path& file) {
  std::vector<Include> all;
  std::ifstream stream(file);
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (const auto what = included(line); !what.empty())
      all.push_back({what, fs::relative(file, root()).string(), number});
  }
  return all;
}

// The floor that a path below core/ is on, the room if it is in one; "" for anything else.
std::string floor_of(fs::path path) {
  while (path.has_parent_path() && path != path.parent_path()) {
    path = path.parent_path();
    if (floors.contains(path.generic_string())) return path.generic_string();
  }
  return "";
}

std::vector<Include> includes_under(const fs::path& folder, const std::string& floor) {
  static const Names sources = {".h", ".hpp", ".c", ".cc", ".cpp"};
  const auto base = floor == "plugins" ? root() : root() / "core";
  std::vector<Include> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!sources.contains(entry.path().extension().string())) continue;
    if (floor_of(fs::relative(entry.path(), base)) != floor) continue;  // of a room of this floor
    std::ranges::copy(includes_of(entry.path()), std::back_inserter(all));
  }
  return all;
}

fs::path folder_of(const std::string& floor) {
  return floor == "plugins" ? root() / "plugins" : root() / "core" / floor;
}

// Why the floor may not include it; "" when it may.
std::string objection(const std::string& floor, const std::string& what) {
  const auto other = floor_of(what);
  if (!other.empty() && other != floor && !floors.at(floor).contains(other))
    return floor + " includes " + what + ", which is not below it";
  for (const auto& [start, where] : libraries)
    if (what.starts_with(start) && !where.contains(floor))
      return floor + " includes " + what + ", which belongs on " + *where.begin();
  return "";
}

TEST(Floors, IncludeOnlyLowerOnes) {
  int seen = 0;
  for (const auto& [floor, lower] : floors)
    for (const auto& include : includes_under(folder_of(floor), floor)) {
      const auto text = objection(floor, include.what);
      EXPECT_EQ(text, "") << include.place();
      ++seen;
    }
  EXPECT_GT(seen, 100) << "in " << root();
}

TEST(Floors, AreAllInTheTable) {
  for (const auto& entry : fs::recursive_directory_iterator(root() / "core")) {
    const auto extension = entry.path().extension();
    if (extension != ".h" && extension != ".cc") continue;
    EXPECT_NE(floor_of(fs::relative(entry.path(), root() / "core")), "") << entry.path();
  }
}

TEST(Floors, AreIncludedByTheirFullPath) {
  for (const auto& [floor, lower] : floors)
    for (const auto& include : includes_under(folder_of(floor), floor))
      EXPECT_FALSE(include.what.starts_with("../") || include.what.starts_with("./") ||
                   include.what.starts_with("core/"))
          << include.place() << " includes " << include.what;
}

TEST(Floors, OfThePluginsIsTheSdk) {
  for (const auto& include : includes_under(folder_of("plugins"), "plugins")) {
    const auto other = floor_of(include.what);
    EXPECT_TRUE(other.empty() || other == "sdk") << include.place();
  }
}

TEST(FloorsTable, HasNoCycle) {
  for (const auto& [floor, lower] : floors)
    for (const auto& other : lower) {
      EXPECT_FALSE(floors.at(other).contains(floor)) << floor << ", " << other;
      for (const auto& below : floors.at(other))
        EXPECT_TRUE(lower.contains(below)) << floor << " over " << other << " over " << below;
    }
}

TEST(FloorsTable, ObjectsToWhatIsForbidden) {
  EXPECT_NE(objection("base", "autograd/graph.h"), "");
  EXPECT_NE(objection("nn", "data/dataset.h"), "");
  EXPECT_NE(objection("statistics", "data/dataset.h"), "");
  EXPECT_NE(objection("train", "yaml-cpp/yaml.h"), "");
  EXPECT_NE(objection("engine", "SQLiteCpp/Database.h"), "");
  EXPECT_NE(objection("plugins", "host/plugin.h"), "");
  EXPECT_NE(objection("experiment/document", "experiment/grid/zip.h"), "");
  EXPECT_NE(objection("experiment/language", "experiment/experiment.h"), "");
  EXPECT_EQ(objection("experiment/grid", "experiment/document/tree.h"), "");
  EXPECT_EQ(objection("train", "nn/model.h"), "");
  EXPECT_EQ(objection("store", "SQLiteCpp/Database.h"), "");
  EXPECT_EQ(objection("base", "vector"), "");
}

TEST(IncludeLine, IsReadHoweverItIsWritten) {
  EXPECT_EQ(included("#include \"base/error.h\""), "base/error.h");
  EXPECT_EQ(included("  #  include <yaml-cpp/yaml.h>  // why"), "yaml-cpp/yaml.h");
  EXPECT_EQ(included("// #include \"base/error.h\""), "");
  EXPECT_EQ(included("#define X"), "");
}

}  // namespace
