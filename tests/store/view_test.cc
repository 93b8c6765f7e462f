// SPDX-License-Identifier: MIT
// The views: statistics that agree with arithmetic done here, one view per experiment.
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>

#include "fixture.h"
#include "store/query.h"

namespace descent {
namespace {

using Views = StoreTest;

// Row 1 of a query as JSON.
nlohmann::json first(const std::string& path, const std::string& sql) {
  return nlohmann::json::parse(store::query(path, sql, store::Format::json)).at(0);
}

TEST_F(Views, AgreeWithTheStatisticsOfDoneRuns) {
  auto store = store::Store::open(file());
  store_sweep(store);
  double sum = 0, squares = 0;
  std::vector<double> losses;  // sorted: they grow with the replicate
  for (std::uint64_t r = 0; r < 10; ++r)
    if (r % 7 != 6) losses.push_back(run_record(3, r).test_loss);
  for (const auto x : losses) sum += x;
  const double n = 9, mean = sum / n;
  for (const auto x : losses) squares += (x - mean) * (x - mean);

  const auto row = first(file(), "SELECT * FROM results WHERE point_id = 3");
  EXPECT_EQ(row["experiment"], "rate-sweep");
  EXPECT_EQ(row["runs"], 10);
  EXPECT_EQ(row["done"], 9);
  EXPECT_EQ(row["diverged"], 1);
  EXPECT_EQ(row["failed"], 0);
  for (const auto* column : {"test_loss_mean", "test_loss_sd", "test_loss_se", "train_loss_mean"})
    EXPECT_TRUE(row[column].is_null()) << column << ": one run diverged";
  EXPECT_NEAR(row["test_loss_mean_done"], mean, 1e-14);
  EXPECT_NEAR(row["test_loss_se_done"], std::sqrt(squares / (n - 1) / n), 1e-14);
  EXPECT_EQ(row["test_loss_min"], losses.front());
  EXPECT_EQ(row["test_loss_median"], (losses[4] + losses[5]) / 2);
  EXPECT_TRUE(row["test_loss_max"].is_null());
  EXPECT_NEAR(row["train_loss_mean_done"], mean / 2, 1e-14);
  EXPECT_EQ(row["train_loss_median"], (losses[4] + losses[5]) / 4);
  EXPECT_EQ(row["epochs_mean"], 4);
  EXPECT_EQ(row["train_seconds_mean"], 0.25);
  EXPECT_TRUE(row["test_accuracy_mean"].is_null());
}

TEST_F(Views, TakeTheMedianOfAnEvenCountBetweenTheMiddleTwo) {
  auto store = store::Store::open(file());
  const auto point =
      store.add_point(point_record(store.register_experiment(experiment_record()), 0));
  store.write(chunk_record(point, 0, 4));
  EXPECT_EQ(first(file(), "SELECT test_loss_median AS m FROM results")["m"], 1 + 1.5 / 8);
}

TEST_F(Views, TakeMeansOverAllRunsWhereAllAreDone) {
  auto store = store::Store::open(file());
  const auto point =
      store.add_point(point_record(store.register_experiment(experiment_record()), 0));
  store.write(chunk_record(point, 0, 4));
  const auto row = first(file(), "SELECT * FROM results");
  double sum = 0, squares = 0;
  for (std::uint64_t r = 0; r < 4; ++r) sum += run_record(point, r).test_loss;
  for (std::uint64_t r = 0; r < 4; ++r)
    squares += std::pow(run_record(point, r).test_loss - sum / 4, 2);
  EXPECT_NEAR(row["test_loss_mean"], sum / 4, 1e-14);
  EXPECT_NEAR(row["test_loss_sd"], std::sqrt(squares / 3), 1e-14);
  EXPECT_NEAR(row["test_loss_se"], std::sqrt(squares / 3 / 4), 1e-14);
  EXPECT_EQ(row["test_loss_mean_done"], row["test_loss_mean"]);
  EXPECT_EQ(row["test_loss_max"], run_record(point, 3).test_loss);
}

TEST_F(Views, ShowTheLastEpochOfThePrimaryMetric) {
  auto store = store::Store::open(file());
  const auto point =
      store.add_point(point_record(store.register_experiment(experiment_record()), 0));
  auto other = bias_variance_row(8, 9);
  other.metric = "mae";
  store.finish(point, 10, {bias_variance_row(0, 2), bias_variance_row(4, 0.5), other});
  const auto row = first(file(), "SELECT * FROM results");
  EXPECT_EQ(row["metric"], "mse");
  EXPECT_EQ(row["bias2"], 0.5);
  EXPECT_EQ(row["bias2_se"], 0.05);
  EXPECT_EQ(row["variance"], 0.75);
  EXPECT_EQ(row["noise"], 0.25);
  EXPECT_EQ(row["total"], 1.5);
}

TEST_F(Views, ShowAPointWithoutRuns) {
  auto store = store::Store::open(file());
  store.add_point(point_record(store.register_experiment(experiment_record()), 0));
  const auto row = first(file(), "SELECT * FROM results");
  EXPECT_EQ(row["runs"], 0);
  for (const auto* column : {"test_loss_mean", "test_loss_sd", "test_loss_median", "bias2"})
    EXPECT_TRUE(row[column].is_null()) << column;
}

TEST_F(Views, GiveParametersAsTypedJson) {
  auto store = store::Store::open(file());
  store_sweep(store);
  const auto row = first(file(), "SELECT parameters, swept FROM results WHERE point_id = 4");
  EXPECT_EQ(nlohmann::json::parse(row["parameters"].get<std::string>()),
            nlohmann::json({{"model.bias", true},
                            {"optimizer", "adam"},
                            {"optimizer.lr", 0.01},
                            {"seed", 42},
                            {"stop", nullptr}}));
  EXPECT_EQ(row["swept"], R"({"optimizer":"adam","optimizer.lr":0.01})");
}

TEST_F(Views, OfAnExperimentHaveTypedColumnsForSweptPaths) {
  auto store = store::Store::open(file());
  store_sweep(store);
  EXPECT_EQ(
      store::query(file(),
                   "SELECT point_id, optimizer, \"optimizer.lr\", typeof(\"optimizer.lr\") "
                   "AS t, done FROM rate_sweep WHERE \"optimizer.lr\" < 0.05",
                   store::Format::csv),
      "point_id,optimizer,optimizer.lr,t,done\r\n2,sgd,0.01,real,9\r\n4,adam,0.01,real,9\r\n");
}

TEST_F(Views, OfAnExperimentUniteTheSweptPathsOfEveryRegistration) {
  auto store = store::Store::open(file());
  store_sweep(store);
  auto record = experiment_record();
  record.swept = {"optimizer.lr", "model.bias", "regularizer.lambda"};
  record.description = "changed";
  EXPECT_EQ(store.register_experiment(record), 1);
  store.describe_points(1);
  EXPECT_EQ(store::query(file(), "SELECT name FROM pragma_table_info('rate_sweep') LIMIT 6",
                         store::Format::csv),
            "name\r\npoint_id\r\noptimizer\r\noptimizer.lr\r\nmodel.bias\r\nregularizer.lambda\r\n"
            "replicates\r\n");
  const auto row = first(file(), "SELECT * FROM rate_sweep");
  EXPECT_EQ(row["model.bias"], "true");
  EXPECT_TRUE(row["regularizer.lambda"].is_null());
  EXPECT_EQ(first(file(), "SELECT description AS d FROM experiments")["d"], "changed");
}

TEST_F(Views, OfAnExperimentKeepClearOfOtherNames) {
  auto store = store::Store::open(file());
  for (const auto* name :
       {"results", "2d-fit", "order", "a-b", "a_b", "experiment-results", "it's"})
    store.register_experiment(experiment_record(name));
  EXPECT_EQ(store::query(file(), "SELECT view_name FROM experiments ORDER BY experiment_id",
                         store::Format::csv),
            "view_name\r\nexperiment_results\r\nexperiment_2d_fit\r\nexperiment_order\r\na_b\r\n"
            "experiment_a_b\r\nexperiment_experiment_results\r\nit_s\r\n");
  for (const auto* view : {"experiment_results", "experiment_2d_fit", "experiment_a_b", "it_s"})
    EXPECT_EQ(
        store::query(file(), std::string("SELECT count(*) AS n FROM ") + view, store::Format::csv),
        "n\r\n0\r\n");
}

// A view of the name of a table-valued function would hide it from all other views.
TEST_F(Views, OfAnExperimentKeepClearOfTheTableFunctionsOfSqlite) {
  auto store = store::Store::open(file());
  store_sweep(store);
  const auto results = csv(file(), "SELECT * FROM results");
  std::vector<std::string> names = {"pragma-table-info", "pragma-user-version", "sqlite-master",
                                    "sqlite-schema"};
  SQLite::Database memory(":memory:");
  SQLite::Statement modules(memory, "SELECT replace(name, '_', '-') FROM pragma_module_list");
  while (modules.executeStep()) names.push_back(modules.getColumn(0).getString());
  ASSERT_EQ(std::ranges::count(names, "json-each"), 1);
  for (const auto& name : names) {
    const auto id = std::to_string(store.register_experiment(experiment_record(name)));
    const auto view = csv(file(), "SELECT view_name FROM experiments WHERE experiment_id = " + id);
    EXPECT_TRUE(view.starts_with("experiment_")) << view;
    EXPECT_EQ(csv(file(), "SELECT count(*) FROM " + view), "0\n") << name;
  }
  EXPECT_EQ(csv(file(), "SELECT * FROM results"), results);
}

TEST_F(Views, GivePointsInPlanOrder) {
  auto store = store::Store::open(file());
  const auto experiment = store.register_experiment(experiment_record());
  for (const std::uint64_t i : {3, 0, 2, 1}) store.add_point(point_record(experiment, i));
  for (const auto* view : {"results", "rate_sweep"})
    EXPECT_EQ(store::query(file(), std::string("SELECT point_id FROM ") + view, store::Format::csv),
              "point_id\r\n1\r\n2\r\n3\r\n4\r\n");
}

TEST_F(Views, FindPointsByTheIndexOfASweptValue) {
  auto store = store::Store::open(file());
  store_sweep(store);
  const auto plan = store::query(
      file(), "EXPLAIN QUERY PLAN SELECT * FROM rate_sweep WHERE \"optimizer.lr\" = 0.1",
      store::Format::csv);
  EXPECT_NE(plan.find("USING COVERING INDEX swept_parameters_by_value (path=? AND value=?)"),
            std::string::npos)
      << plan;
  EXPECT_EQ(plan.find("points_by_experiment"), std::string::npos) << plan;
}

TEST_F(Views, ShowAsManySweptPathsAsThereAre) {
  auto store = store::Store::open(file());
  auto experiment = experiment_record();
  auto point = point_record(store.register_experiment(experiment), 0);
  experiment.swept.clear();
  nlohmann::json optimizer;
  for (int i = 0; i < 100; ++i) {
    experiment.swept.push_back("optimizer.h" + std::to_string(i));
    if (i % 9 != 0) optimizer["h" + std::to_string(i)] = i;
  }
  point.configuration = nlohmann::json({{"optimizer", optimizer}}).dump();
  store.register_experiment(experiment);
  store.add_point(point);
  store.describe_points(point.experiment_id);
  for (const int i : {1, 64, 98}) {
    const auto path = "\"optimizer.h" + std::to_string(i) + "\"";
    EXPECT_EQ(store::query(file(),
                           "SELECT " + path + " AS value FROM rate_sweep WHERE " + path + " = " +
                               std::to_string(i) +
                               " AND \"optimizer.h0\" IS NULL AND "
                               "\"optimizer.h99\" IS NULL",
                           store::Format::csv),
              "value\r\n" + std::to_string(i) + "\r\n");
  }
}

TEST_F(Views, FindAPointByASweptNumberWithoutScanningRuns) {
  auto store = store::Store::open(file());
  store_sweep(store);
  const auto plan = store::query(file(),
                                 "EXPLAIN QUERY PLAN SELECT test_loss_mean, test_loss_median FROM "
                                 "rate_sweep WHERE \"optimizer.lr\" = 0.1",
                                 store::Format::csv);
  EXPECT_NE(plan.find("SEARCH runs USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
            std::string::npos);
  EXPECT_EQ(plan.find("SCAN runs"), std::string::npos) << plan;
  EXPECT_EQ(plan.find("SCAN swept_parameters"), std::string::npos) << plan;
}

// Losses 1, 9/8, ..., 12/8 in a unit of which no double is the square.
TEST_F(Views, FindTheSpreadOfLossesOfAnyScale) {
  for (const double unit : {0x1p-830, 0x1p-531, 0x1p600, 0x1p1000}) {
    const auto path = file(std::to_string(std::ilogb(unit)) + ".db");
    auto store = store::Store::open(path);
    const auto point =
        store.add_point(point_record(store.register_experiment(experiment_record()), 0));
    auto chunk = chunk_record(point, 0, 5);
    for (auto& run : chunk.runs) run.test_loss *= unit;
    store.write(chunk);
    const auto row = first(path, "SELECT * FROM results");
    EXPECT_DOUBLE_EQ(row["test_loss_mean"], 1.25 * unit);
    EXPECT_DOUBLE_EQ(row["test_loss_sd"], std::sqrt(2.5) / 8 * unit);
    EXPECT_DOUBLE_EQ(row["test_loss_se"], std::sqrt(.5) / 8 * unit);
    EXPECT_DOUBLE_EQ(row["test_loss_se_done"], std::sqrt(.5) / 8 * unit);
  }
}

}  // namespace
}  // namespace descent
