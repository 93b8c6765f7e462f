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

// What each floor may include beside itself.
const std::map<std::string, Names> floors = {
    {"base", {}},
    {"autograd", {"base"}},
    {"sdk", {"base", "autograd"}},
    {"host", {"base", "autograd", "sdk"}},
    {"conformance", {"base", "autograd", "sdk", "host"}},
    {"nn", {"base", "autograd", "sdk"}},
    {"data", {"base", "autograd", "sdk"}},
    {"train", {"base", "autograd", "sdk", "host", "nn", "data"}},
    {"statistics", {"base"}},
    {"store", {"base", "statistics"}},
    {"experiment", {"base", "autograd", "sdk", "host", "nn", "data", "train"}},
    {"engine",
     {"base", "autograd", "sdk", "host", "nn", "data", "train", "statistics", "experiment",
      "store"}},
    {"cli",
     {"base", "autograd", "sdk", "host", "conformance", "nn", "data", "train", "statistics",
      "experiment", "store", "engine"}},
    {"plugins", {"base", "autograd", "sdk"}},
};

// The floors a library may be included on, by how its includes begin.
const std::map<std::string, Names> libraries = {
    {"yaml-cpp/", {"experiment"}}, {"sqlite3", {"store"}}, {"SQLiteCpp/", {"store"}},
    {"boost/dll", {"host"}},       {"muParser", {"data"}}, {"boost/program_options", {"cli"}},
};

struct Include {
  std::string what, file;
  int line = 0;

  std::string place() const { return file + ":" + std::to_string(line); }
};

fs::path root() { return descent::source_path(""); }

// What stands between the quotes or brackets of an #include line; "" on any other line.
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

std::vector<Include> includes_under(const fs::path& folder) {
  static const Names sources = {".h", ".hpp", ".c", ".cc", ".cpp"};
  std::vector<Include> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!sources.contains(entry.path().extension().string())) continue;
    std::ranges::copy(includes_of(entry.path()), std::back_inserter(all));
  }
  return all;
}

fs::path folder_of(const std::string& floor) {
  return floor == "plugins" ? root() / "plugins" : root() / "core" / floor;
}

// Why the floor may not include it; "" when it may.
std::string objection(const std::string& floor, const std::string& what) {
  const auto other = what.substr(0, what.find('/'));
  if (floors.contains(other) && other != floor && !floors.at(floor).contains(other))
    return floor + " includes " + what + ", which is not below it";
  for (const auto& [start, where] : libraries)
    if (what.starts_with(start) && !where.contains(floor))
      return floor + " includes " + what + ", which belongs on " + *where.begin();
  return "";
}

TEST(Floors, IncludeOnlyLowerOnes) {
  int seen = 0;
  for (const auto& [floor, lower] : floors)
    for (const auto& include : includes_under(folder_of(floor))) {
      const auto text = objection(floor, include.what);
      EXPECT_EQ(text, "") << include.place();
      ++seen;
    }
  EXPECT_GT(seen, 100) << "in " << root();
}

TEST(Floors, AreAllInTheTable) {
  for (const auto& entry : fs::directory_iterator(root() / "core")) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(floors.contains(entry.path().filename().string())) << entry.path();
  }
}

TEST(Floors, AreIncludedByTheirFullPath) {
  for (const auto& [floor, lower] : floors)
    for (const auto& include : includes_under(folder_of(floor)))
      EXPECT_FALSE(include.what.starts_with("../") || include.what.starts_with("./") ||
                   include.what.starts_with("core/"))
          << include.place() << " includes " << include.what;
}

TEST(Floors, OfThePluginsIsTheSdk) {
  for (const auto& include : includes_under(folder_of("plugins"))) {
    const auto other = include.what.substr(0, include.what.find('/'));
    EXPECT_TRUE(!floors.contains(other) || other == "sdk") << include.place();
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
