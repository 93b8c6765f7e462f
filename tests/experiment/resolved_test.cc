// SPDX-License-Identifier: MIT
// The resolved file: the same points again, and where each value comes from.
#include <algorithm>
#include <sstream>

#include "experiment/support.h"
#include "paths.h"

namespace descent::testing {
namespace {

namespace fs = std::filesystem;

class Resolved : public ExperimentFile {
 protected:
  experiment::Experiment again(const experiment::Experiment& experiment) {
    return experiment::Experiment::parse(experiment.file(), experiment.resolved(), {}, catalog_);
  }

  static Texts sorted(Texts texts) {
    std::ranges::sort(texts);
    return texts;
  }

  static void expect_same_points(const experiment::Experiment& a, const experiment::Experiment& b) {
    ASSERT_EQ(a.size(), b.size());
    EXPECT_EQ(a.name(), b.name());
    EXPECT_EQ(a.description(), b.description());
    EXPECT_EQ(sorted(a.swept()), sorted(b.swept()));  // in the order of the file, defaults last
    const auto step = std::max<std::uint64_t>(1, a.size() / 500);
    for (std::uint64_t i = 0; i < a.size(); i += step) {
      ASSERT_EQ(a.identity(i), b.identity(i)) << i << "\n" << a.resolved();
      if (i % (20 * step) != 0) continue;
      const auto x = a.point(i).settings, y = b.point(i).settings;
      EXPECT_EQ(x.replicates.count, y.replicates.count);
      EXPECT_EQ(x.train.timeout_seconds, y.train.timeout_seconds);
    }
  }

  // The line of the resolved file with this beginning, blanks aside.
  static std::string line(const experiment::Experiment& experiment, const std::string& beginning) {
    std::istringstream lines(experiment.resolved());
    for (std::string one; std::getline(lines, one);) {
      one.erase(0, one.find_first_not_of(' '));
      if (one.starts_with(beginning)) return one;
    }
    return "no line";
  }
};

TEST_F(Resolved, SaysThatACountIsFromStages) {
  const std::string data =
      "{synthetic: {function: x, x: {uniform: [0, 1]}, train: 8, validation: 8}}";
  const auto experiment = read(text({{"data", data}, {"stages", "{tune: 4, rerun: 8}"}}));
  EXPECT_TRUE(line(experiment, "count: 4").ends_with("file.yaml:7")) << experiment.resolved();
  expect_same_points(experiment, again(experiment));
  const auto own =
      read(text({{"data", data}, {"replicates", "3"}, {"stages", "{tune: 4, rerun: 8}"}}));
  EXPECT_TRUE(line(own, "count: 3").ends_with("file.yaml:7")) << own.resolved();
}

TEST_F(Resolved, PlansTheSamePointsOfEveryShippedExperiment) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(descent::source_path("experiments"))) {
    if (entry.path().extension() != ".yaml") continue;
    SCOPED_TRACE(entry.path());
    ++count;
    const auto experiment = experiment::Experiment::read(entry.path().string(), {}, catalog_);
    const auto resolved = again(experiment);
    expect_same_points(experiment, resolved);
  }
  EXPECT_GE(count, 15);
}

// Once resolved, a file stays as it is but for where its values come from.
TEST_F(Resolved, IsSettled) {
  const auto without_comments = [](const std::string& text) {
    std::istringstream lines(text);
    std::string all;
    for (std::string one; std::getline(lines, one);) all += one.substr(0, one.find("  # ")) + "\n";
    return all;
  };
  const auto once = again(read(text({{"regularizer", "[l1, {l2: {lambda: 3}}]"}})));
  EXPECT_EQ(without_comments(once.resolved()), without_comments(again(once).resolved()));
}

TEST_F(Resolved, KeepsAxesAndTheirOrder) {
  for (const auto& changes : std::vector<Lines>{
           {{"optimizer", "{grid: [{sgd: {lr: {logspace: [0.001, 1, 4]}}}, adam]}"},
            {"seed", "{linspace: [1, 3, 3]}"}},
           {{"model",
             "{layers: {grid: [[{linear: 1}], [{linear: {grid: [2, 3]}}, tanh, {linear: "
             "auto}]]}}"}},
           {{"train", "{grid: [{epochs: 20}, {epochs: {grid: [40, 80]}, batch: full}]}"}},
           {{"replicates", "{grid: [3, {count: 4, resample: none}]}"}},
           {{"union", "[{seed: {grid: [1, 2]}}, {train: {batch: 2, timeout: 30s}}]"}},
           {{"data",
             "{synthetic: {function: 'x > 0.5 ? 1 : 0', x: {grid: [{uniform: [0, 1]}, "
             "{normal: [0, 1]}]}, train: 8, test: 5}}"},
            {"description", "\"a: # 'b' \\\\ \\\"c\\\" \\u20ac\""}},
           {{"regularizer", "{grid: [none, [l1, l2], {l2: {lambda: {grid: [1, 2]}}}]}"}},
           {{"train", "{epochs: 5, schedule: [{step: {step_size: 2}}, constant]}"},
            {"optimizer", "{sgd: {momentum: 0.5}}"}}}) {
    SCOPED_TRACE(text(changes));
    if (!problems(text(changes)).empty()) continue;
    const auto experiment = read(text(changes));
    expect_same_points(experiment, again(experiment));
  }
}

TEST_F(Resolved, SaysWhereAValueComesFrom) {
  const auto base = write("base.yaml", "\ndtype: float64\nreplicates: 5\n");
  const auto experiment = read("include: base.yaml\n" + text({{"optimizer", "{sgd: {lr: 0.5}}"}}),
                               {"optimizer.momentum=0.25", "features+=standardize"});
  const auto file = (folder_ / "file.yaml").string();
  EXPECT_EQ(line(experiment, "dtype"), "dtype: float64  # " + base + ":2");
  EXPECT_EQ(line(experiment, "count"), "count: 5  # " + base + ":3");
  EXPECT_EQ(line(experiment, "lr"), "lr: 0.5  # " + file + ":6");
  EXPECT_EQ(line(experiment, "momentum"), "momentum: 0.25  # --set optimizer.momentum");
  EXPECT_EQ(line(experiment, "features"), "features: [standardize]  # --set features");
  EXPECT_EQ(line(experiment, "nesterov"), "nesterov: false  # default");
  EXPECT_EQ(line(experiment, "every"), "every: 2  # default");
  EXPECT_EQ(line(experiment, "bias"), "bias: true  # default");
  EXPECT_EQ(line(experiment, "reduction"), "reduction: mean  # default");
}

TEST_F(Resolved, KeepsTheWordOfWhatDataChoose) {
  const auto experiment = read(text({{"model", "{layers: [{linear: auto}]}"}}));
  EXPECT_EQ(line(experiment, "units"),
            "units: auto  # " + (folder_ / "file.yaml").string() + ":3, chosen by data");
}

// A twentieth of the epochs, which differ.
TEST_F(Resolved, LeavesOutWhatPointsDeriveDifferently) {
  const auto experiment = read(text({{"train", "{epochs: {grid: [20, 60]}}"}}));
  EXPECT_EQ(line(experiment, "every"), "no line");
  EXPECT_EQ(line(experiment, "weights"), "weights: false  # default");
}

}  // namespace
}  // namespace descent::testing
