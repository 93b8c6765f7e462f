// SPDX-License-Identifier: MIT
// docs/results.md against a real store: its queries run, and no table or column is missing in it.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "fixture.h"
#include "paths.h"
#include "store/describe_schema.h"
#include "store/reader.h"

namespace descent {
namespace {

class ResultsPage : public StoreTest {
 protected:
  void SetUp() override {
    std::ifstream page(descent::source_path("docs/results.md"));
    ASSERT_TRUE(page);
    std::ostringstream text;
    text << page.rdbuf();
    page_ = text.str();
    auto store = store::Store::open(file());
    store_sweep(store);
  }

  // Of the part with this heading.
  std::vector<std::string> queries(const std::string& heading) const {
    const auto begin = page_.find("\n## " + heading + "\n");
    const auto part = page_.substr(begin, page_.find("\n## ", begin + 1) - begin);
    std::vector<std::string> all;
    const std::string open = "```sql\n", close = "```";
    for (auto at = part.find(open); at != std::string::npos; at = part.find(open, at)) {
      at += open.size();
      const auto end = part.find(close, at);
      all.push_back(part.substr(at, end - at));
    }
    return all;
  }

  std::vector<std::string> names(const std::string& sql) const {
    auto reader = store::Reader::open(file());
    auto rows = reader.query(sql);
    std::vector<std::string> all;
    for (std::vector<store::Value> row; rows.next(row);)
      all.push_back(std::get<std::string>(row[0]));
    return all;
  }

  std::string page_;
};

// SQLite sorts NULL first, so that a point without a mean would look like the best one.
TEST(Pages, SortWhatMayBeNullLast) {
  const std::regex ascending(
      "ORDER BY (s\\.per, )?(\\w+\\.)?(\\w*loss\\w*|mean|total|bias2|variance|rank|best|height)\\b"
      "(?! (DESC|NULLS LAST))");
  int pages = 0;
  for (const auto* folder : {"docs", "experiments"})
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(descent::source_path(folder))) {
      if (entry.path().extension() != ".md" && entry.path().extension() != ".yaml") continue;
      std::ifstream page(entry.path());
      std::ostringstream text;
      text << page.rdbuf();
      const auto content = text.str();
      std::smatch found;
      EXPECT_FALSE(std::regex_search(content, found, ascending)) << entry.path() << found.str();
      ++pages;
    }
  EXPECT_GT(pages, 20);
}

TEST_F(ResultsPage, HasTenQueriesThatRunAndFindSomething) {
  const auto all = queries("Ten queries");
  EXPECT_EQ(all.size(), 10u);
  auto reader = store::Reader::open(file());
  for (const auto& sql : all) {
    std::vector<store::Value> row;
    EXPECT_NO_THROW({
      auto rows = reader.query(sql);
      EXPECT_TRUE(rows.next(row)) << sql;
    }) << sql;
  }
}

TEST_F(ResultsPage, ExamplesOfTablesAndViewsRun) {
  auto reader = store::Reader::open(file());
  for (const std::string part : {"Views", "Tables"}) {
    const auto all = queries(part);
    EXPECT_GE(all.size(), 12u) << part;
    for (const auto& sql : all) EXPECT_NO_THROW(reader.query(sql)) << sql;
  }
}

TEST_F(ResultsPage, TheQueryOverTwoStoresRuns) {
  auto sql = queries("Other programs").at(0);
  const std::string other = "'other.db'";
  ASSERT_NE(sql.find(other), sql.npos);
  sql.replace(sql.find(other), other.size(), "'" + file("other.db") + "'");
  {
    auto store = store::Store::open(file("other.db"));
    store_sweep(store);
  }
  SQLite::Database database(file());
  const auto second = sql.find(";\n") + 2;
  database.exec(sql.substr(0, second));
  SQLite::Statement query(database, sql.substr(second));
  int rows = 0;
  while (query.executeStep()) ++rows;
  EXPECT_EQ(rows, 4);
}

TEST_F(ResultsPage, DescribesEveryTableViewAndColumn) {
  auto reader = store::Reader::open(file());
  for (const auto& one : store::describe(reader)) {
    EXPECT_NE(one.meaning, "") << one.name << " has no sentence in docs/results.md";
    if (one.kind == "function") continue;
    EXPECT_NE(one.example, "") << one.name << " has no example in docs/results.md";
    EXPECT_FALSE(one.columns.empty()) << one.name;
    for (const auto& [column, meaning] : one.columns)
      EXPECT_NE(meaning, "") << one.name << "." << column << " is not in docs/results.md";
  }
}

TEST_F(ResultsPage, DescribesWhatTheSchemaHolds) {
  auto reader = store::Reader::open(file());
  std::vector<std::string> described, there = names(
                                          "SELECT name FROM sqlite_schema WHERE type IN ('table', "
                                          "'view') AND name NOT LIKE 'sqlite%'");
  for (const auto& one : store::describe(reader))
    if (one.kind != "function") described.push_back(one.name);
  std::ranges::sort(described);
  std::ranges::sort(there);
  EXPECT_EQ(described, there);
}

// A name that the page has and the store has not would be a promise that is not kept.
TEST_F(ResultsPage, NamesNoTableViewOrColumnThatIsNotThere) {
  auto reader = store::Reader::open(file());
  for (const std::string part : {"Views", "Tables"}) {
    const auto begin = page_.find("\n## " + part + "\n");
    std::istringstream lines(page_.substr(begin, page_.find("\n## ", begin + 1) - begin));
    std::string table;
    bool in_columns = false;
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("### ")) table = line.substr(4);
      if (line.empty()) in_columns = false;
      if (line == "| column | meaning |") in_columns = true;
      if (!in_columns || !line.starts_with("| `")) continue;
      const auto cell = line.substr(0, line.find(" | "));
      for (auto at = cell.find('`'); at != cell.npos; at = cell.find('`', at)) {
        const auto end = cell.find('`', at + 1);
        const auto column = cell.substr(at + 1, end - at - 1);
        EXPECT_NO_THROW(reader.query("SELECT \"" + column + "\" FROM " + table))
            << table << "." << column;
        at = end + 1;
      }
    }
  }
}

