// SPDX-License-Identifier: MIT
// The analysis views, on points where the answers can be computed by hand, with runs
// that failed among them.
#include <fmt/format.h>

#include <cmath>
#include <tuple>

#include "fixture.h"
#include "statistics/estimate.h"

namespace descent {
namespace {

using nlohmann::json;

// Two optimizers at two rates over two widths; losses are given, a negative one is a failure.
class Answers : public StoreTest {
 protected:
  static constexpr std::uint64_t replicates = 3;

  void SetUp() override {
    auto store = store::Store::open(file());
    experiment_ = store.register_experiment(
        {"race", "", "race.yaml", "", {"optimizer", "optimizer.lr", "model.width"}});
    // width 1: sgd 0.1 is best (1, 2, 3), adam 0.1 fails once; width 2: adam 0.01 is best.
    add(store, "sgd", 0.1, 1, {1, 2, 3});
    add(store, "sgd", 0.1, 2, {5, 5, 5});
    add(store, "sgd", 0.01, 1, {4, 4, 7});
    add(store, "sgd", 0.01, 2, {6, 6, 6});
    add(store, "adam", 0.1, 1, {0.5, 0.5, -1});
    add(store, "adam", 0.1, 2, {-1, -1, -1});
    add(store, "adam", 0.01, 1, {2, 2, 2});
    add(store, "adam", 0.01, 2, {3, 4, 5});
  }

  void add(store::Store& store, const std::string& optimizer, double lr, int width,
           const std::vector<double>& losses) {
    store::PointRecord point;
    point.experiment_id = experiment_;
    point.position = position_++;
    point.content_hash = point.configuration_hash = std::to_string(point.position);
    point.configuration = json({{"optimizer", {{"name", optimizer}, {"lr", lr}}},
                                {"model", {{"width", width}}},
                                {"replicates", {{"resample", "fresh"}}}})
                              .dump();
    point.replicates = replicates;
    point.primary_metric = "mse";
    const auto id = store.add_point(point);
    store.describe_points(experiment_);
    store::ChunkRecord chunk{id, 0, replicates, {}, {}};
    for (std::uint64_t r = 0; r < replicates; ++r) {
      descent::record::Run run;
      run.replicate = r;
      run.epochs = 4;
      run.steps = 40;
      run.train_seconds = 2;
      if (losses[r] < 0) {
        run.status = record::Status::diverged;
        run.reason = "the loss is inf";
      } else {
        run.train_loss = losses[r] / 2, run.test_loss = losses[r];
      }
      // from 10 half way down at epoch 2, there at epoch 4
      const double end = losses[r] < 0 ? 0.0 : losses[r];
      for (const auto& [epoch, value] :
           std::vector<std::pair<std::uint64_t, double>>{{0, 10}, {2, (10 + end) / 2}, {4, end}}) {
        run.curve.push_back({epoch, record::Metric::train_loss, value});
        // adam evaluates twice a step, in a fifth of the time
        const bool is_adam = optimizer == "adam";
        run.costs.push_back(
            {epoch, 10 * epoch, (is_adam ? 20 : 10) * epoch, double(epoch) / (is_adam ? 10 : 2)});
      }
      chunk.runs.push_back(run);
    }
    store.write(chunk);
  }

  json rows(const std::string& sql) const {
    return json::parse(store::query(file(), sql, store::Format::json));
  }

