// SPDX-License-Identifier: MIT
// descent plot: a query as a picture, in the terminal and in files; the key `report` of experiment
// files.
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "cli/desk.h"

namespace descent {
namespace {

class Plot : public Desk {
 protected:
  Plot() { run_small(); }

  std::string read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static bool has_converter() { return shell("command -v rsvg-convert").code == 0; }

  const std::string curves =
      "SELECT epoch AS x, point_id AS series, avg(value) AS loss FROM curves JOIN runs USING "
      "(run_id) WHERE metric = 'train_loss' GROUP BY 1, 2";
};

TEST_F(Plot, DrawsAQueryInTheTerminal) {
  auto asked = invocation({"plot", "small.db", curves});
  asked.environment = {{"LC_ALL", "C"}, {"COLUMNS", "60"}};
  const auto result = run(asked);
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "o 1\n")) << result.out;
  EXPECT_TRUE(contains(result.out, "x 2\n")) << result.out;
  EXPECT_TRUE(contains(result.out, "x: epoch\n")) << result.out;
}

TEST_F(Plot, PrintsATableOfWhatIsNoCurve) {
  const auto result =
      descent({"plot", "small.db", "SELECT point_id AS label, test_loss_mean FROM results"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "test_loss_mean")) << result.out;
}

TEST_F(Plot, ReadsTheQueryFromStandardInput) {
  const auto result =
      here("echo 'SELECT 1 AS x, 2 AS y' | " + program() + " plot small.db - -o a.svg");
  EXPECT_EQ(result.code, 0) << result.text;
  EXPECT_TRUE(read("a.svg").starts_with("<svg "));
}

TEST_F(Plot, WritesTheSameSvgTwice) {
  EXPECT_EQ(descent({"plot", "small.db", curves, "-o", "a.svg"}).code, 0);
  EXPECT_EQ(descent({"plot", "small.db", curves, "-o", "b.svg"}).code, 0);
  EXPECT_TRUE(read("a.svg").starts_with("<svg "));
  EXPECT_EQ(read("a.svg"), read("b.svg"));
}

TEST_F(Plot, IsAsWideAsTheColumnsOfAPaper) {
  EXPECT_EQ(descent({"plot", "small.db", curves, "-o", "a.svg", "--width", "column"}).code, 0);
  EXPECT_TRUE(contains(read("a.svg"), "width=\"336\""));
}

TEST_F(Plot, LabelsAxesWithWhatTheQueryRenames) {
  EXPECT_EQ(descent({"plot", "small.db", curves, "-o", "a.svg", "--y-label", "a < b"}).code, 0);
  EXPECT_TRUE(contains(read("a.svg"), ">epoch</text>")) << read("a.svg");
  EXPECT_TRUE(contains(read("a.svg"), ">a &lt; b")) << read("a.svg");
}

TEST_F(Plot, WritesAPdfAndItsLineForLatex) {
  if (!has_converter()) GTEST_SKIP() << "rsvg-convert is not there";
  const auto result = descent({"plot", "small.db", curves, "-o", "a.pdf", "--width", "column"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "\\includegraphics[width=\\columnwidth]{a.pdf}\n");
  EXPECT_TRUE(read("a.pdf").starts_with("%PDF-"));
  EXPECT_EQ(descent({"plot", "small.db", curves, "-o", "b.pdf", "--width", "column"}).code, 0);
  EXPECT_EQ(read("a.pdf"), read("b.pdf"));
}

TEST_F(Plot, WritesAPng) {
  if (!has_converter()) GTEST_SKIP() << "rsvg-convert is not there";
  EXPECT_EQ(descent({"plot", "small.db", curves, "-o", "a.png"}).code, 0);
  EXPECT_TRUE(read("a.png").starts_with("\x89PNG"));
}

TEST_F(Plot, NamesThePackageThatIsMissing) {
  auto asked = invocation({"plot", "small.db", curves, "-o", "a.pdf"});
  asked.environment = {{"PATH", "/nowhere"}};
  const auto result = run(asked);
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err,
            "a.pdf: error: a .pdf is made by rsvg-convert, which is not installed; install the "
            "package librsvg2-bin, or write a .svg\n");
  EXPECT_NE(access(path("a.pdf").c_str(), F_OK), 0);
}

TEST_F(Plot, RefusesLogarithmsOfNegativeNumbers) {
  for (const std::string axis : {"x", "y"}) {
    const std::string other = axis == "x" ? "y" : "x";
    const auto result =
        descent({"plot", "small.db", "SELECT -2 AS " + axis + ", 1 AS " + other, "--log", axis});
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(contains(result.err, "--log " + axis + ": column '" + axis + "' holds -2"))
        << result.err;
  }
}

TEST_F(Plot, ReplacesNothingUnasked) {
  write("a.svg", "kept");
  EXPECT_EQ(descent({"plot", "small.db", curves, "-o", "a.svg"}).code, 2);
  EXPECT_EQ(read("a.svg"), "kept");
  EXPECT_EQ(descent({"plot", "small.db", curves, "-o", "a.svg", "--force"}).code, 0);
}

