// SPDX-License-Identifier: MIT
// Pictures of any query, those that an experiment's file asks for, and the names of all.
#include "report/query_picture.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "folder.h"
#include "report/all_figures.h"
#include "report/own_pictures.h"
#include "store/store.h"

namespace descent::report {
namespace {

class QueryPictures : public testing::Test {
 protected:
  store::Reader reader(const std::string& report = "[]") {
    auto store = store::Store::open(folder_.path("a.db"));
    store.register_experiment({"race", "", "race.yaml", "", {}, report});
    return store::Reader::open(folder_.path("a.db"));
  }

  std::string message(const std::string& sql, const std::string& mark = "") {
    auto store = reader();
    try {
      picture_of(store, {"", sql, mark, ""}, renderer_);
    } catch (const Error& error) {
      return error.problems().front().text;
    }
    return "";
  }

  Folder folder_;
  Renderer renderer_;
};

TEST_F(QueryPictures, LabelsAxesWithWhatTheQueryRenames) {
  auto store = reader();
  const auto picture = picture_of(store,
                                  {"",
                                   "WITH v AS (SELECT 1 AS \"optimizer.lr\", 2 AS loss) SELECT "
                                   "v.\"optimizer.lr\" AS x, loss FROM v",
                                   "", ""},
                                  renderer_);
  EXPECT_EQ(picture.mark, "line");
  EXPECT_EQ(picture.x.label, "optimizer.lr");
  EXPECT_EQ(picture.y.label, "loss");
  EXPECT_EQ(picture.rows, (std::vector<Row>{{std::int64_t{1}, std::int64_t{2}}}));
}

// The alias says more than the last word of what is computed.
TEST_F(QueryPictures, LabelsAxesOfWhatTheQueryComputesWithTheAlias) {
  auto store = reader();
  const auto label = [&](const std::string& column) {
    return picture_of(
               store,
               {"", "WITH v AS (SELECT 1 AS lr, 2 AS loss) SELECT lr AS x, " + column + " FROM v",
                "", ""},
               renderer_)
        .y.label;
  };
  EXPECT_EQ(label("-loss AS gain"), "gain");
  EXPECT_EQ(label("100*loss AS percent"), "percent");
  EXPECT_EQ(label("loss*1e6 AS ppm"), "ppm");
  EXPECT_EQ(label("loss AS error"), "loss");
}

TEST_F(QueryPictures, NamesTheAxesOfAHeatMapAndItsColor) {
  auto store = reader();
  const auto picture = picture_of(
      store,
      {"", "WITH v AS (SELECT 1 AS a, 2 AS b, 3 AS c) SELECT a AS x, b AS y, c AS z FROM v", "",
       ""},
      renderer_);
  EXPECT_EQ(picture.mark, "heat");
  EXPECT_EQ(picture.x.label + picture.y.label + picture.z, "abc");
}

TEST_F(QueryPictures, RefusesWhatItCannotDraw) {
  EXPECT_EQ(message("SELECT 1 AS x, 2 AS loss", "rows"),
            "mark rows needs a column named label; the query has x, loss. Rename one with AS, for "
            "example x AS label");
  EXPECT_TRUE(message("SELECT a AS x, 2 AS loss").starts_with("SQL: no such column: a"))
      << message("SELECT a AS x, 2 AS loss");
  EXPECT_EQ(message("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x <= "
                    "100000) SELECT x, x AS y FROM n"),
            "the query has more than 100000 rows, more than a picture can show; aggregate with "
            "GROUP BY, or add LIMIT");
}

TEST_F(QueryPictures, AreThoseOfTheExperimentsFile) {
  auto store =
      reader(R"([{"title": "a", "sql": "SELECT 1 AS x, 2 AS loss", "mark": "scatter", "note": "n"},
                          {"title": "b", "sql": "SELECT c AS x, 2 AS loss", "mark": "", "note": ""}])");
  const auto figures = own_pictures(store, "race", renderer_);
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[0].at(0).title, "a");
  EXPECT_EQ(figures[0].at(0).mark, "scatter");
  EXPECT_EQ(figures[0].at(0).note, "n");
  EXPECT_EQ(figures[0].at(0).rows.size(), 1u);
  EXPECT_TRUE(figures[1].at(0).rows.empty());
  EXPECT_TRUE(figures[1].at(0).note.starts_with("The query fails. SQL: no such column: c"))
      << figures[1].at(0).note;
}

TEST(NamedPictures, HaveWordsThatAShellTakes) {
  Picture bias, loss, accuracy;
  bias.title = "Bias² and variance over lambda";
  loss.title = accuracy.title = "Learning curves";
  loss.view = "test loss";
  accuracy.view = "test accuracy";
  std::vector<std::string> names;
  for (const auto& [name, picture] :
       named_pictures({{bias}, {loss, accuracy}, {bias}, {Picture()}}))
    names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"bias2-and-variance-over-lambda", "learning-curves",
                                             "learning-curves/test-accuracy",
                                             "bias2-and-variance-over-lambda-2", "picture"}));
}

}  // namespace
}  // namespace descent::report