  std::int64_t experiment_ = 0;
  std::uint64_t position_ = 0;
};

TEST_F(Answers, LeaderboardRanksByTheMeanAndPutsFailuresLast) {
  const auto all = rows("SELECT * FROM leaderboard");
  std::vector<int> points, ranks;
  for (const auto& row : all) points.push_back(row["point_id"]), ranks.push_back(row["rank"]);
  EXPECT_EQ(points, (std::vector<int>{1, 7, 8, 2, 3, 4, 5, 6}));
  EXPECT_EQ(ranks, (std::vector<int>{1, 1, 3, 4, 4, 6, 7, 8}));
  EXPECT_EQ(all[0]["point"], "optimizer=sgd, lr=0.1, width=1");
  EXPECT_EQ(all[0]["metric"], "test_loss");
  EXPECT_EQ(all[0]["resample"], "fresh");
  const double reach = statistics::t_quantile(2, 0.95) / std::sqrt(3);
  EXPECT_EQ(all[0]["mean"], 2);
  EXPECT_NEAR(all[0]["se"], 1 / std::sqrt(3), 1e-15);
  EXPECT_NEAR(all[0]["lo"], 2 - reach, 1e-14);
  EXPECT_NEAR(all[0]["hi"], 2 + reach, 1e-14);
  const auto& failed = all[6];
  EXPECT_TRUE(failed["mean"].is_null() && failed["lo"].is_null());
  EXPECT_EQ(failed["mean_done"], 0.5) << "it would be the best if its failure were passed over";
  EXPECT_EQ(failed["done"], 2);
  EXPECT_EQ(failed["runs"], 3);
  EXPECT_TRUE(all[7]["mean_done"].is_null());
}

TEST_F(Answers, FailuresHaveACauseWithoutItsStep) {
  auto store = store::Store::open(file());
  store::PointRecord point;
  point.experiment_id = experiment_;
  point.position = 100;
  point.content_hash = point.configuration_hash = "failing";
  point.configuration = "{}";
  point.replicates = 3;
  point.primary_metric = "mse";
  store::ChunkRecord chunk{store.add_point(point), 0, 3, {}, {}};
  for (const auto* reason : {"the loss is inf at step 12 (epoch 3)",
                             "the training loss is 1e9 after epoch 4 (step 20)", "killed"}) {
    record::Run run;
    run.replicate = chunk.runs.size();
    run.status = record::Status::failed;
    run.reason = reason;
    chunk.runs.push_back(run);
  }
  store.write(chunk);
  EXPECT_EQ(csv(file(), "SELECT cause FROM failures WHERE point_id = 9 ORDER BY replicate"),
            "the loss is inf\nthe training loss is 1e9\nkilled\n");
}

TEST_F(Answers, LeaderboardWritesWholeNumbersWithoutAFraction) {
  auto store = store::Store::open(file());
  add(store, "lion", 90000, 1, {0, 0, 0});
  EXPECT_EQ(rows("SELECT point FROM leaderboard WHERE point_id = 9")[0]["point"],
            "optimizer=lion, lr=90000, width=1");
}

TEST_F(Answers, LeaderboardIntervalsAreStudentsForAnyNumberOfRuns) {
  auto store = store::Store::open(file());
  const auto experiment = store.register_experiment({"many", "", "many.yaml", "", {"n"}});
  for (const std::uint64_t n : {2, 21, 22, 40, 200}) {
    store::PointRecord point;
    point.experiment_id = experiment;
    point.content_hash = point.configuration_hash = std::to_string(n);
    point.configuration = json({{"n", n}}).dump();
    point.replicates = n;
    point.primary_metric = "mse";
    store::ChunkRecord chunk{store.add_point(point), 0, n, {}, {}};
    for (std::uint64_t r = 0; r < n; ++r) {
      descent::record::Run run;
      run.replicate = r;
      run.test_loss = double(r % 7);
      chunk.runs.push_back(run);
    }
    store.write(chunk);
  }
  for (const auto& row : rows("SELECT runs, (hi - mean) / se AS t FROM scores "
                              "WHERE experiment = 'many'"))
    EXPECT_NEAR(row["t"], statistics::t_quantile(row["runs"].get<double>() - 1, 0.95), 2e-7)
        << row["runs"];
}

// Of 19 losses of 1 and one of 31, that has 31/50 of the sum; of 20 equal ones each has 1/20.
TEST_F(Answers, WarnOfARunThatDominatesTheLoss) {
  auto store = store::Store::open(file());
  const auto experiment = store.register_experiment({"tails", "", "tails.yaml", "", {"n"}});
  for (const double largest : {1., 31., -5.}) {
    store::PointRecord point;
    point.experiment_id = experiment;
    point.content_hash = point.configuration_hash = std::to_string(largest);
    point.configuration = json({{"n", largest}}).dump();
    point.replicates = 20;
    point.primary_metric = "mse";
    store::ChunkRecord chunk{store.add_point(point), 0, 20, {}, {}};
    for (std::uint64_t r = 0; r < 20; ++r) {
      descent::record::Run run;
      run.replicate = r;
      run.test_loss = r == 7 ? largest : 1;
      chunk.runs.push_back(run);
    }
    store.write(chunk);
  }
  for (const auto* view : {"results", "leaderboard", "scores", "tails"}) {
    SCOPED_TRACE(view);
    const auto all = rows(std::string("SELECT max_replicate_share AS share, warning FROM ") + view +
                          " WHERE point_id > 8 ORDER BY point_id");
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0]["share"], .05);
    EXPECT_TRUE(all[0]["warning"].is_null());
    EXPECT_EQ(all[1]["share"], .62);
    EXPECT_EQ(all[1]["warning"], "one run has 62 % of the loss");
    EXPECT_TRUE(all[2]["share"].is_null()) << "a share of losses below 0 means nothing";
    EXPECT_TRUE(all[2]["warning"].is_null());
  }
}

