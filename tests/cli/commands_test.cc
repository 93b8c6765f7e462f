// SPDX-License-Identifier: MIT
// descent plan, sql, plugins, merge and schema.
#include <algorithm>
#include <sstream>

#include "cli/desk.h"
#include "paths.h"
#include "store/dump.h"

namespace descent {
namespace {

using nlohmann::json;

using PlanCommand = Desk;

TEST_F(PlanCommand, SaysWhatWouldRunAndMakesNothing) {
  write("small.yaml", small_experiment);
  const auto result = descent({"plan", "small.yaml"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.err, "");
  std::istringstream lines(result.out);
  std::string head, row, accumulators, time;
  std::getline(lines, head);
  std::getline(lines, row);
  std::getline(lines, accumulators);
  std::getline(lines, time);
  std::istringstream words(row);
  std::string name;
  int points, runs, stored, fresh;
  words >> name >> points >> runs >> stored >> fresh;
  EXPECT_EQ(name, "small-grid");
  EXPECT_EQ(std::vector({points, runs, stored, fresh}), std::vector({2, 6, 0, 6}));
  EXPECT_TRUE(accumulators.starts_with("while running: up to ")) << accumulators;
  EXPECT_TRUE(time.starts_with("estimated time: ")) << time;
  EXPECT_FALSE(std::filesystem::exists(path("results.db")));
}

// Comparing each of them with a store would take an hour.
TEST_F(PlanCommand, OfABillionPointsSaysThatARunRefusesIt) {
  const auto store = run_small();
  const auto result = descent({"plan", "small.yaml", "--db", store, "--set",
                               "optimizer={sgd: {lr: {linspace: [0, 1, 1000000000]}}}"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, " 1000000000 3000000000 ")) << result.out;
  EXPECT_TRUE(
      contains(result.out, "descent run would refuse this: 1000000000 points are more than"));
  const auto refused = descent({"run", "small.yaml", "--db", "new.db", "--set",
                                "optimizer={sgd: {lr: {linspace: [0, 1, 1000000000]}}}"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_FALSE(std::filesystem::exists(path("new.db")));
}

TEST_F(PlanCommand, KnowsThatStagesAreOver) {
  write("staged.yaml", R"(experiment: staged
data: {synthetic: {function: 5*x, x: {uniform: [0, 1]}, noise: {normal: 0.1}, train: 20, test: 10, validation: 10}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {grid: [{sgd: {lr: {grid: [1.0e+5, 1.0e+6]}}}, {adam: {lr: {grid: [0.1, 0.2]}}}]}
train: {epochs: 50}
stages: {tune: 2, select: {per: optimizer, failures: worst, rule: worst}, rerun: 3}
)");
  const auto planned = [&] {
    return json::parse(descent({"plan", "staged.yaml", "--db", "a.db", "--json"}).out)
        .at("experiments")
        .at(1);
  };
  EXPECT_EQ(planned()["runs"], 6) << "one point of each optimizer at most";
  descent({"run", "staged.yaml", "--db", "a.db", "-q"});
  EXPECT_EQ(planned()["new"], 0);
}

TEST_F(PlanCommand, TriesSingleReplicatesOfBlocks) {
  run_small();
  const auto result =
      descent({"plan", "small.yaml", "--set", "replicates={count: 8, layout: nested, seeds: 4}"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "estimated time"));
}

TEST_F(PlanCommand, CountsWhatIsStored) {
  run_small();
  const auto plan = json::parse(descent({"plan", "small.yaml", "--db", "small.db", "--json"}).out);
  EXPECT_EQ(plan["experiments"],
            json::parse(R"([{"experiment": "small-grid", "points": 2, "runs": 6, "stored": 6,
                             "new": 0, "most_runs": 6, "points_failing_where": 0,
                             "points_repeating_draws": 0}])"));
  EXPECT_EQ(plan["estimated_seconds"], 0);
}

TEST_F(PlanCommand, ForetellsWhatARunTrains) {
  run_small();
  for (const std::string change :
       {"train.epochs=10", "replicates=5", "replicates=2", "optimizer={grid: [adam, rmsprop]}",
        "train.epochs=11", "data.synthetic.test=0"}) {
    SCOPED_TRACE(change);
    const auto with_change = [&](const std::string& command) {
      const auto result =
          descent({command, "small.yaml", "--db", "small.db", "--json", "--set", change});
      EXPECT_EQ(result.code, 0) << result.err;
      return json::parse(result.out);
    };
    const auto planned = with_change("plan"), trained = with_change("run");
    EXPECT_EQ(planned["experiments"][0]["new"], trained["trained"]);
    EXPECT_EQ(planned["experiments"][0]["stored"], trained["stored"]);
    EXPECT_EQ(with_change("plan")["experiments"][0]["new"], 0);
  }
}

TEST_F(PlanCommand, CountsAllRunsThatStandardErrorsCalledFor) {
  run_small();
  const auto with_until = [&](const std::string& command) {
    const auto result = descent({command, "small.yaml", "--db", "until.db", "--json", "--set",
                                 "replicates={until: {total_se: 0.01}, max: 400}"});
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out);
  };
  const auto before = with_until("plan")["experiments"][0];
  EXPECT_EQ(before["most_runs"], 800);
  const auto trained = with_until("run")["trained"];
  ASSERT_GT(trained, before["runs"]);
  const auto after = with_until("plan")["experiments"][0];
  EXPECT_EQ(after["runs"], trained);
  EXPECT_EQ(after["stored"], trained);
  EXPECT_EQ(after["most_runs"], trained);
}

using SqlCommand = Desk;

TEST_F(SqlCommand, PrintsEveryFormat) {
  run_small();
  const std::string query =
      "SELECT optimizer, done, \"optimizer.lr\" AS lr FROM small_grid ORDER BY point_id";
  const auto as = [&](const std::string& format) {
    const auto result = descent({"sql", "small.db", query, "--format", format});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return result.out;
  };
  EXPECT_EQ(as("csv"), "optimizer,done,lr\r\nsgd,3,0.1\r\nadam,3,0.001\r\n");
  EXPECT_EQ(json::parse(as("json")), json::parse(R"([{"optimizer": "sgd", "done": 3, "lr": 0.1},
                            {"optimizer": "adam", "done": 3, "lr": 0.001}])"));
  EXPECT_EQ(as("markdown"),
            "| optimizer | done |    lr |\n| --------- | ---: | ----: |\n"
            "| sgd       |    3 |   0.1 |\n| adam      |    3 | 0.001 |\n");
  EXPECT_EQ(as("table"),
            "optimizer  done     lr\n---------  ----  -----\nsgd           3    0.1\n"
            "adam          3  0.001\n");
  EXPECT_EQ(descent({"sql", "small.db", query}).out, as("table"));
}

TEST_F(SqlCommand, KnowsItsFormats) {
  const auto result = descent({"sql", run_small(), "SELECT 1", "--format", "xml"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(contains(result.err, "table, csv, json, markdown")) << result.err;
}

TEST_F(SqlCommand, RefusesWhateverWrites) {
  run_small();
  const auto before = store::dump(path("small.db"));
  for (const std::string query :
       {"DELETE FROM runs", "UPDATE runs SET train_loss = 0",
        "INSERT INTO metrics VALUES (999, 'x', 'x', 'lower')", "DROP TABLE runs",
        "CREATE TABLE t (x)", "ATTACH 'other.db' AS other", "VACUUM", "PRAGMA user_version = 7",
        "SELECT 1; DELETE FROM runs"}) {
    const auto result = descent({"sql", "small.db", query});
    EXPECT_EQ(result.code, 2) << query;
    EXPECT_EQ(result.out, "") << query;
    EXPECT_TRUE(result.err.starts_with("error: ")) << result.err;
  }
  EXPECT_EQ(store::dump(path("small.db")), before);
  EXPECT_FALSE(std::filesystem::exists(path("other.db")));
}

TEST_F(SqlCommand, PointsAtTheMistakeInAQuery) {
  const auto result = descent({"sql", run_small(), "SELECT statu FROM runs"});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err,
            "error: SQL: no such column: statu; did you mean 'status'?\n"
            "  SELECT statu FROM runs\n         ^\n");
}

// Any SQLite client can read a store; the views need no extension.
TEST_F(SqlCommand, IsNotNeededToReadAStore) {
  run_small();
  if (!is_there("sqlite3")) GTEST_SKIP() << "no sqlite3 shell";
  EXPECT_EQ(here("sqlite3 -readonly small.db 'SELECT optimizer, done, typeof(test_loss_mean), "
                 "variance > 0 FROM small_grid ORDER BY point_id'")
                .text,
            "sgd|3|real|1\nadam|3|real|1\n");
}

using PluginsCommand = Desk;

TEST_F(PluginsCommand, ListsEveryShippedPluginOnALine) {
  const auto result = descent({"plugins", "list"});
  EXPECT_EQ(result.code, 0) << result.err;
  const std::filesystem::path sources = descent::source_path("plugins");
  std::size_t count = 0;
  for (const std::string kind : {"loss", "optimizer", "regularizer"}) {
    const auto only = descent({"plugins", "list", "--kind", kind}).out;
    for (const auto& file :
         std::filesystem::directory_iterator(sources / (kind == "loss" ? "losses" : kind + "s"))) {
      if (file.path().extension() != ".cc") continue;
      ++count;
      EXPECT_TRUE(contains("\n" + only, "\n" + kind)) << only;
      EXPECT_TRUE(contains(only, " " + file.path().stem().string() + " ")) << only;
    }
  }
  EXPECT_GE(count, 11u);
  EXPECT_EQ(std::size_t(std::count(result.out.begin(), result.out.end(), '\n')), count + 1)
      << "and one that is built in";
}

TEST_F(PluginsCommand, ListsWithin100ColumnsAndPathsOnlyWhenAsked) {
  std::istringstream lines(descent({"plugins", "list"}).out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100u) << line;
  EXPECT_FALSE(contains(descent({"plugins", "list"}).out, ".so"));
  EXPECT_TRUE(contains(descent({"plugins", "list", "--paths"}).out, "/optimizers/adam.so\n"));
}

TEST_F(PluginsCommand, KeepsColumnsApartHoweverLongANameIs) {
  const auto text = descent({"plugins", "show", "lbfgs"}).out;
  EXPECT_TRUE(contains(text, "  tolerance_change  real ")) << text;
  EXPECT_TRUE(contains(text, "  lr                real ")) << text;
}

TEST_F(PluginsCommand, TellsWhatIsBuiltIn) {
  EXPECT_TRUE(contains(descent({"plugins", "list"}).out, "optimizer   exact  "));
  EXPECT_FALSE(contains(descent({"plugins", "list", "--kind", "loss"}).out, "exact"));
  const auto text = descent({"plugins", "show", "exact"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_TRUE(contains(text.out, "built into the program, not a plugin")) << text.out;
  const auto shown = json::parse(descent({"plugins", "show", "exact", "--json"}).out).at(0);
  EXPECT_EQ(shown["kind"], "optimizer");
  EXPECT_TRUE(shown["path"].is_null() && shown["hypers"].empty());
  EXPECT_TRUE(contains(descent({"plugins", "show", "exat"}).err, "did you mean 'exact'?"));
  EXPECT_EQ(descent({"plugins", "check", "exact"}).code, 2);
  EXPECT_EQ(descent({"plugins", "new", "optimizer", "exact"}).code, 2);
  EXPECT_EQ(descent({"plugins", "show", "exact", "--kind", "loss"}).code, 2);
}

TEST_F(PluginsCommand, TellsOfAPluginThatHasABuiltInName) {
  const auto folder = test_plugins() + "/shadowing";
  for (const auto& words : {Words{"plugins", "list"}, Words{"plugins", "show", "exact"}}) {
    auto with_folder = words;
    with_folder.insert(with_folder.end(), {"--plugins", folder});
    const auto result = descent(with_folder);
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(contains(result.err, folder + "/exact.so: error: optimizer 'exact' is built into "))
        << result.err;
    EXPECT_FALSE(contains(result.out, "another's name")) << result.out;
  }
}

TEST_F(PluginsCommand, ListsAsJson) {
  const auto all = json::parse(descent({"plugins", "list", "--json"}).out);
  EXPECT_GE(all.size(), 11u);
  for (const auto& plugin : all) {
    if (plugin.at("name") == "exact") continue;  // built in
    for (const std::string key : {"kind", "name", "doc", "path", "hash"})
      EXPECT_FALSE(plugin.at(key).get<std::string>().empty()) << plugin;
  }
}

TEST_F(PluginsCommand, ShowsHyperparametersWithDefaultsRangesAndMeaning) {
  const auto text = descent({"plugins", "show", "sgd"});
  EXPECT_EQ(text.code, 0);
  EXPECT_TRUE(text.out.starts_with("optimizer 'sgd': ")) << text.out;
  EXPECT_TRUE(contains(text.out, "step size"));
  const auto shown = json::parse(descent({"plugins", "show", "sgd", "--json"}).out).at(0);
  EXPECT_EQ(shown["kind"], "optimizer");
  EXPECT_EQ(shown["hypers"][0], json::parse(R"({"name": "lr", "type": "real", "default": 0.001,
                                               "low": 0.0, "high": 1000000.0,
                                               "doc": "step size"})"));
}

// A loss and a regularizer share the name l1.
TEST_F(PluginsCommand, ShowsEveryKindOfAName) {
  EXPECT_EQ(json::parse(descent({"plugins", "show", "l1", "--json"}).out).size(), 2u);
  const auto one = descent({"plugins", "show", "l1", "--json", "--kind", "regularizer"});
  EXPECT_EQ(json::parse(one.out).at(0)["proximal"], true);
}

TEST_F(PluginsCommand, SearchesTheFoldersItIsGiven) {
  EXPECT_EQ(descent({"plugins", "show", "throws"}).code, 2);
  EXPECT_EQ(descent({"plugins", "show", "throws", "--plugins", test_plugins()}).code, 0);
  auto with_path = invocation({"plugins", "show", "throws"});
  with_path.environment = {{"DESCENT_PLUGIN_PATH", "/nowhere:" + test_plugins()}};
  EXPECT_EQ(run(with_path).code, 0);
  write("small.yaml", small_experiment);
  auto experiment = invocation({"run", "small.yaml", "--json", "--set", "optimizer=throws"});
  experiment.environment = with_path.environment;
  const auto result = run(experiment);
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_EQ(json::parse(result.out)["failed"], 3);
}

TEST_F(PluginsCommand, NeverSearchesTheCurrentFolder) {
  const auto plugin = test_plugins() + "/optimizers/throws.so";
  for (const std::string folder : {"", "optimizers/", "plugins/optimizers/", "lib/"}) {
    std::filesystem::create_directories(path(folder));
    std::filesystem::copy_file(plugin, path(folder + "throws.so"));
  }
  EXPECT_EQ(descent({"plugins", "show", "throws"}).code, 2);
  write("small.yaml", small_experiment);
  const auto result = descent({"run", "small.yaml", "--set", "optimizer=throws"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(contains(result.err, "optimizer 'throws' is not known")) << result.err;
  EXPECT_EQ(descent({"plugins", "show", "throws", "--plugins", "."}).code, 0);
}

TEST_F(PluginsCommand, TellsOfAPluginThatCannotBeLoaded) {
  std::filesystem::create_directories(path("mine/optimizers"));
  write("mine/optimizers/empty.so", "not a library");
  const auto result = descent({"plugins", "list", "--plugins", "mine"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(contains(result.err, "mine/optimizers/empty.so")) << result.err;
  EXPECT_TRUE(contains(result.out, "adam")) << "the others are listed";
}

TEST_F(PluginsCommand, TellsOfAFileThatAnotherOneHides) {
  std::filesystem::create_directories(path("mine"));
  std::filesystem::copy_file(descent::build_path("plugins/optimizers/adam.so"),
                             path("mine/adam.so"));
  EXPECT_EQ(descent({"plugins", "list", "--plugins", "mine"}).code, 0) << "a copy is the same";
  std::ofstream(path("mine/adam.so"), std::ios::app) << "another build";
  const auto result = descent({"plugins", "list", "--plugins", "mine"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(
      contains(result.err, "optimizer 'adam' is also in mine/adam.so, which is found first"))
      << result.err;
}

TEST_F(PluginsCommand, GoesOnDespiteAPluginThatCrashesWhenItIsLoaded) {
  std::filesystem::create_directories(path("mine"));
  std::filesystem::copy_file(test_plugins() + "/bad/crashes_on_load.so",
                             path("mine/crashes_on_load.so"));
  const auto listed = descent({"plugins", "list", "--plugins", "mine"});
  EXPECT_EQ(listed.code, 2);
  EXPECT_EQ(std::count(listed.err.begin(), listed.err.end(), '\n'), 1) << listed.err;
  EXPECT_TRUE(contains(listed.out, "adam"));
  write("small.yaml", small_experiment);
  const auto trained = descent({"run", "small.yaml", "--plugins", "mine"});
  EXPECT_EQ(trained.code, 0) << "it is not named: " << trained.err;
}

TEST_F(PluginsCommand, ShowsFormulaSourceMemoryAndCost) {
  const auto text = descent({"plugins", "show", "adam"}).out;
  for (const std::string part : {"formula: m = beta1 m", "source: Kingma & Ba 2015",
                                 "memory: 3 vectors as long as the weights", "cost: "})
    EXPECT_TRUE(contains(text, part)) << text;
  const auto shown = json::parse(descent({"plugins", "show", "adam", "--json"}).out).at(0);
  EXPECT_EQ(shown["memory_vectors"], 3);
  EXPECT_GT(shown["cost_ns_per_weight"].get<double>(), 0);
  EXPECT_TRUE(contains(shown["source"].get<std::string>(), "Kingma"));
}

TEST_F(PluginsCommand, ChecksByNameAndByPath) {
  const auto by_name = descent({"plugins", "check", "l1", "--kind", "regularizer"});
  EXPECT_EQ(by_name.code, 0) << by_name.out;
  EXPECT_TRUE(contains(by_name.out, "all of it holds"));
  const auto by_path =
      descent({"plugins", "check", test_plugins() + "/regularizers/sloppy_penalty.so", "--json"});
  EXPECT_EQ(by_path.code, 1);
  const auto report = json::parse(by_path.out).at(0);
  EXPECT_EQ(report["holds"], false);
  for (const auto& check : report["checks"])
    EXPECT_EQ(check["holds"], check["name"] != "never negative" &&
                                  check["name"] != "zero at zero" &&
                                  !contains(check["name"], "proximal"))
        << check;
}

TEST_F(PluginsCommand, ReportAPluginThatChangesTheFloatingPointEnvironment) {
  const auto result = descent(
      {"plugins", "check", test_plugins() + "/optimizers/changes_floating_point.so", "--json"});
  EXPECT_EQ(result.code, 1);
  const auto report = json::parse(result.out).at(0);
  for (const auto& check : report["checks"]) {
    if (check["name"] != "floating point") continue;
    EXPECT_EQ(check["holds"], false);
#if defined(__x86_64__)
    EXPECT_TRUE(contains(check["text"].get<std::string>(),
                         "while it is loaded, denormal numbers become zero; link it without "
                         "-ffast-math"))
        << check;
#endif
    return;
  }
  FAIL() << "no such check: " << result.out;
}

TEST_F(PluginsCommand, ChecksAgainstReferenceCases) {
  const auto vectors = descent::source_path("tests/reference/vectors/");
  const auto result = descent({"plugins", "check", "nll", "--json", "--vectors",
                               vectors + "losses-nll.json", vectors + "losses-l1.json"});
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  const auto found = json::parse(result.out).at(0)["vectors"];
  EXPECT_EQ(found["passed"], found["cases"]);
  EXPECT_LT(found["largest_deviation"].get<double>(), 1);
  const auto none = descent({"plugins", "check", "nll", "--vectors", vectors + "losses-l1.json"});
  EXPECT_EQ(none.code, 2);
  EXPECT_TRUE(contains(none.err, "no case of loss 'nll'")) << none.err;
}

TEST_F(PluginsCommand, RefusesOptionsThatMeanNothing) {
  EXPECT_EQ(descent({"plugins", "list", "--dir", "x"}).err, "error: plugins list takes no --dir\n");
  EXPECT_EQ(descent({"plugins", "shwo", "adam"}).err,
            "error: plugins has no 'shwo'; did you mean 'show'?\n");
}

// scripts/plugin_reference.sh writes it again.
TEST_F(PluginsCommand, WroteTheReferencePage) {
  std::ifstream page(descent::source_path("docs/plugin_reference.md"));
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  EXPECT_EQ(descent({"plugins", "reference"}).out, text)
      << "docs/plugin_reference.md is not current: run scripts/plugin_reference.sh";
}

TEST_F(PluginsCommand, AreAsManyAsTheReadmeSays) {
  const auto count = [&](const std::string& kind) {
    const std::filesystem::directory_iterator files(descent::source_path("plugins/" + kind));
    return std::to_string(std::distance(begin(files), end(files)));
  };
  std::ifstream page(descent::source_path("README.md"));
  std::string text{std::istreambuf_iterator<char>(page), {}};
  std::ranges::replace(text, '\n', ' ');
  const auto said = count("losses") + " losses, " + count("optimizers") + " optimizers and " +
                    count("regularizers") + " regularizers are included";
  EXPECT_TRUE(contains(text, said)) << "README.md does not say: " << said;
}

TEST_F(PlanCommand, RefusesTwoExperimentsOfOneName) {
  write("small.yaml", small_experiment);
  write("copy.yaml", small_experiment);
  const auto result = descent({"plan", "small.yaml", "copy.yaml"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(contains(result.err, "copy.yaml:1:13: error: experiment 'small-grid' is also in "))
      << result.err;
}

using MergeCommand = Desk;

// Of a point that is finished in both stores, the one with more replicates has all runs.
TEST_F(MergeCommand, TakesTheRunsOfMoreReplicates) {
  write("small.yaml", small_experiment);
  ASSERT_EQ(descent({"run", "small.yaml", "--db", "three.db"}).code, 0);
  ASSERT_EQ(descent({"run", "small.yaml", "--db", "five.db", "--set", "replicates=5"}).code, 0);
  EXPECT_EQ(descent({"merge", "up.db", "three.db", "five.db"}).out,
            "2 points and 10 runs were new -> up.db\n");
  EXPECT_EQ(descent({"merge", "down.db", "five.db", "three.db"}).out,
            "2 points and 10 runs were new -> down.db\n");
  for (const std::string rows :
       {"SELECT text, replicate, test_loss FROM runs JOIN parameters USING (point_id) "
        "WHERE path = 'optimizer' ORDER BY text, replicate",
        "SELECT text, replicates, total, total_se FROM results JOIN parameters USING (point_id) "
        "WHERE path = 'optimizer' ORDER BY text"})
    for (const std::string store : {"up.db", "down.db"})
      EXPECT_EQ(descent({"sql", store, rows}).out, descent({"sql", "five.db", rows}).out) << store;
}

TEST_F(MergeCommand, BringsStoresTogetherOnceAndForAll) {
  write("small.yaml", small_experiment);
  ASSERT_EQ(descent({"run", "small.yaml", "--db", "both.db"}).code, 0);
  ASSERT_EQ(
      descent({"run", "small.yaml", "--db", "sgd.db", "--set", "optimizer={sgd: {lr: 0.1}}"}).code,
      0);
  ASSERT_EQ(descent({"run", "small.yaml", "--db", "adam.db", "--set", "optimizer=adam"}).code, 0);
  const auto merged = descent({"merge", "all.db", "sgd.db", "adam.db"});
  EXPECT_EQ(merged.code, 0);
  EXPECT_EQ(merged.err, "");
  EXPECT_EQ(merged.out, "2 points and 6 runs were new -> all.db\n");
  EXPECT_EQ(descent({"merge", "all.db", "sgd.db", "adam.db"}).out,
            "0 points and 0 runs were new -> all.db\n");
  const std::string rows =
      "SELECT text, replicate, train_loss, test_loss FROM runs JOIN parameters USING (point_id) "
      "WHERE path = 'optimizer' ORDER BY text, replicate";
  EXPECT_EQ(descent({"sql", "all.db", rows}).out, descent({"sql", "both.db", rows}).out);
  EXPECT_EQ(
      descent({"run", "small.yaml", "--db", "all.db", "--json", "--set", "optimizer=adam"}).code,
      0);
}

using SchemaCommand = Desk;

TEST_F(SchemaCommand, PrintsAJsonSchemaWithThePluginsWithinReach) {
  const auto result = descent({"schema"});
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.err, "");
  const auto schema = json::parse(result.out);
  EXPECT_TRUE(schema.contains("$schema"));
  for (const std::string key : {"experiment", "data", "model", "loss", "optimizer", "train"})
    EXPECT_TRUE(schema["properties"].contains(key)) << key;
  EXPECT_TRUE(contains(result.out, "\"adam\""));
  EXPECT_FALSE(contains(result.out, "\"throws\""));
  EXPECT_TRUE(contains(descent({"schema", "--plugins", test_plugins()}).out, "\"throws\""));
}

}  // namespace
}  // namespace descent
