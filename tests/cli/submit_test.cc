// SPDX-License-Identifier: MIT
// Jobs by hand: whatever is cut into shares, the store is that of one machine. No scheduler.
#include <fmt/format.h>

#include <chrono>

#include "cli/job_desk.h"

namespace descent {
namespace {

const std::string data_key =
    "data: {synthetic: {function: sin(6*x), x: {uniform: [0, 1]}, noise: {normal: 0.2}, "
    "train: 40, test: 30, validation: 20}}\n";
const std::string model_keys = "model: {layers: [{linear: 4}, tanh, {linear: 1}]}\nloss: mse\n";

const std::string grid_file =
    "experiment: a-grid\nseed: 3\n" + data_key + model_keys +
    "optimizer: {grid: [{sgd: {lr: {grid: [0.01, 0.1, 1.0e+5]}}}, adam]}\n"
    "train: {epochs: {grid: [4, 10]}, batch: 8}\nreplicates: 25\n"
    "record: {every: 2, weights: true}\n";
const std::string until_file = "experiment: until\nseed: 4\n" + data_key + model_keys +
                               "optimizer: {sgd: {lr: {grid: [0.02, 0.3]}}}\ntrain: {epochs: 5}\n"
                               "replicates: {until: {total_se: 0.02}, max: 400}\n";
const std::string stages_file =
    "experiment: staged\nseed: 5\n" + data_key + model_keys +
    "optimizer: {grid: [{sgd: {lr: {grid: [0.01, 0.1]}}}, {adam: {lr: {grid: [0.001, 0.1]}}}]}\n"
    "train: {epochs: 10}\nstages: {tune: 3, select: {per: optimizer}, rerun: 8}\n";
const std::string asha_file =
    "experiment: halved\nseed: 6\n" + data_key + model_keys +
    "optimizer: {grid: [{sgd: {lr: {grid: [0.001, 0.01, 0.05, 0.1, 0.2]}}}, "
    "{adam: {lr: {grid: [0.001, 0.01, 0.1]}}}]}\n"
    "train: {epochs: 20}\nreplicates: 3\nrecord: {every: 5, weights: true}\n"
    "prune: {asha: {min_epochs: 4, reduction: 2, per: optimizer}}\n";
const std::string no_test_set =
    "experiment: no-test\nseed: 7\n"
    "data: {synthetic: {function: 5*x, x: {uniform: [0, 1]}, noise: {normal: 0.2}, train: 40, "
    "test: 0}}\n" +
    model_keys +
    "optimizer: {sgd: {lr: {grid: [0.01, 0.1]}}}\ntrain: {epochs: 6}\nreplicates: 30\n";
const std::string crossed_file =
    "experiment: crossed\nseed: 8\n" + data_key + model_keys +
    "optimizer: {sgd: {lr: {grid: [0.01, 0.1]}}}\ntrain: {epochs: 4}\n"
    "replicates: {count: 40, layout: crossed, seeds: 4, vary: [data, init]}\n";

class Submit : public JobDesk {
 protected:
  void expect_one_machines_store(const std::string& yaml, const std::string& shares, int code = 0) {
    write("grid.yaml", yaml);
    const auto last = train_all(submit({"grid.yaml"}, {"--shares", shares}));
    EXPECT_EQ(last.code, code) << last.out << last.err;
    expect_as_by({"grid.yaml"}, code);
  }
};

// Each of these trains twice, on one machine and in shares.
class ExhaustiveSubmit : public Submit {};

TEST_F(Submit, TrainsAGridAsOneMachineDoes) { expect_one_machines_store(grid_file, "5", 1); }

TEST_F(ExhaustiveSubmit, DividesAPointThatIsLargerThanAShare) {
  expect_one_machines_store(grid_file, "40", 1);
  EXPECT_TRUE(job()["has_divided"]);
}

TEST_F(ExhaustiveSubmit, GrowsPointsUntilTheirErrorsAreSmall) {
  expect_one_machines_store(until_file, "2");
}

TEST_F(ExhaustiveSubmit, SelectsAndTrainsAgain) { expect_one_machines_store(stages_file, "3"); }

TEST_F(ExhaustiveSubmit, RanksAtEachRungWhenAllSharesAreThere) {
  expect_one_machines_store(asha_file, "4");
  EXPECT_GE(round(), 3u);
}

TEST_F(ExhaustiveSubmit, RanksRunsThatWereTrainedToTheEndBefore) {
  auto whole = asha_file;
  whole.erase(whole.find("prune:"));
  write("whole.yaml", whole);
  write("grid.yaml", asha_file);
  for (const std::string store : {"out.db", "whole.db"})
    ASSERT_EQ(descent({"run", "whole.yaml", "--db", store, "-q"}).code, 0);
  const auto last = train_all(submit({"grid.yaml"}, {"--shares", "2"}));
  EXPECT_EQ(last.code, 0) << last.out << last.err;
  EXPECT_GE(round(), 2u) << "no round brings a run, each brings scores";
  EXPECT_EQ(descent({"run", "grid.yaml", "--db", "whole.db", "-q"}).code, 0);
  const std::string rungs = "SELECT * FROM rungs ORDER BY point_id, epoch";
  EXPECT_EQ(descent({"sql", "out.db", rungs}).out, descent({"sql", "whole.db", rungs}).out);
}

TEST_F(ExhaustiveSubmit, DividesPointsThatAreNotDecomposed) {
  expect_one_machines_store(no_test_set, "7");
}

TEST_F(ExhaustiveSubmit, KeepsBlocksOfALayoutWhole) {
  expect_one_machines_store(crossed_file, "9");
}

TEST_F(ExhaustiveSubmit, TrainsSeveralFilesTogether) {
  write("a.yaml", grid_file);
  write("b.yaml", asha_file);
  write("c.yaml", stages_file);
  const Words files{"a.yaml", "b.yaml", "c.yaml"};
  EXPECT_EQ(train_all(submit(files, {"--shares", "4"})).code, 1);
  expect_as_by(files, 1);
}

TEST_F(Submit, KnowsAStoreFromAJob) {
  write("a.db", "a store");
  std::filesystem::create_directory(path("a.db.job"));
  const auto result = descent({"status", "a.db"});
  EXPECT_EQ(result.code, 2);
  EXPECT_NE(result.err.find("a.db: is a file, and a job is a folder; did you mean a.db.job?"),
            std::string::npos)
      << result.err;
}

TEST_F(Submit, SaysWhatToRunAndThenReports) {
  write("grid.yaml", small_experiment);
  const auto begun = submit({"grid.yaml"}, {"--shares", "2"});
  EXPECT_EQ(begun.code, round_waits);
  const auto folder = path("out.db.job");
  EXPECT_EQ(begun.out, fmt::format("round 1: 2 shares of 6 runs; run descent share {0} I for I = 0 "
                                   "... 1, then descent submit --job {0}\n",
                                   folder));
  EXPECT_EQ(collect().out, begun.out) << "nothing was run: the round is the same";
  const auto last = train_all(begun);
  EXPECT_TRUE(contains(last.out, "merged 2 parts: 6 runs")) << last.out;
  EXPECT_TRUE(contains(last.out, "2 points, 6 runs: 6 stored before, 0 trained")) << last.out;
  const auto status = descent({"status", "out.db.job"});
  EXPECT_TRUE(contains(status.out, "grid: done in 1 round; 6 runs")) << status.out;
}

TEST_F(Submit, GoesThroughAllRoundsInTheLoopOfTheManual) {
  const auto page = read_file(source_path("docs/cluster.md")).value();
  const auto begin = page.find("descent submit grid.yaml --db out.db --by-hand --shares 8\n");
  ASSERT_NE(begin, page.npos);
  write("grid.yaml", stages_file);
  const auto said = here("descent() { " + program() + " \"$@\"; }\n" +
                         page.substr(begin, page.find("```", begin) - begin));
  EXPECT_TRUE(contains(said.text, "round 2: ")) << said.text;
  EXPECT_TRUE(contains(descent({"status", "out.db.job"}).out, "done in 2 rounds")) << said.text;
}

TEST_F(Submit, TakesTheNumberOfAShareFromAnArray) {
  write("grid.yaml", small_experiment);
  submit({"grid.yaml"}, {"--shares", "2"});
  for (const auto& [variable, value] :
       {std::pair("SLURM_ARRAY_TASK_ID", "1"), std::pair("SGE_TASK_ID", "1"),
        std::pair("JOB_COMPLETION_INDEX", "1"), std::pair("PBS_ARRAY_INDEX", "0")}) {
    auto request = invocation({"share", "out.db.job"});
    request.environment[variable] = value;
    EXPECT_EQ(run(request).code, 0) << variable;
  }
  EXPECT_TRUE(std::filesystem::exists(part(0)) && std::filesystem::exists(part(1)));
  const auto other = share(2);
  EXPECT_EQ(other.code, 2);
  EXPECT_TRUE(contains(other.err, "there is no share 2: round 1 has the shares 0 to 1"))
      << other.err;
}

TEST_F(ExhaustiveSubmit, TrainsCopiesWhateverHappensToTheFiles) {
  std::string csv = "x,y\n";
  for (int i = 0; i < 40; ++i) csv += fmt::format("{},{}\n", i / 40.0, (i * 7 % 11) / 11.0);
  write("points.csv", csv);
  std::filesystem::create_directory(path("sub"));
  const std::string yaml =
      "experiment: from-file\nseed: 1\n"
      "data: {csv: {path: points.csv, target: y, test: {fraction: 0.25}}}\n"
      "model: {layers: [{linear: 1}]}\nloss: mse\noptimizer: {sgd: {lr: {grid: [0.1, 0.2]}}}\n"
      "train: {epochs: 5}\nreplicates: 4\n";
  write("grid.yaml", yaml);
  const auto begun = submit({"grid.yaml"}, {"--shares", "2"});
  ASSERT_EQ(begun.code, round_waits) << begun.err;
  write("grid.yaml", yaml + "# and more\nnot: valid\n");
  write("points.csv", "x,y\n1,2\n");
  EXPECT_EQ(train_all(begun).code, 0);
  write("grid.yaml", yaml);
  write("points.csv", csv);
  expect_as_by({"grid.yaml"});
}

// The labels of an IDX file are a file of their own.
TEST_F(Submit, KeepsCopiesOfEveryDataFile) {
  using namespace std::string_literals;
  write("images", "\0\0\x08\x03\0\0\0\x04\0\0\0\x01\0\0\0\x02\x00\xFF\x01\x02\x03\x04\x05\x06"s);
  write("labels", "\0\0\x08\x01\0\0\0\x04\x07\x01\x07\x01"s);
  write("grid.yaml",
        "experiment: images\nseed: 1\n"
        "data: {csv: {path: images, target: label, labels: {path: labels}, test: {path: images, "
        "labels: labels}}}\n"
        "model: {layers: [{linear: auto}]}\nloss: cross_entropy\noptimizer: {sgd: {lr: 0.01}}\n"
        "train: {epochs: 2}\nreplicates: 2\n");
  const auto begun = submit({"grid.yaml"}, {"--shares", "1"});
  ASSERT_EQ(begun.code, round_waits) << begun.err;
  std::filesystem::remove(path("images"));
  std::filesystem::remove(path("labels"));
  const auto last = train_all(begun);
  EXPECT_EQ(last.code, 0) << last.err;
}

TEST_F(Submit, RefusesAFileThatChangedWhereItKeepsNoCopies) {
  write("grid.yaml", small_experiment);
  ASSERT_EQ(submit({"grid.yaml"}, {"--no-freeze"}).code, round_waits);
  write("grid.yaml", small_experiment + "# edited\n");
  for (const auto& result : {share(0), collect()}) {
    EXPECT_EQ(result.code, 2);
    EXPECT_TRUE(contains(result.err, "the experiment " + path("grid.yaml") + " has changed"))
        << result.err;
  }
}

TEST_F(Submit, TakesOverALockThatIsNoLongerTouched) {
  write("grid.yaml", small_experiment);
  ASSERT_EQ(submit({"grid.yaml"}).code, round_waits);
  const auto lock = write("out.db.job/lock", "elsewhere 17 -\n");
  const auto refused = collect();
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(contains(refused.err, "is being collected by process 17 on elsewhere"))
      << refused.err;
  std::filesystem::last_write_time(
      lock, std::filesystem::file_time_type::clock::now() - std::chrono::minutes(5));
  EXPECT_EQ(collect().code, round_waits);
  EXPECT_TRUE(contains(read_file(path("out.db.job/log")).value(),
                       "took over the lock of process 17 on elsewhere, which has ended"));
  EXPECT_FALSE(std::filesystem::exists(lock));
}

TEST_F(Submit, LetsNobodyElseWriteItsCopiesOfPlugins) {
  write("grid.yaml", small_experiment);
  const auto modes = here("umask 002; " + program() +
                          " submit grid.yaml --db out.db --by-hand >/dev/null; "
                          "stat -c %a out.db.job/frozen/plugins out.db.job/frozen/plugins/losses");
  EXPECT_EQ(modes.text, "755\n755\n");
}

TEST_F(Submit, ChecksTheOptionsOfSlurm) {
  write("grid.yaml", small_experiment);
  write("sbatch", "#!/bin/sh\nexit 1\n");
  std::filesystem::permissions(path("sbatch"), std::filesystem::perms::owner_all);
  const auto code_of = [&](const std::string& options, std::string* text) {
    auto request = invocation({"submit", "grid.yaml", "--db", "out.db", "--slurm", options});
    request.environment["PATH"] = path("") + ":/usr/bin:/bin";
    const auto result = run(request);
    *text = result.err;
    std::filesystem::remove_all(path("out.db.job"));
    return result.code;
  };
  std::string text;
  for (const std::string time : {"-t 4", "-t4", "--time=4:59", "--time 0:4:00", "-p long -t 0-0:4"})
    EXPECT_TRUE(code_of(time, &text) == 2 && contains(text, "leaves a share no time"))
        << time << text;
  for (const std::string time : {"-t 5", "--time=1:00:00", "-t 2-12", "-t 1-0:30:10", "-p long"})
    EXPECT_EQ(code_of(time, &text), 5) << time << text;  // sbatch says no
  EXPECT_EQ(code_of("-p long --output=x", &text), 2);
  EXPECT_TRUE(contains(text, "--slurm: --output is set by submit")) << text;
}

TEST_F(Submit, RefusesAJobOfOtherFiles) {
  write("grid.yaml", small_experiment);
  submit({"grid.yaml"});
  const auto result = submit({"grid.yaml"}, {"--set", "train.epochs=3"});
  EXPECT_EQ(result.code, 2);
  EXPECT_TRUE(contains(result.err, "is a job with other --set")) << result.err;
  EXPECT_EQ(descent({"share", path("nowhere"), "0"}).code, 2);
}

TEST_F(ExhaustiveSubmit, OfAPluginThatCrashesStoresRows) {
  write("grid.yaml", small_experiment);
  const Words more{"--plugins", test_plugins(), "--set", "optimizer={grid: [sgd, segfaults]}"};
  auto words = more;
  words.insert(words.end(), {"--shares", "2"});
  const auto last = train_all(submit({"grid.yaml"}, words));
  EXPECT_EQ(last.code, 1) << last.err;
  words = {"grid.yaml"};
  words.insert(words.end(), more.begin(), more.end());
  expect_as_by(words, 1);
}

}  // namespace
}  // namespace descent