TEST_F(Answers, LeaderboardTakesTheTotalErrorWhereItIsKnown) {
  auto store = store::Store::open(file("decomposed.db"));
  store_sweep(store);  // a replicate of ten diverges
  const auto row = json::parse(store::query(
      file("decomposed.db"), "SELECT * FROM leaderboard LIMIT 1", store::Format::json))[0];
  EXPECT_EQ(row["metric"], "mse");
  EXPECT_TRUE(row["mean"].is_null());
  EXPECT_EQ(row["mean_done"], 1.5);
  EXPECT_EQ(row["lo_done"], 1.3);
}

TEST_F(Answers, BestPerHasTheBestPointOfEveryValue) {
  const auto all = rows(
      "SELECT value, point_id, mean, points, points_not_done FROM best_per "
      "WHERE path = 'optimizer'");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0], json::parse(R"({"value": "sgd", "point_id": 1, "mean": 2.0, "points": 4,
                                    "points_not_done": 0})"));
  EXPECT_EQ(all[1], json::parse(R"({"value": "adam", "point_id": 7, "mean": 2.0, "points": 4,
                                    "points_not_done": 2})"));
  EXPECT_EQ(csv(file(), "SELECT value, point_id FROM best_per WHERE path = 'model.width'"),
            "1,1\n2,8\n");
}

TEST_F(Answers, SensitivityHoldsTheOthersAtTheirBest) {
  EXPECT_EQ(csv(file(),
                "SELECT of, value, point_id, is_best, mean FROM sensitivity "
                "WHERE path = 'optimizer.lr'"),
            "adam,0.01,7,1,2\nadam,0.1,5,0,\nsgd,0.01,3,0,5\nsgd,0.1,1,1,2\n");
}

TEST_F(Answers, FailuresAreAllThatIsNotDone) {
  EXPECT_EQ(csv(file(), "SELECT point_id, replicate, status, reason, point FROM failures LIMIT 1"),
            "5,2,diverged,the loss is inf,\"optimizer=adam, lr=0.1, width=1\"\n");
  EXPECT_EQ(csv(file(), "SELECT count(*) FROM failures"),
            csv(file(), "SELECT count(*) FROM runs WHERE status <> 'done'"));
}

TEST_F(Answers, TimeToTargetIsThatOfMoreAndWild) {
  // width 1, replicate 0: the least is 0.5 of adam at 0.1, so 0.1 requires 0.5 + 0.95 = 1.45.
  const auto at = [&](int point, double tolerance) {
    return rows(
               "SELECT * FROM time_to_target WHERE metric = 'train_loss' AND replicate = 0 AND "
               "point_id = " +
               std::to_string(point) + " AND tolerance = " + std::to_string(tolerance))
        .at(0);
  };
  auto row = at(1, 0.1);
  EXPECT_EQ(row["start"], 10);
  EXPECT_EQ(row["best"], 0.5);
  EXPECT_NEAR(row["target"], 1.45, 1e-15);
  EXPECT_EQ(row["epoch"], 4);
  EXPECT_EQ(row["steps"], 40);
  EXPECT_EQ(row["evaluations"], 40);
  EXPECT_EQ(row["elapsed_seconds"], 2);
  EXPECT_EQ(row["problem"], "model.width=1");
  EXPECT_TRUE(at(1, 0.01)["epoch"].is_null()) << "0.595 is not reached";
  EXPECT_TRUE(at(3, 0.1)["epoch"].is_null());
  // A run that diverged is a row and never arrives, and its 0 is nobody's target.
  row = at(6, 0.1);
  EXPECT_EQ(row["status"], "diverged");
  EXPECT_TRUE(row["epoch"].is_null());
  EXPECT_EQ(row["best"], 3);
  EXPECT_EQ(csv(file(), "SELECT count(*) FROM time_to_target WHERE metric = 'train_loss'"),
            csv(file(), "SELECT 3 * count(*) FROM runs"));
}