TEST_F(ResultsPage, DescribesEveryFunctionAndNoOther) {
  auto reader = store::Reader::open(file());
  std::vector<std::string> functions;
  for (const auto& one : store::describe(reader))
    if (one.kind == "function") functions.push_back(one.name);
  EXPECT_EQ(functions,
            (std::vector<std::string>{"median(x)", "quantile(x, q)", "stddev(x)", "ci_low(x)",
                                      "ci_high(x)", "geomean(x)", "log10(x)"}));
}

// Of a measure, its name without the set it is measured on.
TEST_F(ResultsPage, DescribesEveryMetric) {
  for (const auto& metric : names("SELECT name FROM metrics WHERE metric_id < 12"))
    EXPECT_NE(page_.find("`" + metric + "`"), std::string::npos) << metric;
  for (const auto& measure : record::measure_facts)
    EXPECT_NE(page_.find(fmt::format("`{}`", measure.name)), std::string::npos) << measure.name;
}

TEST_F(ResultsPage, MetricsOfTheStoreAreThoseOfTheCode) {
  const auto stored = names("SELECT name FROM metrics ORDER BY metric_id");
  ASSERT_EQ(stored.size(), record::metric_facts().size());
  for (std::size_t i = 0; i < stored.size(); ++i)
    EXPECT_EQ(stored[i], record::metric_facts()[i].name);
  EXPECT_EQ(*record::find_metric("test_top_10_accuracy"), record::Metric(stored.size() - 1));
}

TEST_F(ResultsPage, SaysOfEveryMetricWhichValuesAreBetter) {
  EXPECT_EQ(names("SELECT label || ', ' || better FROM metrics WHERE name IN ('test_f1', "
                  "'validation_mae', 'train_loss') ORDER BY name"),
            (std::vector<std::string>{"test F1, higher", "training loss, lower",
                                      "validation mean absolute error, lower"}));
  EXPECT_EQ(names("SELECT name FROM metrics WHERE better IS NULL ORDER BY metric_id"),
            (std::vector<std::string>{"gradient_norm", "weight_norm", "x", "y"}));
}

}  // namespace
}  // namespace descent
