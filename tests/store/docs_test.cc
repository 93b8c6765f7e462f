// SPDX-License-Identifier: MIT
// docs/results.md against a real store: its queries run, and no table or column is missing in it.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "fixture.h"
#include "store/reader.h"

namespace descent {
namespace {

class ResultsPage : public StoreTest {
 protected:
  void SetUp() override {
    std::ifstream page(DESCENT_SOURCE_DIR "/docs/results.md");
    ASSERT_TRUE(page);
    std::ostringstream text;
    text << page.rdbuf();
    page_ = text.str();
    auto store = Store::open(file());
    store_sweep(store);
  }

  std::vector<std::string> queries() const {
    std::vector<std::string> all;
    const std::string open = "```sql\n", close = "```";
    for (auto at = page_.find(open); at != std::string::npos; at = page_.find(open, at)) {
      at += open.size();
      const auto end = page_.find(close, at);
      all.push_back(page_.substr(at, end - at));
    }
    return all;
  }

  std::vector<std::string> names(const std::string& sql) const {
    auto reader = Reader::open(file());
    auto rows = reader.query(sql);
    std::vector<std::string> all;
    for (std::vector<Value> row; rows.next(row);) all.push_back(std::get<std::string>(row[0]));
    return all;
  }

  std::string page_;
};

TEST_F(ResultsPage, HasTenQueriesThatRunAndFindSomething) {
  const auto all = queries();
  EXPECT_EQ(all.size(), 10u);
  auto reader = Reader::open(file());
  for (const auto& sql : all) {
    std::vector<Value> row;
    EXPECT_NO_THROW({
      auto rows = reader.query(sql);
      EXPECT_TRUE(rows.next(row)) << sql;
    }) << sql;
  }
}

TEST_F(ResultsPage, DescribesEveryColumnOfEveryTableAndOfResults) {
  for (const auto& table :
       names("SELECT name FROM sqlite_schema WHERE (type = 'table' OR name IN ('results', "
             "'curves', 'contrasts')) AND name NOT LIKE 'sqlite%'")) {
    EXPECT_NE(page_.find(table), std::string::npos) << table;
    for (const auto& column : names("SELECT name FROM pragma_table_xinfo('" + table + "')"))
      EXPECT_NE(page_.find("`" + column + "`"), std::string::npos) << table << "." << column;
  }
}

TEST_F(ResultsPage, DescribesEveryMetric) {
  for (const auto& metric : names("SELECT name FROM metrics"))
    EXPECT_NE(page_.find("`" + metric + "`"), std::string::npos) << metric;
}

TEST_F(ResultsPage, MetricsOfTheStoreAreThoseOfTheCode) {
  const auto stored = names("SELECT name FROM metrics ORDER BY metric_id");
  ASSERT_EQ(stored.size(), 12u);
  for (std::size_t i = 0; i < stored.size(); ++i)
    EXPECT_EQ(stored[i], name_of(static_cast<CurveMetric>(i)));
}

}  // namespace
}  // namespace descent