TEST_F(Answers, PerformanceProfilesCountFailuresAsNever) {
  // Six problems: two widths of three replicates. At 0.1, width 1 requires 1.45, 1.45 and 2.8, and
  // width 2 for 3.7, 4.6 and 5.5. Of sgd, 0.1 arrives in one of width 1 (1 <= 1.45; 2 > 1.45;
  // 3 > 2.8) and one of width 2 (5 <= 5.5). Of adam, 0.1 arrives in two of width 1, 0.01 in the
  // third alone, and 0.01 in all of width 2. Everybody arrives at epoch 4, so every ratio is 1.
  EXPECT_EQ(csv(file(),
                "SELECT optimizer, tau, round(rho, 9), solved, problems FROM performance_profile "
                "WHERE metric = 'train_loss' AND tolerance = 0.1 AND cost = 'steps'"),
            "adam,1,0.833333333,5,6\nsgd,1,0.333333333,2,6\n");
}

TEST_F(Answers, PerformanceProfilesCountStepsEvaluationsOrSeconds) {
  // As above, sgd solves two problems and adam five, both of sgd's among them. There sgd takes half
  // the evaluations and five times the seconds.
  const auto profile = [&](const std::string& cost) {
    return csv(file(),
               "SELECT optimizer, tau, solved FROM performance_profile WHERE metric = 'train_loss' "
               "AND tolerance = 0.1 AND cost = '" +
                   cost + "' ORDER BY optimizer, tau");
  };
  EXPECT_EQ(profile("evaluations"), "adam,1,3\nadam,2,5\nsgd,1,2\nsgd,2,2\n");
  EXPECT_EQ(profile("seconds"), "adam,1,5\nadam,5,5\nsgd,1,0\nsgd,5,2\n");
}

TEST_F(Answers, AxesAreTheKindsOfSweptPaths) {
  EXPECT_EQ(csv(file(), "SELECT path, kind, \"values\", follows_from FROM axes"),
            "optimizer,word,2,\noptimizer.lr,word,2,\nmodel.width,word,2,\n");
}

// beta belongs to adam alone; half runs along rate; the batches are three numbers and a word.
TEST_F(Answers, AxesSayWhatFollowsFromWhat) {
  auto store = store::Store::open(file());
  const auto experiment = store.register_experiment(
      {"zip", "", "z.yaml", "", {"optimizer", "beta", "rate", "half", "batch", "seed", "drawn"}});
  for (int i = 0; i < 16; ++i) {
    json configuration = {{"optimizer", i % 2 == 0 ? "sgd" : "adam"}, {"seed", 3}};
    if (i % 2 == 1) configuration["beta"] = 0.9;
    configuration["rate"] = 1 + i / 2 % 4;
    configuration["half"] = 0.5 * (1 + i / 2 % 4);
    configuration["batch"] = i / 4 == 3 ? json("full") : json(1 << (i / 4));
    configuration["drawn"] = i * 7 % 16;
    store::PointRecord point;
    point.experiment_id = experiment;
    point.position = std::uint64_t(i);
    point.content_hash = point.configuration_hash = "zip" + std::to_string(i);
    point.configuration = configuration.dump();
    point.primary_metric = "mse";
    store.add_point(point);
  }
  store.describe_points(experiment);
  EXPECT_EQ(
      csv(file(), "SELECT path, kind, \"values\", follows_from FROM axes WHERE experiment = 'zip'"),
      "optimizer,word,2,\nbeta,word,1,optimizer\nrate,number,4,\nhalf,number,4,rate\n"
      "batch,ordered,4,\nseed,constant,1,\ndrawn,number,16,\n");
}

TEST_F(Answers, CurvesHaveTheirCost) {
  EXPECT_EQ(csv(file(),
                "SELECT epoch, value, step, evaluations, elapsed_seconds FROM curves "
                "WHERE run_id = 5000000 AND metric = 'train_loss'"),
            "0,10,0,0,0\n2,5.25,20,40,0.2\n4,0.5,40,80,0.4\n");
}

