// SPDX-License-Identifier: MIT
// Every shipped experiment: it plans, it runs (shortened), and the queries in its header return
// rows.
#include <map>
#include <set>
#include <sstream>

#include "cli/desk.h"
#include "paths.h"

namespace descent {
namespace {

using nlohmann::json;

std::vector<std::string> shipped() {
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(descent::source_path("experiments")))
    if (file.path().extension() == ".yaml") names.insert(file.path().stem());
  return {names.begin(), names.end()};
}

// The queries of a header: the indented lines after "# Query" and an empty comment line.
std::vector<std::string> queries(const std::string& file) {
  std::ifstream in(file);
  std::vector<std::string> found;
  bool asked = false, indented = false;
  std::string query;
  for (std::string line; std::getline(in, line) && line.starts_with('#');) {
    asked |= line.starts_with("# Query");
    if (line == "#")
      indented = asked;
    else if (indented && line.starts_with("#   "))
      query += line.substr(4) + "\n";
    else
      indented = false;
    if (query.ends_with(";\n")) {
      found.push_back(query);
      query.clear();
    }
  }
  EXPECT_EQ(query, "") << "a query ends with a semicolon";
  return found;
}

class ShippedExperiment : public Desk, public testing::WithParamInterface<std::string> {
 protected:
  std::string file() const { return descent::source_path("experiments/") + GetParam() + ".yaml"; }
};

// What makes a run of an experiment short. Replicates keep to whole blocks where there are blocks,
// and epochs stay as they are where they are an axis: its points would be one.
std::vector<std::string> shrunk(const std::string& name) {
  static const std::map<std::string, std::vector<std::string>> special = {
      {"overfitting_remedies", {"train.epochs=2", "record.every=1", "replicates.count=14"}},
      {"underfitting_remedies", {"train.batch=full", "record.every=50", "replicates.count=3"}},
      {"tuned_optimizers", {"train.epochs=2", "record.every=1", "stages.tune=2", "stages.rerun=2"}},
      {"who_makes_the_variance",
       {"train.epochs=2", "record.every=1", "replicates.count=9", "replicates.seeds=3"}},
  };
  const auto found = special.find(name);
  if (found != special.end()) return found->second;
  return {"train.epochs=2", "record.every=1", "replicates.count=3"};
}

TEST_P(ShippedExperiment, Plans) {
  const auto result = descent({"plan", file(), "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  const auto plan = json::parse(result.out)["experiments"].at(0);
  auto name = plan["experiment"].get<std::string>();
  std::ranges::replace(name, '-', '_');
  EXPECT_EQ(name, GetParam()) << "named after its file";
  EXPECT_GE(plan["runs"], plan["points"]);
}

TEST_P(ShippedExperiment, RunsAndItsQuestionsHaveAnswers) {
  std::vector<std::string> words = {"run", file(), "--db", "a.db", "--quiet"};
  for (const auto& set : shrunk(GetParam())) words.insert(words.end(), {"--set", set});
  const auto result = descent(words);
  ASSERT_EQ(result.code, 0) << result.err;
  const auto asked = queries(file());
  EXPECT_FALSE(asked.empty()) << "the header has no query";
  for (const auto& query : asked) {
    const auto answer = descent({"sql", "a.db", query, "--format", "json"});
    ASSERT_EQ(answer.code, 0) << query << answer.err;
    const auto rows = json::parse(answer.out);
    ASSERT_FALSE(rows.empty()) << query;
    for (const auto& cell : rows[0].items())
      EXPECT_TRUE(
          std::ranges::any_of(rows, [&](const json& row) { return !row[cell.key()].is_null(); }))
          << query << cell.key() << " is NULL in every row";
  }
}

INSTANTIATE_TEST_SUITE_P(All, ShippedExperiment, testing::ValuesIn(shipped()),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace descent
