// SPDX-License-Identifier: MIT
// Exit codes 2 and 3: the experiment file, the plugins and the store as things a user can put
// right.
#include "cli/desk.h"

namespace descent {
namespace {

using ExperimentErrors = Desk;

const std::string bad = R"(experiment: bad
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, nois: {normal: 0.25}, train: 20, test: 10}}
model: {layers: [{linear: 1}]}
loss: mes
optimizer: {sgd: {lr: -1, momentun: 0.9}}
train: {epochs: ten}
)";

const std::string expected_message =
    R"(bad.yaml:2:61: error: unknown key 'nois' in data.synthetic; did you mean 'noise'?
bad.yaml:4:7: error: loss 'mes' is not known; did you mean 'mse'?
bad.yaml:5:23: error: optimizer.sgd.lr = -1 is outside [0, 1000000]
bad.yaml:5:27: error: unknown key 'momentun' in optimizer 'sgd'; did you mean 'momentum'?
bad.yaml:6:17: error: train.epochs: expected a whole number >= 1, found 'ten'
)";

TEST_F(ExperimentErrors, AreAllReportedAtOnceWithTheirPlaces) {
  write("bad.yaml", bad);
  for (const std::string command : {"run", "plan"}) {
    const auto result = descent({command, "bad.yaml"});
    EXPECT_EQ(result.code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, expected_message);
    EXPECT_FALSE(std::filesystem::exists(path("results.db"))) << "nothing runs, nothing is made";
  }
}

TEST_F(ExperimentErrors, OfYamlItselfHaveAPlace) {
  write("bad.yaml", "experiment: bad\ndata: {synthetic: [\n");
  const auto result = descent({"run", "bad.yaml"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(result.err.starts_with("bad.yaml:")) << result.err;
  EXPECT_TRUE(contains(result.err, ": error: ")) << result.err;
}

TEST_F(ExperimentErrors, OfOverridesNameTheOverride) {
  write("small.yaml", small_experiment);
  const auto result = descent({"run", "small.yaml", "--set", "train.epoch=3"});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err,
            "--set train.epoch=3: error: unknown key 'epoch' in train; did you mean "
            "'epochs'?\n");
}

TEST_F(ExperimentErrors, OfAFileThatIsNotThere) {
  const auto result = descent({"run", "absent.yaml"});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.err, "absent.yaml: error: cannot be read: No such file or directory\n");
}