TEST_F(Answers, PairwiseComparesTheBestOfEachSideReplicateByReplicate) {
  // sgd against adam, each at its best rate: width 1: (1, 2, 3) against (2, 2, 2); width 2:
  // (5, 5, 5) against (3, 4, 5). a is adam.
  const auto row = rows("SELECT * FROM pairwise WHERE path = 'optimizer'").at(0);
  EXPECT_EQ(row["a"], "adam");
  EXPECT_EQ(row["b"], "sgd");
  EXPECT_EQ(row["points"], 2);
  EXPECT_EQ(row["points_a"], 1);
  EXPECT_EQ(row["points_b"], 0);
  EXPECT_EQ(row["pairs"], 6);
  EXPECT_EQ(row["dropped"], 0);
  EXPECT_EQ(row["wins"], 3);
  EXPECT_EQ(row["losses"], 1);
  EXPECT_EQ(row["ties"], 2);
  // Differences by replicate: (1, -2), (0, -1), (-1, 0): sums -1, -1, -1 about a mean of -0.5.
  EXPECT_EQ(row["diff"], -0.5);
  EXPECT_EQ(row["se"], 0);
}

TEST_F(Answers, PairwiseCountsFailuresAsLosses) {
  // Rates: below no other path that is swept but optimizer, so both optimizers are settings.
  // sgd width 1: 0.01 (4, 4, 7) against 0.1 (1, 2, 3); width 2: (6, 6, 6) against (5, 5, 5);
  // adam width 1: (2, 2, 2) against (0.5, 0.5, failed); width 2: (3, 4, 5) against failures.
  const auto row = rows("SELECT * FROM pairwise WHERE path = 'optimizer.lr'").at(0);
  EXPECT_EQ(row["points"], 4);
  EXPECT_EQ(row["points_a"], 1);
  EXPECT_EQ(row["points_b"], 3);
  EXPECT_EQ(row["pairs"], 12);
  EXPECT_EQ(row["dropped"], 4);
  EXPECT_EQ(row["wins"], 4) << "the failures of 0.1";
  EXPECT_EQ(row["losses"], 8);
  EXPECT_TRUE(row["diff"].is_null() && row["se"].is_null());
  EXPECT_NEAR(row["diff_done"], (3 + 2 + 4 + 1 + 1 + 1 + 1.5 + 1.5) / 8, 1e-15);
  // Clusters: 3 pairs of sum 5.5, 3 of sum 4.5, 2 of sum 5.
  const double mean = 15.0 / 8;
  const double squares =
      std::pow(5.5 - 3 * mean, 2) + std::pow(4.5 - 3 * mean, 2) + std::pow(5 - 2 * mean, 2);
  EXPECT_NEAR(row["se_done"], std::sqrt(squares * 3 / 2) / 8, 1e-15);
}

// Differences -1, 0, 1 have s = 1: se^2 = 1/3 + test/training, of two points 1/3 as well.
class Splits : public StoreTest {
 protected:
  double se_of(const json& csv, const json& vary) {
    auto store = store::Store::open(file());
    const auto name = fmt::format("splits {}", position_);
    const auto experiment = store.register_experiment({name, "", "s.yaml", "", {"optimizer"}});
    for (const auto* optimizer : {"sgd", "adam"}) {
      store::PointRecord point;
      point.experiment_id = experiment;
      point.position = ++position_;
      point.content_hash = point.configuration_hash = std::to_string(point.position);
      point.configuration = json({{"optimizer", {{"name", optimizer}}},
                                  {"data", {{"csv", csv}}},
                                  {"replicates", {{"vary", vary}}}})
                                .dump();
      point.replicates = 3;
      point.primary_metric = "mse";
      store::ChunkRecord chunk{store.add_point(point), 0, 3, {}, {}};
      for (std::uint64_t r = 0; r < 3; ++r) {
        record::Run run;
        run.replicate = r;
        run.train_loss = run.test_loss = *optimizer == 's' ? 1 : double(r);
        chunk.runs.push_back(run);
      }
      store.write(chunk);
    }
    store.describe_points(experiment);
    const auto rows = json::parse(store::query(
        file(), "SELECT se FROM pairwise WHERE experiment = '" + name + "'", store::Format::json));
    return rows.at(0).at("se");
  }

  std::uint64_t position_ = 0;
};