TEST_F(Plot, SaysWhatIsWrongAndWhatIsValid) {
  const std::vector<std::pair<Words, std::string>> cases{
      {{"plot", "small.db"}, "see descent plot --help"},
      {{"plot", "small.db", curves, "-o", "a.jpg"},
       "a.jpg: error: '.jpg' is no ending of a picture; valid: .svg, .pdf, .png"},
      {{"plot", "small.db", curves, "--width", "wide", "-o", "a.svg"},
       "--width 'wide' is not known; valid: column (89 mm), page (182 mm)"},
      {{"plot", "small.db", curves, "--log", "z"}, "--log 'z' is no axis; valid: x, y, x,y, none"},
      {{"plot", "small.db", curves, "--mark", "pie"},
       "mark 'pie' is not known; it is one of line, rows, heat, scatter, steps, stack"},
      {{"plot", "small.db", "SELECT epoch, value FROM curves"},
       "mark line needs a column named x; the query has epoch, value. Rename one with AS, for "
       "example epoch AS x"},
      {{"plot", "small.db", "SELECT epoc AS x, value FROM curves"}, "no such column: epoc"},
      {{"plot", "small.db", "DROP TABLE runs"},
       "'DROP TABLE runs' is neither a query nor an experiment"},
  };
  for (const auto& [words, expected] : cases) {
    const auto result = descent(words);
    EXPECT_EQ(result.code, 2) << expected;
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(contains(result.err, expected)) << result.err;
  }
  EXPECT_EQ(descent({"plot", "absent.db", curves}).code, 3);
}

// The small experiment with pictures of its own.
std::string with_report(const std::string& report) {
  return small_experiment + "report: " + report + "\n";
}

TEST_F(Plot, ChecksOwnPicturesBeforeAnythingRuns) {
  const auto report =
      "[{title: curves, sql: 'SELECT epoch AS x, value FROM curves'}, {title: wrong, sql: SELECT "
      "epoc "
      "AS x FROM curves}, {title: bare, sql: SELECT point_id FROM small_grid}]";
  write("own.yaml", with_report(report));
  for (const std::string command : {"run", "plan"}) {
    const auto result = descent({command, "own.yaml", "--db", "own.db"});
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(contains(result.err, "report: 'wrong': SQL: no such column: epoc")) << result.err;
    EXPECT_TRUE(contains(result.err, "report: 'bare': mark line needs a column named x"))
        << result.err;
    EXPECT_TRUE(contains(result.err, "own.yaml:11:")) << result.err;
    EXPECT_FALSE(contains(result.err, "'curves'")) << result.err;
    EXPECT_NE(access(path("own.db").c_str(), F_OK), 0);
  }
}

TEST_F(Plot, StoresOwnPicturesWithoutTrainingAgain) {
  write("own.yaml", with_report("[{title: curves, sql: 'SELECT epoch AS x, value FROM curves', "
                                "mark: scatter, note: all runs}]"));
  EXPECT_EQ(descent({"run", "own.yaml", "--db", "small.db"}).code, 0);
  const auto runs = descent({"sql", "small.db", "SELECT count(*) FROM runs", "--format", "csv"});
  EXPECT_EQ(runs.out, "count(*)\r\n6\r\n");
  const auto stored =
      descent({"sql", "small.db", "SELECT report FROM experiments", "--format", "json"});
  const auto rows = nlohmann::json::parse(stored.out);
  EXPECT_EQ(
      nlohmann::json::parse(rows.at(0).at("report").get<std::string>()),
      nlohmann::json::parse(R"([{"title": "curves", "sql": "SELECT epoch AS x, value FROM curves",
                                       "mark": "scatter", "note": "all runs"}])"));
}

TEST_F(Plot, RefusesAnOwnPictureThatIsAnAxis) {
  write("own.yaml", with_report("[{title: {grid: [a, b]}, sql: SELECT 1 AS x}]"));
  const auto result = descent({"plan", "own.yaml"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(contains(result.err, "report cannot be an axis")) << result.err;
}

TEST_F(Plot, ListsThePicturesOfExperimentsAndDrawsOneByItsName) {
  write("own.yaml",
        with_report("[{title: All runs, sql: 'SELECT epoch AS x, value FROM curves'}]"));
  // Curves are drawn of more than three epochs.
  const Words every_second{"run", "own.yaml", "--db", "small.db", "--set", "record.every=2"};
  ASSERT_EQ(descent(every_second).code, 0);
  const auto listed = descent({"plot", "small.db", "--list"});
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_TRUE(contains(listed.out, "small-grid  learning-curves")) << listed.out;
  EXPECT_TRUE(contains(listed.out, "small-grid  all-runs")) << listed.out;
  EXPECT_EQ(descent({"plot", "small.db", "small-grid", "--list"}).out, listed.out);
  EXPECT_TRUE(contains(descent({"plot", "small.db", "small-grid", "all-runs"}).out, "All runs\n"));
  EXPECT_EQ(descent({"plot", "small.db", "small-grid", "learning-curves", "-o", "a.svg"}).code, 0);
  EXPECT_TRUE(contains(read("a.svg"), "Learning curves"));
}

TEST_F(Plot, SuggestsTheNearestExperimentAndPicture) {
  const auto experiment = descent({"plot", "small.db", "smal-grid"});
  EXPECT_EQ(experiment.code, 2);
  EXPECT_TRUE(contains(experiment.err,
                       "'smal-grid' is neither a query nor an experiment of this "
                       "store; did you mean 'small-grid'?"))
      << experiment.err;
  const auto picture = descent({"plot", "small.db", "small-grid", "data-and-fi"});
  EXPECT_EQ(picture.code, 2);
  EXPECT_TRUE(contains(picture.err, "did you mean 'data-and-fit'?")) << picture.err;
}

}  // namespace
}  // namespace descent