TEST_F(ExperimentErrors, OfDataAreReportedBeforeAnythingRuns) {
  write("data.csv", "a,b\n1,2\n3,four\n5,6\n");
  write("csv.yaml", R"(experiment: csv
data: {csv: {path: data.csv, target: b, test: 0.5}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: sgd
train: {epochs: 1}
)");
  const auto result = descent({"run", "csv.yaml"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(contains(result.err, "data.csv:3:")) << result.err;
  EXPECT_TRUE(contains(result.err, "four")) << result.err;
  EXPECT_FALSE(std::filesystem::exists(path("results.db")));
}

const std::string of_classes = R"(experiment: late
data: {csv: {path: data.csv, target: b}}
model: {layers: [{linear: auto}]}
loss: cross_entropy
optimizer: sgd
train: {epochs: 4}
)";

TEST_F(ExperimentErrors, ThatDataAndModelDecideHaveAPlace) {
  write("data.csv", "a,b\n1,u\n3,v\n5,w\n2,u\n");
  const auto expect = [&](const std::string& from, const std::string& to, const std::string& err) {
    auto text = of_classes;
    text.replace(text.find(from), from.size(), to);
    write("late.yaml", text);
    const auto result = descent({"plan", "late.yaml"});
    EXPECT_EQ(result.code, 2) << to;
    EXPECT_EQ(result.err, err);
  };
  expect("optimizer: sgd", "optimizer: {sgd: {on: {linear5.weight: {lr: 0.2}}}}",
         "late.yaml:5:23: error: optimizer.on: 'linear5.weight' is no block of the model; valid: "
         "bias, weight, linear0.weight, linear0.bias, where * stands for any text\n");
  expect("loss: cross_entropy", "loss: {cross_entropy: {class_weight: [1, 2]}}",
         "late.yaml:4:38: error: loss.class_weight has 2 values, the model has 3 outputs; give "
         "one for each\n");
  expect("train:", "features: [{pca: {count: 5}}]\ntrain:",
         "late.yaml:6:11: error: features: pca with count: 5 needs as many inputs, and there are "
         "1\n");
  expect("train:", "prune: {asha: {min_epochs: 10}}\ntrain:",
         "late.yaml:6:28: error: prune.asha.min_epochs = 10 leaves no rung: the longest point "
         "trains 4 epochs; give fewer, or leave prune out\n");
  expect("train:", "regularizer: {jacobian: {lambda: 0.1, on: all}}\ntrain:",
         "late.yaml:6:14: error: regularizer 'jacobian' penalizes derivatives of the outputs, not "
         "weights; leave out on: all\n");
  expect("optimizer: sgd", "optimizer: newton_cg\nregularizer: {nuclear: {lambda: 0.1}}",
         "late.yaml:5:12: error: optimizer 'newton_cg' multiplies by the Hessian, and regularizer "
         "'nuclear' gives no second derivatives; use apply: proximal\n");
  expect("target: b", "target: [b, b]",
         "late.yaml:2:38: error: data.csv.target names the column 'b' twice; name it once\n");
}

TEST_F(ExperimentErrors, WarnOfNumbersThatAreZeroInFloat32) {
  write("small.yaml", small_experiment);
  const auto result = descent({"plan", "small.yaml", "--set", "optimizer={sgd: {lr: 1e-50}}"});
  EXPECT_EQ(result.code, 0);
  EXPECT_TRUE(contains(result.err,
                       ": warning: optimizer.lr = 1e-50 is 0 in float32 (its smallest number above "
                       "0 is 1.4e-45); set dtype: float64, or write 0\n"))
      << result.err;
  const auto swept = descent(
      {"plan", "small.yaml", "--set", "optimizer={sgd: {lr: {grid: [0.1, 1e-50, 1e-60]}}}"});
  for (const std::string lr : {"1e-50", "1e-60"})
    EXPECT_TRUE(contains(swept.err, ": warning: optimizer.lr = " + lr + " is 0 in float32"))
        << swept.err;
}

using StoreErrors = Desk;

struct Attempt {
  std::string store, message;
};

void expect_store_error(const Result& result, const std::string& message) {
  EXPECT_EQ(result.code, 3);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, message + "\n");
}

TEST_F(StoreErrors, AreReportedAlikeByEveryCommand) {
  write("small.yaml", small_experiment);
  write("garbage.db", "this is no database, whatever its name says: plain text, a few words\n");
  const std::vector<Attempt> attempts{
      {"garbage.db",
       "garbage.db: error: is not a store: the file is not an SQLite database; give "
       "another file"},
      {".", ".: error: is a directory, not a store; name a file in it, such as ./results.db"}};
  for (const auto& [store, message] : attempts) {
    expect_store_error(descent({"run", "small.yaml", "--db", store}), message);
    expect_store_error(descent({"plan", "small.yaml", "--db", store}), message);
    expect_store_error(descent({"sql", store, "SELECT 1"}), message);
    expect_store_error(descent({"merge", store, "other.db"}), message);
  }
}

TEST_F(StoreErrors, OfAPlaceThatCannotBeWritten) {
  write("small.yaml", small_experiment);
  expect_store_error(
      descent({"run", "small.yaml", "--db", "absent/a.db"}),
      "absent/a.db: error: cannot be created: the folder '" + path("absent") + "' does not exist");
  expect_store_error(descent({"run", "small.yaml", "--db", "/proc/a.db"}),
                     "/proc/a.db: error: cannot be opened; check the permissions of the file and "
                     "its folder");
}

TEST_F(StoreErrors, OfAStoreThatIsNotThere) {
  const std::string message =
      "a.db: error: does not exist; `descent run FILE --db a.db` makes a store";
  expect_store_error(descent({"sql", "a.db", "SELECT 1"}), message);
  expect_store_error(descent({"merge", "out.db", "a.db"}), message);
}

TEST_F(StoreErrors, OfAnotherProgramsDatabase) {
  if (!is_there("sqlite3")) GTEST_SKIP() << "no sqlite3 shell";
  ASSERT_EQ(here("sqlite3 other.db 'CREATE TABLE t (x)'").code, 0);
  write("small.yaml", small_experiment);
  expect_store_error(descent({"run", "small.yaml", "--db", "other.db"}),
                     "other.db: error: is an SQLite database, but not a store of descent; give "
                     "another file");
}

TEST_F(ExperimentErrors, NameTheLineOfADataFileThatIsMissing) {
  write("lost.yaml",
        "experiment: lost\ndata:\n  csv:\n    path: data/lost.csv\n    target: y\n"
        "    test: {path: away.csv}\nmodel: {layers: [{linear: 1}]}\nloss: mse\n"
        "optimizer: sgd\ntrain: {epochs: 1}\n");
  const auto result = descent({"plan", "lost.yaml"});
  EXPECT_EQ(result.code, 2);
  const auto folder = std::filesystem::canonical(path("")).string();
  EXPECT_EQ(result.err,
            "lost.yaml:4:11: error: data.csv.path: there is no file 'lost.csv' in the folder '" +
                folder + "/data'; a path is relative to the file that contains this key\n" +
                "lost.yaml:6:18: error: data.csv.test.path: there is no file 'away.csv' in the "
                "folder '" +
                folder + "'; a path is relative to the file that contains this key\n");
}

}  // namespace
}  // namespace descent