TEST_F(Splits, AddTheVarianceOfSharedSamples) {
  const json split = {"split"}, others = {"data", "init"};
  const auto se = [](double ratio) { return std::sqrt(1 / 3.0 + ratio); };
  EXPECT_NEAR(se_of({{"test", {{"fraction", 0.2}}}}, split), se(0.25), 1e-15);
  EXPECT_NEAR(se_of({{"test", {{"kfold", 5}}}}, split), se(0.25), 1e-15);
  EXPECT_NEAR(se_of({{"test", {{"fraction", 0.2}}}, {"validation", {{"fraction", 0.5}}}}, split),
              se(0.5), 1e-15);
  EXPECT_NEAR(se_of({{"test", {{"fraction", 0.2}}}}, others), se(0), 1e-15);
}

// Two optimizers under two losses on two seeds. adam is better under mse, by 100, and sgd under l1,
// by 1: the mean of these differences means nothing.
class Units : public StoreTest {
 protected:
  void SetUp() override {
    auto store = store::Store::open(file());
    experiment_ =
        store.register_experiment({"units", "", "units.yaml", "", {"seed", "loss", "optimizer"}});
    for (const int seed : {1, 2})
      for (const auto& [loss, optimizer, value] :
           {std::tuple("mse", "sgd", 300.0), std::tuple("mse", "adam", 200.0),
            std::tuple("l1", "sgd", 7.0), std::tuple("l1", "adam", 8.0)})
        add(store,
            {{"seed", seed}, {"loss", {{"name", loss}}}, {"optimizer", {{"name", optimizer}}}},
            value);
    store.describe_points(experiment_);
  }

  void add(store::Store& store, const json& configuration, double loss) {
    store::PointRecord point;
    point.experiment_id = experiment_;
    point.position = position_++;
    point.content_hash = point.configuration_hash = std::to_string(point.position);
    point.configuration = configuration.dump();
    point.replicates = 2;
    point.primary_metric = "mse";
    store::ChunkRecord chunk{store.add_point(point), 0, 2, {}, {}};
    for (std::uint64_t r = 0; r < 2; ++r) {
      descent::record::Run run;
      run.replicate = r;
      run.train_loss = run.test_loss = loss + double(r);
      run.curve = {{0, record::Metric::train_loss, 1000}, {1, record::Metric::train_loss, loss}};
      run.costs = {{0, 0, 0, 0}, {1, 1, 1, 1}};
      chunk.runs.push_back(run);
    }
    store.write(chunk);
  }

  std::string ask(const std::string& sql) const { return csv(file(), sql); }

  std::int64_t experiment_ = 0;
  std::uint64_t position_ = 0;
};

TEST_F(Units, AreComparedWithinATaskOnly) {
  EXPECT_EQ(ask("SELECT task, a, b, pairs, diff FROM pairwise WHERE path = 'optimizer' ORDER BY 1"),
            "\"seed=1, loss=l1\",adam,sgd,2,1\n\"seed=1, loss=mse\",adam,sgd,2,-100\n"
            "\"seed=2, loss=l1\",adam,sgd,2,1\n\"seed=2, loss=mse\",adam,sgd,2,-100\n");
  EXPECT_EQ(ask("SELECT count(*) FROM pairwise WHERE path <> 'optimizer'"), "0\n");
}

TEST_F(Units, HaveRanksOfTheirOwn) {
  EXPECT_EQ(ask("SELECT task, group_concat(rank), group_concat(point_id) FROM leaderboard "
                "WHERE task LIKE 'seed=1%' GROUP BY task"),
            "\"seed=1, loss=l1\",\"1,2\",\"3,4\"\n\"seed=1, loss=mse\",\"1,2\",\"2,1\"\n");
  EXPECT_EQ(ask("SELECT task, value, rank, points FROM best_per WHERE path = 'optimizer' AND task "
                "LIKE 'seed=2%' ORDER BY task, value"),
            "\"seed=2, loss=l1\",adam,2,1\n\"seed=2, loss=l1\",sgd,1,1\n"
            "\"seed=2, loss=mse\",adam,1,1\n\"seed=2, loss=mse\",sgd,2,1\n");
  EXPECT_EQ(ask("SELECT task, value FROM sensitivity WHERE path = 'optimizer' AND is_best "
                "ORDER BY point_id"),
            "\"seed=1, loss=mse\",adam\n\"seed=1, loss=l1\",sgd\n"
            "\"seed=2, loss=mse\",adam\n\"seed=2, loss=l1\",sgd\n");
}

