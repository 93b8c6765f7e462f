// SPDX-License-Identifier: MIT
// No two types of core/ have one name in one namespace: the linker would silently mix them up.
// Reads the definitions, which clang-format has put at the beginning of a line.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <istream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "paths.h"

namespace {

namespace fs = std::filesystem;

// The names of the types that a source file defines at namespace scope, with their namespaces.
// Those in a namespace without a name are the file's own and left out.
std::vector<std::string> defined_types(std::istream& source) {
  static const std::regex opening(R"(^namespace ?([\w:]*) ?\{$)");
  static const std::regex type(
      R"(^(?:class|struct|union|enum class|enum)(?: \[\[\w+\]\])? ([\w:]+)(?: final)?(?: :[^:].*)? ?\{.*)");
  std::vector<std::string> scopes, found;
  for (std::string line; std::getline(source, line);) {
    std::smatch part;
    if (std::regex_match(line, part, opening))
      scopes.push_back(part[1]);
    else if (line.starts_with("}  // namespace") && !scopes.empty())
      scopes.pop_back();
    else if (std::regex_match(line, part, type)) {
      std::string name;
      bool is_own = false;
      for (const auto& scope : scopes) {
        is_own = is_own || scope.empty();
        name += scope + "::";
      }
      if (!is_own) found.push_back(name + part[1].str());
    }
  }
  return found;
}

std::vector<std::string> types_in(const std::string& text) {
  std::istringstream source(text);
  return defined_types(source);
}

TEST(OneDefinition, HasEveryTypeOfTheProgram) {
  std::map<std::string, fs::path> first;
  for (const auto& entry : fs::recursive_directory_iterator(descent::source_path("core"))) {
    const auto extension = entry.path().extension();
    if (extension != ".h" && extension != ".cc") continue;
    std::ifstream source(entry.path());
    for (const auto& name : defined_types(source)) {
      const auto [other, is_new] = first.emplace(name, entry.path());
      EXPECT_TRUE(is_new) << name << " is defined in " << entry.path() << " and in "
                          << other->second
                          << ": rename one, or put it into a namespace without a name";
    }
  }
  EXPECT_GT(first.size(), 200u);
}

TEST(OneDefinition, ReadsTypesInTheirNamespaces) {
  EXPECT_EQ(
      types_in(
          "namespace descent {\nstruct A {\n  struct Inner {};\n};\n}  // namespace descent\n"),
      std::vector<std::string>{"descent::A"});
  EXPECT_EQ(types_in("namespace descent::cli {\nclass B final : public C {\n};\n"),
            std::vector<std::string>{"descent::cli::B"});
  EXPECT_EQ(types_in("namespace descent {\nenum class E { one };\nstruct Forward;\n"),
            std::vector<std::string>{"descent::E"});
  EXPECT_EQ(types_in("namespace descent {\nstruct A::Inner {\n};\n"),
            std::vector<std::string>{"descent::A::Inner"});
}

TEST(OneDefinition, LeavesAFileItsOwnTypes) {
  EXPECT_EQ(types_in("namespace descent {\nnamespace {\nstruct A {\n};\n}  // namespace\n"
                     "struct B {\n};\n}  // namespace descent\n"),
            std::vector<std::string>{"descent::B"});
}

}  // namespace
