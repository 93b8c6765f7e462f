// SPDX-License-Identifier: MIT
// Asking a real grid in which some runs fail: listing, views, export, the summary, and what a query
// must not do.
#include <unistd.h>

#include <cmath>
#include <csignal>

#include "cli/desk.h"
#include "paths.h"

namespace descent {
namespace {

// Three optimizers on two widths; sgd at 1e6 diverges.
const std::string grid = R"(experiment: race
description: who is fast, who fails
seed: 3
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 20, test: 10}}
model: {layers: [{linear: {grid: [2, 3]}}, {linear: 1}]}
loss: mse
optimizer: {grid: [{sgd: {lr: {grid: [0.05, 1000000]}}}, {adam: {lr: 0.1}}, {rmsprop: {lr: 0.02}}]}
train: {epochs: 20}
replicates: 4
record: {every: 2}
)";

class Asking : public Desk {
 protected:
  void SetUp() override {
    write("race.yaml", grid);
    const auto result = descent({"run", "race.yaml", "--db", "race.db"});
    ASSERT_EQ(result.code, 1) << result.err << result.out;
  }
  nlohmann::json ask(const std::string& sql) const {
    const auto result = descent({"sql", "race.db", sql, "--format", "json"});
    EXPECT_EQ(result.code, 0) << result.err;
    return result.code == 0 ? nlohmann::json::parse(result.out) : nlohmann::json();
  }
};

TEST_F(Asking, ViewsAnswerARealGrid) {
  const auto board = ask("SELECT * FROM leaderboard");
  ASSERT_EQ(board.size(), 8u);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(board[i]["mean"].is_null(), i >= 6) << i;
  EXPECT_EQ(ask("SELECT count(*) AS n FROM failures")[0]["n"], 8);
  EXPECT_EQ(ask("SELECT DISTINCT point LIKE '%1000000%' AS y FROM failures"),
            nlohmann::json::parse(R"([{"y": 1}])"));
  EXPECT_EQ(ask("SELECT value FROM best_per WHERE path = 'optimizer'").size(), 3u);
  EXPECT_EQ(ask("SELECT * FROM sensitivity WHERE path = 'optimizer.lr' AND of = 'sgd'").size(), 2u);
  EXPECT_EQ(
      ask("SELECT * FROM pairwise WHERE path = 'optimizer' AND points = 2 AND pairs = 8").size(),
      3u);
  // Eight problems; rho grows with tau, and somebody is the best on each that is solved.
  const auto profile =
      ask("SELECT optimizer, tau, rho, solved, problems FROM performance_profile "
          "WHERE metric = 'train_loss' AND tolerance = 0.1 AND cost = 'steps' "
          "ORDER BY optimizer, tau");
  double before = 0;
  for (std::size_t i = 0; i < profile.size(); ++i) {
    EXPECT_EQ(profile[i]["problems"], 8);
    EXPECT_NEAR(profile[i]["rho"].get<double>(), profile[i]["solved"].get<double>() / 8, 1e-15);
    if (i > 0 && profile[i]["optimizer"] == profile[i - 1]["optimizer"]) {
      EXPECT_GE(profile[i]["rho"].get<double>(), before);
    }
    before = profile[i]["rho"].get<double>();
  }
  EXPECT_GE(ask("SELECT sum(solved) AS n FROM performance_profile WHERE metric = 'train_loss' AND "
                "tolerance = 0.1 AND tau = 1")[0]["n"]
                .get<int>(),
            8);
  // Every run is in the race, and no failed one arrives.
  EXPECT_EQ(ask("SELECT count(*) AS n, count(epoch) FILTER (WHERE status <> 'done') AS failed FROM "
                "time_to_target WHERE metric = 'test_loss' AND tolerance = 0.01")[0],
            nlohmann::json::parse(R"({"n": 32, "failed": 0})"));
}

TEST_F(Asking, ListSaysWhatThereIsToAsk) {
  const auto text = descent({"sql", "race.db", "--list"});
  EXPECT_EQ(text.code, 0);
  for (const std::string part :
       {"view leaderboard", "table runs", "view race", "function median(x)", "  example: SELECT"})
    EXPECT_TRUE(contains(text.out, part)) << part;
  const auto list =
      nlohmann::json::parse(descent({"sql", "race.db", "--list", "--format", "json"}).out);
  for (const auto& one : list) {
    EXPECT_NE(one["meaning"], "") << one["name"];
    if (one["kind"] == "function") continue;
    EXPECT_EQ(descent({"sql", "race.db", one["example"]}).code, 0) << one["example"];
  }
  EXPECT_TRUE(descent({"sql", "race.db", "--list", "--format", "csv"})
                  .out.starts_with("kind,name,column,meaning\r\n"));
}

