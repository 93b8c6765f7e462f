// SPDX-License-Identifier: MIT
// descent plan --why-new: what changed since the points that are stored.
#include "cli/desk.h"
#include "paths.h"

namespace descent {
namespace {

namespace fs = std::filesystem;

class WhyNew : public Desk {
 protected:
  std::string plan(Words more = {}) const {
    Words words = {"plan", "small.yaml", "--db", "small.db", "--why-new"};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = descent(words);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  }
};

TEST_F(WhyNew, NothingIsNew) {
  run_small();
  EXPECT_FALSE(contains(plan(), "small-grid: "));
}

TEST_F(WhyNew, NothingIsStored) {
  write("small.yaml", small_experiment);
  EXPECT_TRUE(contains(plan(), "small-grid: 2 points: no results of this experiment are stored"));
}

TEST_F(WhyNew, AKeyChanged) {
  run_small();
  EXPECT_TRUE(contains(plan({"--set", "optimizer.sgd.lr={grid: [0.1, 0.2]}"}),
                       "small-grid: 1 point: optimizer.lr 0.1 -> 0.2 (nearest stored point #1)"));
  EXPECT_TRUE(contains(plan({"--set", "train.epochs=20"}),
                       "small-grid: 2 points: train.epochs 10 -> 20 (nearest stored points #1, "
                       "#2)"));
  // What another optimizer brings with it is no difference of its own.
  EXPECT_TRUE(contains(plan({"--set", "optimizer=rmsprop"}), "1 point: optimizer sgd -> rmsprop "));
}

TEST_F(WhyNew, ManyKeysChanged) {
  run_small();
  EXPECT_TRUE(contains(plan({"--set", "train.epochs=20", "--set", "seed=9", "--set",
                             "train.batch=4", "--set", "loss=l1"}),
                       "small-grid: 2 points: no similar point is stored"));
}

TEST_F(WhyNew, MoreReplicatesAreWanted) {
  run_small();
  EXPECT_TRUE(
      contains(plan({"--set", "replicates=5"}), "small-grid: 2 points: more replicates, 3 -> 5"));
}

TEST_F(WhyNew, APluginWasRebuilt) {
  fs::create_directories(path("mine/optimizers"));
  const auto mine = path("mine/optimizers/sgd.so");
  fs::copy_file(descent::build_path("plugins/optimizers/sgd.so"), mine);
  run_small();
  std::ofstream(mine, std::ios::app) << '\0';
  const auto out = plan({"--plugins", "mine"});
  EXPECT_TRUE(contains(out, "small-grid: 1 point: plugin optimizer 'sgd' was rebuilt (")) << out;
  const auto report = nlohmann::json::parse(plan({"--plugins", "mine", "--json"}));
  const auto& reason = report["experiments"][0]["why_new"][0];
  EXPECT_EQ(reason["points"], 1);
  EXPECT_EQ(reason["changes"][0]["kind"], "optimizer");
  EXPECT_EQ(reason["changes"][0]["name"], "sgd");
  EXPECT_NE(reason["changes"][0]["before"], reason["changes"][0]["now"]);
}

TEST_F(WhyNew, ADataFileChanged) {
  auto file = small_experiment;
  const auto start = file.find("data: "), end = file.find('\n', start);
  file.replace(start, end - start, "data: {csv: {path: points.csv, target: y}}");
  write("small.yaml", file);
  write("points.csv", "x,y\n1,2\n2,4\n3,6\n");
  ASSERT_EQ(descent({"run", "small.yaml", "--db", "small.db"}).code, 0);
  write("points.csv", "x,y\n1,2\n2,4\n3,7\n");
  const auto out = plan();
  EXPECT_TRUE(contains(out, "small-grid: 2 points: data file 'points.csv' changed (")) << out;
}

TEST_F(WhyNew, TheValidationFileChanged) {
  auto file = small_experiment;
  const auto start = file.find("data: "), end = file.find('\n', start);
  file.replace(start, end - start,
               "data: {csv: {path: points.csv, target: y, validation: {path: held.csv}}}");
  write("small.yaml", file);
  write("points.csv", "x,y\n1,2\n2,4\n3,6\n");
  write("held.csv", "x,y\n4,8\n");
  ASSERT_EQ(descent({"run", "small.yaml", "--db", "small.db"}).code, 0);
  write("held.csv", "x,y\n4,9\n");
  const auto out = plan();
  EXPECT_TRUE(contains(out, "small-grid: 2 points: data file 'held.csv' changed (")) << out;
}

TEST_F(WhyNew, AnOldStoreDoesNotKnow) {
  if (!is_there("sqlite3")) GTEST_SKIP() << "no sqlite3 shell";
  run_small();
  auto file = small_experiment;
  const auto start = file.find("data: "), end = file.find('\n', start);
  file.replace(start, end - start, "data: {csv: {path: points.csv, target: y}}");
  write("small.yaml", file);
  write("points.csv", "x,y\n1,2\n2,4\n3,6\n");
  ASSERT_EQ(descent({"run", "small.yaml", "--db", "old.db"}).code, 0);
  ASSERT_EQ(here("sqlite3 old.db 'DELETE FROM point_inputs'").code, 0);
  write("points.csv", "x,y\n1,2\n2,4\n3,7\n");
  const auto result = descent({"plan", "small.yaml", "--db", "old.db", "--why-new"});
  EXPECT_TRUE(contains(result.out,
                       "2 points: data or the program changed; this store is too old to say which"))
      << result.out << result.err;
}

TEST_F(WhyNew, SeveralFilesHaveATotal) {
  run_small();
  auto other = small_experiment;
  other.replace(other.find("small-grid"), 10, "other");
  write("other.yaml", other);
  const auto out = descent({"plan", "small.yaml", "other.yaml", "--db", "small.db"}).out;
  EXPECT_TRUE(contains(out, "total                                4        12         6         6"))
      << out;
}

TEST_F(WhyNew, ResolvedIsOneFile) {
  write("small.yaml", small_experiment);
  const auto text = descent({"plan", "small.yaml", "--resolved", "--set", "seed=4"});
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_TRUE(contains(text.out, "\nseed: 4  # --set seed\n")) << text.out;
  write("again.yaml", text.out);
  ASSERT_EQ(descent({"run", "small.yaml", "--set", "seed=4", "--db", "small.db"}).code, 0);
  EXPECT_TRUE(contains(descent({"run", "again.yaml", "--db", "small.db"}).out, " 0 trained"));
  const auto two = descent({"plan", "small.yaml", "again.yaml", "--resolved"});
  EXPECT_EQ(two.code, 2);
  EXPECT_TRUE(contains(two.err, "--resolved prints one experiment file")) << two.err;
}

// Words that YAML reads as nothing are quoted.
TEST_F(WhyNew, ResolvedKeepsWordsForMissingValues) {
  write("data.csv", "a,b,y\n1,q,1\n2,,2\n,q,3\n4,p,4\n");
  write("file.yaml",
        "experiment: file\nseed: 1\n"
        "data: {csv: {path: data.csv, target: y, missing: {numbers: indicator, categories: own}, "
        "columns: {ordinal: {\"a\": [\"1\", \"2\", \"4\", \"null\"]}}}}\n"
        "model: {layers: [{linear: 1}]}\nloss: mse\noptimizer: sgd\ntrain: {epochs: 1}\n");
  const auto text = descent({"plan", "file.yaml", "--resolved"});
  EXPECT_EQ(text.code, 0) << text.err;
  write("again.yaml", text.out);
  const auto again = descent({"plan", "again.yaml"});
  EXPECT_EQ(again.code, 0) << again.err << text.out;
}

}  // namespace
}  // namespace descent