// Of mse the target is 200 + 0.01 * 800, which sgd misses; of l1 it is 7 + 0.01 * 993, which both
// reach at the same time. Each task has two problems, the replicates.
TEST_F(Units, HaveProfilesOfTheirOwnAndOneOfAll) {
  EXPECT_EQ(ask("SELECT DISTINCT task, problems FROM performance_profile ORDER BY 1"),
            "all,8\n\"seed=1, loss=l1\",2\n\"seed=1, loss=mse\",2\n\"seed=2, loss=l1\",2\n"
            "\"seed=2, loss=mse\",2\n");
  EXPECT_EQ(ask("SELECT task, optimizer, solved FROM performance_profile WHERE cost = 'steps' AND "
                "metric = 'train_loss' AND tolerance = 0.01 AND tau = 1 AND task NOT LIKE "
                "'seed=2%' ORDER BY 1, 2"),
            "all,adam,8\nall,sgd,4\n\"seed=1, loss=l1\",adam,2\n\"seed=1, loss=l1\",sgd,2\n"
            "\"seed=1, loss=mse\",adam,2\n\"seed=1, loss=mse\",sgd,0\n");
}

// The file was edited, so no axis names the loss.
TEST_F(Units, AreSeparateWhereTheFileWasEdited) {
  auto store = store::Store::open(file());
  for (const std::string loss : {"mse", "huber"}) {
    experiment_ = store.register_experiment({"edited", "", "e.yaml", "", {"optimizer"}});
    for (const auto* optimizer : {"sgd", "adam"}) {
      json configuration = {{"loss", {{"name", loss}}}, {"optimizer", {{"name", optimizer}}}};
      if (loss == "huber") configuration["loss"]["delta"] = 1;
      add(store, configuration, 1);
    }
    store.describe_points(experiment_);
  }
  EXPECT_EQ(ask("SELECT swept FROM experiments WHERE name = 'edited'"),
            "\"[\"\"optimizer\"\",\"\"loss\"\"]\"\n");
  EXPECT_EQ(ask("SELECT optimizer, loss, task FROM edited"),
            "sgd,mse,loss=mse\nadam,mse,loss=mse\nsgd,huber,loss=huber\nadam,huber,loss=huber\n");
}

// Losses 1, 2, 3 against 2, 2, 5, times a scale with a square beyond double: by hand, standard
// errors are 1/sqrt(3) and 1, and that of the differences -1, 0, -2 is 1/sqrt(3).
class Scales : public Answers {
 protected:
  void SetUp() override {
    auto store = store::Store::open(file());
    for (const auto& [name, scale] :
         {std::pair("small", 1e-200), std::pair("plain", 1.0), std::pair("large", 1e200)}) {
      experiment_ = store.register_experiment({name, "", "race.yaml", "", {"optimizer"}});
      add(store, "sgd", 0.1, 1, {1 * scale, 2 * scale, 3 * scale});
      add(store, "adam", 0.1, 1, {2 * scale, 2 * scale, 5 * scale});
    }
  }
};

TEST_F(Scales, WithSquaresBeyondDoubleHaveErrors) {
  for (const auto& [name, scale] :
       {std::pair("small", 1e-200), std::pair("plain", 1.0), std::pair("large", 1e200)}) {
    const auto of = fmt::format("WHERE experiment = '{}'", name);
    const auto scores = rows("SELECT se FROM scores " + of + " ORDER BY rank");
    ASSERT_EQ(scores.size(), 2u) << name;
    EXPECT_NEAR(scores[0]["se"].get<double>() / scale, 1 / std::sqrt(3), 1e-12) << name;
    EXPECT_NEAR(scores[1]["se"].get<double>() / scale, 1, 1e-12) << name;
    const auto pairs = rows("SELECT diff, se FROM pairwise " + of);
    ASSERT_EQ(pairs.size(), 1u) << name;
    EXPECT_NEAR(std::abs(pairs[0]["diff"].get<double>()) / scale, 1, 1e-12) << name;
    EXPECT_NEAR(pairs[0]["se"].get<double>() / scale, 1 / std::sqrt(3), 1e-12) << name;
  }
}

}  // namespace
}  // namespace descent