TEST_F(Asking, ExportsNumbersThatReadBackAsTheSame) {
  const auto exported = [&](const std::string& view) {
    return descent({"export", "race.db", "--format", "json", "--view", view}).out;
  };
  EXPECT_EQ(nlohmann::json::parse(exported("scores")), ask("SELECT * FROM scores"));
  // Losses of runs that diverged are infinite, which this reader does not take.
  EXPECT_EQ(exported("runs"),
            descent({"sql", "race.db", "SELECT * FROM runs", "--format", "json"}).out);
  const auto csv = descent({"export", "race.db", "--experiment", "race"}).out;
  EXPECT_TRUE(csv.starts_with("experiment,point_id,"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 9);
  EXPECT_TRUE(descent({"export", "race.db", "--format", "markdown"}).out.starts_with("| "));
}

TEST_F(Asking, ExportsOneExperimentOfAnyView) {
  for (const std::string view : {"runs", "curves", "points", "leaderboard", "experiments"})
    EXPECT_GT(descent({"export", "race.db", "--view", view, "--experiment", "race"}).out.size(),
              60u)
        << view;
  // It has a header at least, and is not said to belong to no experiment.
  EXPECT_TRUE(descent({"export", "race.db", "--view", "contrast_rows", "--experiment", "race"})
                  .out.starts_with("family_id,"));
  auto result = descent({"export", "race.db", "--experiment", "rase"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(contains(result.err, "did you mean 'race'?")) << result.err;
  result = descent({"export", "race.db", "--view", "leaderbord"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(contains(result.err, "did you mean 'leaderboard'?")) << result.err;
  result = descent({"export", "race.db", "--view", "metrics", "--experiment", "race"});
  EXPECT_TRUE(contains(result.err, "belong to no experiment")) << result.err;
}

TEST_F(Asking, ExportReplacesNothingUnasked) {
  const Words to_file{"export", "race.db", "--output", "out.csv"};
  EXPECT_EQ(descent(to_file).code, 0);
  const auto again = descent(to_file);
  EXPECT_EQ(again.code, 2);
  EXPECT_TRUE(contains(again.err, "out.csv: error: already exists; use --force")) << again.err;
  EXPECT_EQ(descent({"export", "race.db", "--output", "out.csv", "--force"}).code, 0);
  // A symbolic link is not written through, with --force it is replaced.
  write("kept", "kept");
  ASSERT_EQ(symlink("kept", path("link").c_str()), 0);
  EXPECT_EQ(descent({"export", "race.db", "--output", "link"}).code, 2);
  EXPECT_EQ(descent({"export", "race.db", "--output", "link", "--force"}).code, 0);
  EXPECT_FALSE(std::filesystem::is_symlink(path("link")));
  EXPECT_EQ(std::filesystem::file_size(path("kept")), 4u);
  EXPECT_EQ(descent({"export", "race.db", "--output", "no/such/out.csv"}).code, 2);
}

TEST_F(Asking, ExportsLatexThatCompiles) {
  ASSERT_EQ(descent({"export", "race.db", "--format", "latex", "--caption", "100 % of _all_",
                     "--output", "table.tex"})
                .code,
            0);
  std::ifstream file(path("table.tex"));
  const std::string table{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(contains(table, "\\pm")) << table;
  EXPECT_TRUE(contains(table, "max\\_replicate\\_share")) << table;
  if (!is_there("pdflatex")) GTEST_SKIP() << "pdflatex is not there";
  write("page.tex",
        "\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n\\input{table}"
        "\n\\end{document}\n");
  const auto made = here("pdflatex -interaction=nonstopmode -halt-on-error page.tex");
  EXPECT_EQ(made.code, 0) << made.text;
}

TEST_F(Asking, ShowSummarisesTheStore) {
  const auto result = descent({"show", "race.db"});
  EXPECT_EQ(result.code, 0) << result.err;
  for (const std::string part : {"race.db: ", "schema 1", "1 invocation;", "descent run race.yaml",
                                 "experiment", "diverged"})
    EXPECT_TRUE(contains(result.out, part)) << part << "\n" << result.out;
}

TEST_F(Asking, ShowDrawsAnExperiment) {
  auto ask_show =
      invocation({"show", "race.db", "race", "--metric", "train_loss", "--points", "3"});
  ask_show.environment = {{"LC_ALL", "C"}, {"COLUMNS", "70"}};
  const auto result = run(ask_show);
  EXPECT_EQ(result.code, 0) << result.err;
  for (const std::string part : {"race: who is fast", "optimizer.lr", "4/4", "... 5 more points",
                                 "train_loss by epoch", "o point "})
    EXPECT_TRUE(contains(result.out, part)) << part << "\n" << result.out;
  EXPECT_EQ(run(ask_show).out, result.out);
  ask_show.environment["LC_ALL"] = "C.UTF-8";
  EXPECT_TRUE(contains(run(ask_show).out, "●"));
  const auto wrong = descent({"show", "race.db", "rcae"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_TRUE(contains(wrong.err, "did you mean 'race'?")) << wrong.err;
  EXPECT_TRUE(contains(descent({"show", "race.db", "race", "--metric", "train_los"}).err,
                       "did you mean 'train_loss'?"));
  EXPECT_EQ(descent({"show", "absent.db"}).code, 3);
}

// A Python that has pandas; "" when there is none.
std::string python() {
  for (const std::string program : {"python3", "/usr/bin/python3"})
    if (shell(program + " -c 'import pandas'").code == 0) return program;
  return "";
}

TEST_F(Asking, ThePandasExampleOfThePageRuns) {
  std::ifstream file(descent::source_path("docs/results.md"));
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::string open = "```python\n";
  const auto begin = page.find(open);
  ASSERT_NE(begin, page.npos);
  const auto start = begin + open.size();
  write("example.py", page.substr(start, page.find("```", start) - start));
  const auto with_pandas = python();
  if (with_pandas.empty()) GTEST_SKIP() << "python3-pandas is not there";
  std::filesystem::copy_file(path("race.db"), path("results.db"));
  const auto [code, text] = here(with_pandas + " example.py");
  EXPECT_EQ(code, 0);
  EXPECT_TRUE(contains(text, "rmsprop")) << text;
  EXPECT_TRUE(contains(text, "diverged")) << text;
}

TEST_F(Asking, QueriesComeFromStandardInput) {
  const auto [code, text] = here("echo 'SELECT count(*) AS n FROM points' | " + program() +
                                 " sql race.db - --format csv");
  EXPECT_EQ(code, 0);
  EXPECT_EQ(text, "n\r\n8\r\n");
}

TEST_F(Asking, WhatReachesOutOfTheStoreIsRefused) {
  write("secret", "secret");
  for (const std::string sql :
       {"ATTACH 'other.db' AS o", "VACUUM INTO 'copy.db'", "PRAGMA writable_schema = 1",
        "PRAGMA temp_store_directory = '.'", "PRAGMA data_store_directory = '.'",
        "SELECT load_extension('x')", "SELECT readfile('secret')", "SELECT writefile('x', 'y')",
        "SELECT edit('x')", "SELECT fts3_tokenizer('simple')",
        "CREATE VIRTUAL TABLE temp.t USING fts5(x)", ".load x", ".shell ls",
        "INSERT INTO provenance VALUES (9, 'a', 'b')", "DELETE FROM best_per",
        "SELECT * FROM pragma_journal_mode('delete')"}) {
    const auto result = descent({"sql", "race.db", sql});
    EXPECT_EQ(result.code, 2) << sql << result.out;
    EXPECT_FALSE(contains(result.out, "secret")) << sql;
  }
  for (const auto* file : {"other.db", "copy.db", "x"})
    EXPECT_FALSE(std::filesystem::exists(path(file))) << file;
}

TEST_F(Asking, AnEndlessQueryEndsWithControlC) {
  std::signal(SIGINT, SIG_DFL);  // a shell that runs this in the background had it ignored
  Process process(invocation({"sql", "race.db",
                              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                              "SELECT count(*) FROM n"}));
  usleep(200'000);
  process.press_control_c();
  const auto result = process.wait();
  EXPECT_EQ(result.code, 130);
  EXPECT_EQ(result.out, "");
}

}  // namespace
}  // namespace descent
