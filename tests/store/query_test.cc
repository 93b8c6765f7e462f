// SPDX-License-Identifier: MIT
// Reading: formats as specified, refusals with a reason.
#include "store/query.h"

#include <gmock/gmock.h>

#include "fixture.h"
#include "store/schema.h"

namespace descent {
namespace {

using testing::HasSubstr;

class Queries : public StoreTest {
 protected:
  void SetUp() override {
    auto store = store::Store::open(file());
    store_sweep(store);
  }
  std::string table(const std::string& sql, store::Format format = store::Format::table) {
    return store::query(file(), sql, format);
  }
  // What the query is refused with; a StoreError would be the wrong exit code.
  std::string refusal(const std::string& sql) {
    try {
      return "gave " + table(sql);
    } catch (const StoreError& error) {
      return std::string("StoreError ") + error.what();
    } catch (const Error& error) {
      return error.what();
    }
  }
};

const char* const values =
    "SELECT 1 AS i, 0.1 AS x, 'a \"b\", c' AS t, NULL AS n UNION ALL "
    "SELECT -200, 12345.678901, 'd|é', 1e999";

TEST_F(Queries, PrintAlignedTables) {
  EXPECT_EQ(table(values),
            "   i         x  t            n\n"
            "----  --------  --------  ----\n"
            "   1       0.1  a \"b\", c  NULL\n"
            "-200  12345.68  d|é        inf\n");
}

TEST_F(Queries, PrintMarkdown) {
  EXPECT_EQ(table(values, store::Format::markdown),
            "|    i |        x | t        |    n |\n"
            "| ---: | -------: | -------- | ---: |\n"
            "|    1 |      0.1 | a \"b\", c | NULL |\n"
            "| -200 | 12345.68 | d\\|é     |  inf |\n");
}

TEST_F(Queries, PrintCsvAsRfc4180) {
  EXPECT_EQ(table(values, store::Format::csv),
            "i,x,t,n\r\n"
            "1,0.1,\"a \"\"b\"\", c\",\r\n"
            "-200,12345.678901,d|é,inf\r\n");
  EXPECT_EQ(table("SELECT '' AS a, NULL AS b, x'00ff' AS c, char(10) AS d", store::Format::csv),
            "a,b,c,d\r\n\"\",,X'00ff',\"\n\"\r\n");
}

TEST_F(Queries, RefuseJsonThatWouldLoseAColumn) {
  try {
    ADD_FAILURE() << table("SELECT 1 AS a, 2 AS b, 3 AS a", store::Format::json);
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("two columns are named 'a'"));
  }
  EXPECT_EQ(table("SELECT 1 AS a, 2 AS a", store::Format::csv), "a,a\r\n1,2\r\n");
}

TEST_F(Queries, PrintJsonThatReadsBackAsTheSameNumbers) {
  const auto rows =
      nlohmann::json::parse(table("SELECT 1 AS i, 2.0 AS whole, 0.1 + 0.2 AS x, 5e-324 AS tiny, "
                                  "1.7976931348623157e308 AS huge, "
                                  "9007199254740993 AS big, 'a\"\n' AS t, NULL AS n, x'0a' AS b",
                                  store::Format::json));
  ASSERT_EQ(rows.size(), 1u);
  const auto& row = rows[0];
  EXPECT_TRUE(row["i"].is_number_integer());
  EXPECT_TRUE(row["whole"].is_number_float());
  EXPECT_EQ(row["x"].get<double>(), 0.1 + 0.2);
  EXPECT_EQ(row["tiny"].get<double>(), 5e-324);
  EXPECT_EQ(row["huge"].get<double>(), 1.7976931348623157e308);
  EXPECT_EQ(row["big"], 9007199254740993);
  EXPECT_EQ(row["t"], "a\"\n");
  EXPECT_TRUE(row["n"].is_null());
  EXPECT_EQ(row["b"], "X'0a'");
  EXPECT_EQ(table("SELECT -1e999 AS x", store::Format::json), "[\n  {\"x\": -1e999}\n]\n");
}

TEST_F(Queries, PrintNoRows) {
  const std::string none = "SELECT run_id, status FROM runs WHERE 0";
  EXPECT_EQ(table(none), "run_id  status\n------  ------\n");
  EXPECT_EQ(table(none, store::Format::csv), "run_id,status\r\n");
  EXPECT_EQ(nlohmann::json::parse(table(none, store::Format::json)), nlohmann::json::array());
}

TEST_F(Queries, ShowTextOfSeveralLinesInOne) {
  EXPECT_THAT(table("SELECT source FROM experiments"), HasSubstr("experiment: rate-sweep\\n\n"));
}

TEST_F(Queries, KnowTheirFormats) {
  EXPECT_EQ(store::format_named("markdown"), store::Format::markdown);
  EXPECT_THROW(store::format_named("jsn"), Error);
}

TEST_F(Queries, MarkTheErrorUnderTheQuery) {
  EXPECT_THAT(refusal("SELECT point_id,\n  test_loss_men FROM results"),
              HasSubstr("no such column: test_loss_men; did you mean 'test_loss_mean'?\n"
                        "    test_loss_men FROM results\n"
                        "    ^"));
  EXPECT_THAT(refusal("SELECT 'é' FORM runs"), HasSubstr("\n  SELECT 'é' FORM runs\n  "
                                                         "                ^"));
}

TEST_F(Queries, NameTheNearestColumnOrTable) {
  EXPECT_THAT(refusal("SELECT * FROM runz"),
              HasSubstr("did you mean 'runs'?\n  SELECT * FROM runz\n"
                        "                ^"));
  EXPECT_THAT(refusal("SELECT r.statu FROM runs r"), HasSubstr("did you mean 'status'?"));
  EXPECT_THAT(refusal("SELECT \"optimizer.lrr\" FROM rate_sweep"),
              HasSubstr("did you mean 'optimizer.lr'?"));
}

TEST_F(Queries, DistinguishDoubleQuotesFromSingleOnes) {
  EXPECT_THAT(refusal("SELECT optimizer.lr FROM rate_sweep"),
              HasSubstr("written in double quotes: \"optimizer.lr\""));
  EXPECT_THAT(refusal("SELECT * FROM runs WHERE status = \"diverged\""),
              HasSubstr("text is written in single quotes: 'diverged'"));
}

TEST_F(Queries, SayWhichTablesAnAmbiguousColumnMayBeOf) {
  EXPECT_THAT(refusal("SELECT value FROM curves JOIN weights USING (run_id)"),
              HasSubstr("ambiguous column name: value; it is a column of curves and weights: write "
                        "the table, or its alias, before it, as in curves.value\n"));
  EXPECT_THAT(
      refusal("SELECT point_id FROM runs a JOIN runs b ON a.replicate = b.replicate"),
      HasSubstr("more than one joined table has it, runs among them: write an alias before it\n"));
  EXPECT_THAT(refusal("SELECT \"optimizer.lr\" FROM rate_sweep JOIN swept_values USING (point_id) "
                      "JOIN (SELECT point_id, 1 AS \"optimizer.lr\" FROM runs) USING (point_id)"),
              HasSubstr("more than one joined table has it, rate_sweep among them"));
}

TEST_F(Queries, RefuseWhatWrites) {
  for (const std::string sql : {"INSERT INTO metrics VALUES (999, 'x', 'x', 'lower')",
                                "UPDATE runs SET status = 'done'",
                                "DELETE FROM runs",
                                "DROP TABLE runs",
                                "CREATE TABLE t (x)",
                                "CREATE TEMP TABLE t (x)",
                                "CREATE VIEW v AS SELECT 1",
                                "ATTACH 'other.db' AS o",
                                "DETACH main",
                                "VACUUM",
                                "VACUUM INTO 'copy.db'",
                                "PRAGMA user_version = 7",
                                "PRAGMA journal_mode = DELETE",
                                "PRAGMA query_only = 0",
                                "PRAGMA writable_schema = 1",
                                "BEGIN",
                                "SAVEPOINT s",
                                "ANALYZE",
                                "REINDEX",
                                "SELECT load_extension('x')",
                                "WITH d AS (SELECT 1) DELETE FROM runs WHERE run_id IN d"})
    EXPECT_THAT(refusal(sql), HasSubstr("descent sql only reads")) << sql;
  EXPECT_THAT(refusal("INSERT INTO metrics VALUES (999, 'x', 'x', 'lower')"),
              HasSubstr("INSERT is refused"));
  EXPECT_THAT(refusal("DROP VIEW results"), HasSubstr("a change of the schema is refused"));
  EXPECT_THAT(refusal("ATTACH 'other.db' AS o"), HasSubstr("ATTACH is refused"));
  EXPECT_FALSE(std::filesystem::exists("copy.db"));
  EXPECT_THAT(table("SELECT count(*) AS n FROM runs"), HasSubstr("40"));
}

TEST_F(Queries, RefuseASecondStatement) {
  EXPECT_THAT(refusal("SELECT 1; DROP TABLE runs"), HasSubstr("only reads"));
  EXPECT_THAT(refusal("SELECT 1; SELECT 2"), HasSubstr("one query at a time"));
  EXPECT_THAT(refusal("SELECT 1 AS a; -- that is all\n ; "), HasSubstr("gave "));
  EXPECT_THAT(refusal("SELECT 1; SELEC 2"), HasSubstr("\n  SELECT 1; SELEC 2\n            ^"));
  EXPECT_THAT(refusal(" -- nothing"), HasSubstr("the query is empty"));
}

TEST_F(Queries, ReportAnErrorThatComesWithARow) {
  EXPECT_THAT(refusal("SELECT json_extract(reason, '$.x') FROM runs ORDER BY reason DESC"),
              HasSubstr("malformed JSON"));
}

TEST_F(Queries, DescribeTheSchema) {
  EXPECT_THAT(table("PRAGMA table_info(runs)"), HasSubstr("last_finite_loss"));
  EXPECT_THAT(table("PRAGMA user_version"), HasSubstr(std::to_string(store::schema_version)));
  EXPECT_THAT(table("SELECT name FROM pragma_table_info('weights')"), HasSubstr("col"));
}

TEST_F(Queries, SeeWhatAWriterCommittedMeanwhile) {
  auto store = store::Store::open(file());
  auto reader = store::Reader::open(file());
  const auto count = [&] {
    auto rows = reader.query("SELECT count(*) FROM runs");
    std::vector<store::Value> row;
    EXPECT_TRUE(rows.next(row));
    return std::get<std::int64_t>(row[0]);
  };
  {
    store::Store::Transaction transaction(store);
    store.forget(1);
    EXPECT_EQ(count(), 40);
    transaction.commit();
  }
  EXPECT_EQ(count(), 30);
}

}  // namespace
}  // namespace descent
