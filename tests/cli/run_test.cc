// SPDX-License-Identifier: MIT
// descent run: what it trains, what it prints and where, and how it ends.
#include <cmath>
#include <sstream>

#include "cli/desk.h"

namespace descent {
namespace {

using RunCommand = Desk;
using nlohmann::json;

// Long enough that a progress line would be drawn several times.
const std::string half_a_second = R"(experiment: long
data: {synthetic: {function: sin(6*x), x: {uniform: [0, 1]}, noise: {normal: 0.1}, train: 200, test: 50}}
model: {layers: [{linear: 16}, tanh, {linear: 1}]}
loss: mse
optimizer: adam
train: {epochs: 100, batch: 20}
replicates: 150
)";

TEST_F(RunCommand, SaysWhatItTrainedAndShowsTheGrid) {
  write("small.yaml", small_experiment);
  const auto result = descent({"run", "small.yaml", "--db", "a.db"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.err, "");
  EXPECT_TRUE(contains(result.out, "2 points, 6 runs: 0 stored before, 6 trained in "))
      << result.out;
  EXPECT_TRUE(contains(result.out, "(6 done) -> a.db"));
  EXPECT_TRUE(contains(result.out, "small-grid: two ways down"));
  EXPECT_TRUE(contains(result.out, "optimizer.lr"));
  EXPECT_TRUE(contains(result.out, "3/3"));
}

TEST_F(RunCommand, OfASinglePointShowsItsCurve) {
  write("one.yaml", small_experiment);
  const auto result = descent({"run", "one.yaml", "--db", "a.db", "--set", "optimizer=sgd", "--set",
                               "record.weights=true"});
  EXPECT_EQ(result.code, 0);
  EXPECT_TRUE(contains(result.out, "epoch  train_loss  test_loss")) << result.out;
  EXPECT_TRUE(contains(result.out, "linear0.weight[0,0]")) << result.out;
}

TEST_F(RunCommand, ShowsOneLabelInsteadOfManyPathsThatMoveTogether) {
  write("wide.yaml", R"(experiment: wide
data:
  synthetic:
    {function: 5*x + 7, x: {uniform: [0, 1]}, train: {grid: [16, 32], zip: z}, test: {grid: [16, 32], zip: z}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {sgd: {lr: {grid: [0.01, 0.02], zip: z}, momentum: {grid: [0.5, 0.9], zip: z}}}
train: {epochs: {grid: [2, 3], zip: z}, batch: {grid: [4, 8], zip: z}}
replicates: 2
)");
  const auto run = descent({"run", "wide.yaml", "--db", "a.db"});
  ASSERT_EQ(run.code, 0) << run.err;
  for (const auto& shown : {run, descent({"show", "a.db", "wide"})}) {
    EXPECT_TRUE(contains(shown.out, "train=32 ")) << shown.out;
    EXPECT_FALSE(contains(shown.out, "momentum")) << shown.out;
  }
}

// A mean squared error and a mean absolute error have different units.
TEST_F(RunCommand, PrintsOnlyLossesOfOneUnitUnderOneHeading) {
  write("small.yaml", small_experiment);
  const auto run =
      descent({"run", "small.yaml", "--db", "a.db", "--set", "loss={grid: [mse, l1]}"});
  const auto show = descent({"show", "a.db", "small-grid"});
  for (const auto& out : {run.out, show.out}) {
    const auto mse = out.find("\nloss=mse:\n"), l1 = out.find("\nloss=l1:\n");
    ASSERT_TRUE(mse != out.npos && l1 != out.npos) << out;
    const auto table = mse < l1 ? out.substr(mse + 11, l1 - mse - 11)
                                : out.substr(mse + 11, out.find("+-:") - mse);
    EXPECT_TRUE(contains(table, " mse ") || contains(table, "mse  ")) << table;
    EXPECT_FALSE(contains(table, "l1")) << table;
  }
  EXPECT_FALSE(contains(descent({"run", "small.yaml", "--db", "b.db"}).out, "loss="));
}

// A file may be called anything; a terminal reads escape sequences and does what they say.
TEST_F(RunCommand, AndShowPrintHeadingsWithoutControlCharacters) {
  write("a.csv", "x,y\n0,1\n1,3\n");
  write("\033[31mb.csv", "x,y\n0,1\n1,3\n");
  write("two.yaml",
        "experiment: two-files\n"
        "data: {csv: {path: {grid: [a.csv, \"\\e[31mb.csv\"]}, target: y}}\n"
        "model: {layers: [{linear: 1}]}\nloss: mse\noptimizer: exact\n");
  const auto run = descent({"run", "two.yaml"}),
             show = descent({"show", "results.db", "two-files"});
  for (const auto& result : {run, show}) {
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_TRUE(contains(result.out, "data.csv.path=\\x1b[31mb.csv:\n")) << result.out;
    EXPECT_FALSE(contains(result.out, "\033"));
  }
}

// sum(x^2) - sum(x) mean(x) keeps no digit of a spread of 0.02 about 1e9.
TEST_F(RunCommand, ShowsTheSpreadOfLargeWeights) {
  write("large.yaml", R"(experiment: large-weights
dtype: float64
data: {synthetic: {function: 5*x + 1000000000, x: {uniform: [0, 1]}, noise: {normal: 0.1}, train: 30}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: exact
replicates: 20
record: {weights: true}
)");
  const auto result = descent({"run", "large.yaml"});
  EXPECT_EQ(result.code, 0) << result.err;
  const auto rows =
      descent({"sql", "results.db", "SELECT value FROM weights WHERE name LIKE '%bias%'",
               "--format", "csv"});
  std::istringstream lines(rows.out);
  std::string line;
  std::vector<double> above;  // a billion
  std::getline(lines, line);
  while (std::getline(lines, line)) above.push_back(std::stod(line) - 1e9);
  ASSERT_EQ(above.size(), 20u);
  double mean = 0, squares = 0;
  for (const double x : above) mean += x / 20;
  for (const double x : above) squares += (x - mean) * (x - mean);
  EXPECT_GT(squares, 0);
  const auto row = result.out.substr(result.out.find("bias[0,0]"));
  EXPECT_NEAR(std::stod(row.substr(row.rfind(' ', row.find('\n')))), std::sqrt(squares / 19), 1e-6)
      << result.out;
}

TEST_F(RunCommand, SaysWhyRunsDivergedAndWhatHelps) {
  write("one.yaml", small_experiment);
  const Words run{"run", "one.yaml", "--db", "a.db", "--set", "optimizer={sgd: {lr: 1e6}}"};
  const auto result = descent(run);
  EXPECT_EQ(result.code, 1);
  EXPECT_TRUE(contains(result.out, "diverged: 3 runs; the first is run 1000000: the "))
      << result.out;
  EXPECT_TRUE(contains(result.out,
                       "what usually helps: a smaller optimizer.lr, features: standardize, "
                       "train.clip_norm: 1, dtype: float64"))
      << result.out;
  EXPECT_FALSE(contains(result.out, "train_loss  test_loss")) << result.out;
  EXPECT_TRUE(contains(descent({"run", "one.yaml", "--db", "b.db", "--set",
                                "optimizer={sgd: {lr: 1e6}}", "--set", "replicates=1"})
                           .out,
                       "\ndiverged: run 1000000: the "));
  auto wide = run;
  wide.insert(wide.end(), {"--set", "dtype=float64", "--set", "features=standardize", "--set",
                           "train.epochs=100"});
  EXPECT_TRUE(contains(descent(wide).out, "helps: a smaller optimizer.lr, train.clip_norm: 1\n"));
}

TEST_F(RunCommand, AndPlanPrintWhatIsOdd) {
  write("odd.yaml", small_experiment);
  const Words odd{"odd.yaml",
                  "--db",
                  "a.db",
                  "--set",
                  "loss=gaussian_nll",
                  "--set",
                  "model={layers: [{linear: auto}]}"};
  for (const std::string command : {"plan", "run"}) {
    Words words{command};
    words.insert(words.end(), odd.begin(), odd.end());
    EXPECT_TRUE(contains(descent(words).err, "warning: loss 'gaussian_nll' reads means and var"));
    words.push_back("--json");
    EXPECT_EQ(json::parse(descent(words).out).at("warnings").size(), 1u);
  }
  EXPECT_TRUE(contains(descent({"sql", "a.db", "SELECT text FROM warnings"}).out, "log_variance"));
  EXPECT_TRUE(contains(descent({"show", "a.db", "small-grid"}).out, ": warning: loss 'gaussian"));
}

TEST_F(RunCommand, StoresInResultsDbByDefault) {
  write("small.yaml", small_experiment);
  EXPECT_EQ(descent({"run", "small.yaml"}).code, 0);
  EXPECT_TRUE(std::filesystem::exists(path("results.db")));
}

TEST_F(RunCommand, TrainsOnlyWhatIsMissing) {
  run_small();
  auto again = json::parse(descent({"run", "small.yaml", "--db", "small.db", "--json"}).out);
  EXPECT_EQ(again["stored"], 6);
  EXPECT_EQ(again["trained"], 0);
  const auto more = descent({"run", "small.yaml", "--db", "small.db", "--json", "--set",
                             "optimizer={grid: [{sgd: {lr: 0.1}}, adam, rmsprop]}"});
  again = json::parse(more.out);
  EXPECT_EQ(again["points"], 3);
  EXPECT_EQ(again["stored"], 6);
  EXPECT_EQ(again["trained"], 3);
  again = json::parse(descent({"run", "small.yaml", "--db", "small.db", "--json", "--fresh"}).out);
  EXPECT_EQ(again["trained"], 6);
}

TEST_F(RunCommand, PrintsItsSummaryAsJsonAndNothingElse) {
  write("small.yaml", small_experiment);
  const auto result = descent({"run", "small.yaml", "--db", "a.db", "--json"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.err, "");
  const auto summary = json::parse(result.out);
  EXPECT_EQ(summary["database"], "a.db");
  EXPECT_EQ(summary["experiments"], json::parse(R"([{"name": "small-grid", "points": 2}])"));
  EXPECT_EQ(summary["runs"], 6);
  EXPECT_EQ(summary["done"], 6);
  EXPECT_EQ(summary["trained"], 6);
  EXPECT_EQ(summary["stored"], 0);
  EXPECT_EQ(summary["interrupted"], false);
  EXPECT_GE(summary["seconds"], 0);
  for (const std::string status : {"diverged", "failed", "timeout", "crashed"})
    EXPECT_EQ(summary[status], 0) << status;
}

TEST_F(RunCommand, QuietPrintsNothing) {
  write("small.yaml", small_experiment);
  for (const std::string option : {"--quiet", "-q"}) {
    const auto result = descent({"run", "small.yaml", "--db", "a.db", option});
    EXPECT_EQ(result.code, 0);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "");
  }
}

TEST_F(RunCommand, TakesSeveralFiles) {
  write("a.yaml", small_experiment);
  write("b.yaml", half_a_second);
  const auto result = descent({"run", "a.yaml", "b.yaml", "--json", "--set", "replicates=2"});
  EXPECT_EQ(result.code, 0) << result.err;
  const auto summary = json::parse(result.out);
  EXPECT_EQ(summary["points"], 3);
  EXPECT_EQ(summary["done"], 6);
  EXPECT_EQ(summary["experiments"].size(), 2u);
}

TEST_F(RunCommand, ShowsProgressOnATerminal) {
  write("long.yaml", half_a_second);
  if (!terminals_can_be_opened()) GTEST_SKIP() << "no pseudo-terminals here";
  auto on_terminal = invocation({"run", "long.yaml", "--workers", "1"});
  on_terminal.terminal = true;
  const auto result = run(on_terminal);
  EXPECT_EQ(result.code, 0);
  EXPECT_TRUE(contains(result.err, "/150 runs  ")) << result.err;
  EXPECT_TRUE(contains(result.err, " runs/s  ")) << result.err;
  EXPECT_TRUE(contains(result.err, " left  0 failed")) << result.err;
  EXPECT_TRUE(result.err.ends_with("\r\033[K")) << "the line is wiped at the end";
  EXPECT_FALSE(contains(result.out, "runs/s"));
}

TEST_F(RunCommand, ShowsNoProgressOnAPipeOrWhenQuiet) {
  write("long.yaml", half_a_second);
  const auto piped = descent({"run", "long.yaml", "--workers", "1"});
  EXPECT_EQ(piped.err, "");
  EXPECT_FALSE(contains(piped.out, "runs/s"));
  if (!terminals_can_be_opened()) GTEST_SKIP() << "no pseudo-terminals here";
  for (const std::string option : {"--quiet", "--json"}) {
    auto on_terminal = invocation({"run", "long.yaml", "--workers", "1", "--fresh", option});
    on_terminal.terminal = true;
    EXPECT_EQ(run(on_terminal).err, "");
  }
}

TEST_F(RunCommand, WithRunsThatBreakEndsWithOneAndKeepsTheOthers) {
  write("broken.yaml", small_experiment);
  const auto result = descent({"run", "broken.yaml", "--plugins", test_plugins(), "--json", "--set",
                               "optimizer={grid: [sgd, exits, throws, returns_nan, segfaults]}"});
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.err, "");
  const auto summary = json::parse(result.out);
  EXPECT_EQ(summary["done"], 3);
  EXPECT_EQ(summary["crashed"], 6);
  EXPECT_EQ(summary["failed"], 3);
  EXPECT_EQ(summary["diverged"], 3);
  const auto again = descent({"run", "broken.yaml", "--plugins", test_plugins(), "--set",
                              "optimizer={grid: [sgd, exits, throws, returns_nan, segfaults]}"});
  EXPECT_EQ(again.code, 1) << "stored, but not done";
  EXPECT_TRUE(contains(again.out, "15 stored before, 0 trained")) << again.out;
}

TEST_F(RunCommand, ChecksTheNumberOfWorkers) {
  write("small.yaml", small_experiment);
  for (const std::string workers : {"-1", "two", "1.5"}) {
    const auto result = descent({"run", "small.yaml", "--workers", workers});
    EXPECT_EQ(result.code, 2) << workers;
    EXPECT_TRUE(contains(result.err, "--workers")) << result.err;
  }
  EXPECT_EQ(descent({"run", "small.yaml", "--workers", "64"}).code, 0);
}

}  // namespace
}  // namespace descent
