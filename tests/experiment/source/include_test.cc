// SPDX-License-Identifier: MIT
// include: what one file takes over from others.
#include "experiment/support.h"

namespace descent::testing {
namespace {

namespace fs = std::filesystem;

class Include : public ExperimentFile {
 protected:
  // The problems with full places, without the folder's name.
  Texts located_problems(const std::string& content, const Overrides& overrides = {}) {
    try {
      read(content, overrides);
    } catch (const Error& error) {
      Texts all;
      for (const auto& problem : error.problems()) {
        auto line = problem.line();
        const auto prefix = folder_.string() + "/";
        for (auto at = line.find(prefix); at != line.npos; at = line.find(prefix))
          line.erase(at, prefix.size());
        all.push_back(line);
      }
      return all;
    }
    return {};
  }
};

TEST_F(Include, LaysTheFileOverWhatItIncludes) {
  write("base.yaml", text({{"seed", "3"}, {"record", "{every: 4}"}}));
  const auto experiment =
      read("include: base.yaml\nexperiment: mine\ntrain: {batch: 4}\nseed: 5\n");
  EXPECT_EQ(experiment.name(), "mine");
  const auto c = experiment.point(0).configuration;
  EXPECT_EQ(c["train"]["epochs"], 40);  // maps are joined key by key
  EXPECT_EQ(c["train"]["batch"], 4);
  EXPECT_EQ(c["seed"], 5);
  EXPECT_EQ(c["record"]["every"], 4);
}

TEST_F(Include, ReplacesListsAndPlugins) {
  write("base.yaml", text({{"optimizer", "{sgd: {lr: 7}}"}, {"features", "[standardize]"}}));
  const auto c = resolved(
      "include: base.yaml\noptimizer: {sgd: {momentum: 0.5}}\n"
      "features: [{scale: 2}]\n");
  EXPECT_NE(c["optimizer"]["lr"], 7);
  EXPECT_EQ(c["features"].size(), 1u);
}

TEST_F(Include, ALaterFileOfAListIsLaidOverAnEarlier) {
  write("a.yaml", text({{"seed", "1"}, {"dtype", "float64"}}));
  write("b.yaml", "seed: 2\n");
  const auto c = resolved("include: [a.yaml, b.yaml]\n");
  EXPECT_EQ(c["seed"], 2);
  EXPECT_EQ(c["dtype"], "float64");
}

TEST_F(Include, NamesAreRelativeToTheFileThatNamesThem) {
  write("common/all.yaml", "include: parts/model.yaml\n" + text());
  write("common/parts/model.yaml", "seed: 9\n");
  EXPECT_EQ(resolved("include: common/all.yaml\n")["seed"], 9);
}

TEST_F(Include, APartNeedNotBeAnExperiment) {
  write("base.yaml", "seed: 3\n");
  EXPECT_EQ(resolved("include: base.yaml\n" + text())["seed"], 3);
}

TEST_F(Include, AUnionIsReplacedAndLaidOverTheWhole) {
  write("base.yaml", text({{"union", "[{seed: 1}, {seed: 2}]"}}));
  EXPECT_EQ(values(read("include: base.yaml\ndtype: float64\n"), "seed"),
            (std::vector<json>{1, 2}));
  EXPECT_EQ(values(read("include: base.yaml\nunion: [{seed: 5}]\n"), "seed"),
            (std::vector<json>{5}));
}

TEST_F(Include, AnchorsAreAFilesOwn) {
  write("base.yaml", "x-a: &a {lr: 0.5}\n" + text({{"optimizer", "{sgd: {<<: *a}}"}}));
  const auto file = "include: base.yaml\nx-a: &a 5\nseed: *a\n";
  EXPECT_EQ(resolved(file)["seed"], 5);
  EXPECT_EQ(resolved(file)["optimizer"]["lr"], 0.5);
  EXPECT_EQ(resolved("include: base.yaml\n", {"x-a.lr=2"})["optimizer"]["lr"], 2);
}

// Paths of data are relative to the file that writes them; the resolved one to the experiment's.
TEST_F(Include, DataLieNextToTheFileThatNamesThem) {
  write("common/base.yaml",
        text({{"data", "{csv: {path: points.csv, target: y, test: {path: ../more.csv}}}"}}));
  const auto experiment = read("include: common/base.yaml\n");
  const auto point = experiment.point(0);
  EXPECT_EQ(point.configuration["data"]["csv"]["path"], "common/points.csv");
  EXPECT_EQ(point.configuration["data"]["csv"]["test"]["path"], "more.csv");
  EXPECT_EQ(std::get<data::CsvSpec>(point.settings.data).path,
            (folder_ / "common/points.csv").string());
  const auto other = read("include: common/base.yaml\ndata: {csv: {path: mine.csv}}\n");
  EXPECT_EQ(std::get<data::CsvSpec>(other.point(0).settings.data).path,
            (folder_ / "mine.csv").string());
  const auto set = read("include: common/base.yaml\n", {"data.csv.path=set.csv"});
  EXPECT_EQ(std::get<data::CsvSpec>(set.point(0).settings.data).path,
            (folder_ / "set.csv").string());
}

TEST_F(Include, ErrorsAreInTheNameOfTheFileThatHasThem) {
  write("base.yaml", text({{"optimizer", "{sgd: {momentum: 7}}"}}));
  EXPECT_EQ(located_problems("include: base.yaml\nseed: x\n"),
            (Texts{"file.yaml:2:7: error: seed: expected a whole number >= 0, found 'x'",
                   "base.yaml:5:29: error: optimizer.sgd.momentum = 7 is outside [0, 1]"}));
}

TEST_F(Include, NeedsWhatAnyExperimentNeeds) {
  write("base.yaml", "seed: 3\n");
  const auto lines = located_problems("include: base.yaml\n");
  ASSERT_GE(lines.size(), 2u);
  EXPECT_EQ(lines[0],
            "file.yaml:1:1: error: an experiment needs the key 'experiment', as in `experiment: "
            "my-first`");
}

TEST_F(Include, TellsTheChainOfACycle) {
  write("a.yaml", "include: sub/b.yaml\n");
  write("sub/b.yaml", "include: ../a.yaml\n");
  EXPECT_EQ(located_problems("include: a.yaml\n" + text()),
            Texts{"sub/b.yaml:1:10: error: include: the files include each other: a.yaml -> "
                  "sub/b.yaml -> a.yaml"});
  EXPECT_EQ(located_problems("include: file.yaml\n" + text()),
            Texts{"file.yaml:1:10: error: include: the files include each other: file.yaml -> "
                  "file.yaml"});
}

TEST_F(Include, TellsWhereAMissingFileIsNamed) {
  EXPECT_EQ(located_problems("include: nowhere.yaml\n" + text()),
            Texts{"file.yaml:1:10: error: include: 'nowhere.yaml' cannot be read: No such file or "
                  "directory"});
  EXPECT_EQ(located_problems("include: [., 3.yaml]\n" + text()),
            (Texts{"file.yaml:1:11: error: include: '' is a folder, not a file",
                   "file.yaml:1:14: error: include: '3.yaml' cannot be read: No such file or "
                   "directory"}));
}

TEST_F(Include, WantsNames) {
  EXPECT_EQ(located_problems("include: {a: b}\n" + text()),
            Texts{"file.yaml:1:10: error: include: expected the name of a file or a list of them, "
                  "found a map"});
  write("list.yaml", "[1, 2]\n");
  write("empty.yaml", "");
  EXPECT_EQ(
      located_problems("include: list.yaml\n" + text()),
      Texts{"list.yaml:1:1: error: expected a map of keys such as `experiment: NAME`, found a "
            "list"});
  EXPECT_EQ(located_problems("include: empty.yaml\n" + text()),
            Texts{"empty.yaml: error: is empty; there is nothing to include"});
}

// Each level names the next one twice: 2^20 readings.
TEST_F(Include, CannotBlowUp) {
  for (int i = 0; i < 20; ++i) {
    const auto next = std::to_string(i + 1) + ".yaml";
    write(std::to_string(i) + ".yaml", "include: [" + next + ", " + next + "]\n");
  }
  write("20.yaml", "seed: 1\n");
  const auto lines = located_problems("include: 0.yaml\n" + text());
  ASSERT_FALSE(lines.empty());
  EXPECT_NE(lines[0].find("more than 100 files are included"), std::string::npos) << lines[0];
  EXPECT_LT(lines.size(), 200u);
}

TEST_F(Include, TheSourceHoldsAllTexts) {
  EXPECT_EQ(read(text()).source(), text());
  const auto base = write("base.yaml", text());
  const auto source = read("include: base.yaml\nseed: 1", {"seed=2"}).source();
  EXPECT_EQ(source, "# " + (folder_ / "file.yaml").string() + ":\ninclude: base.yaml\nseed: 1\n# " +
                        base + ":\n" + text() + "# --set seed=2\n");
}

TEST_F(Include, OverridesChooseAndReachIt) {
  write("a.yaml", "seed: 1\n");
  write("b.yaml", "seed: 2\ndtype: float64\n");
  const auto file = "include: a.yaml\n" + text();
  EXPECT_EQ(resolved(file, {"include=b.yaml"})["seed"], 2);
  EXPECT_EQ(resolved(file, {"include+=b.yaml"})["dtype"], "float64");
  EXPECT_EQ(resolved(file, {"include+=b.yaml", "dtype=float32"})["dtype"], "float32");
  EXPECT_EQ(located_problems(file, {"include=c.yaml"}),
            Texts{"--set include=c.yaml: error: include: 'c.yaml' cannot be read: No such file or "
                  "directory"});
}

TEST_F(Include, TellsWhichFilesItReads) {
  write("base.yaml", "include: [more.yaml, missing.yaml]\n");
  write("more.yaml", "seed: 1\n");
  const auto file = write("file.yaml", "include: base.yaml\n");
  const auto in_folder = [&](const char* name) { return (folder_ / name).string(); };
  EXPECT_EQ(
      experiment::Experiment::files(file, {}),
      (Texts{file, in_folder("base.yaml"), in_folder("more.yaml"), in_folder("missing.yaml")}));
  EXPECT_EQ(experiment::Experiment::files(in_folder("none.yaml"), {}),
            Texts{in_folder("none.yaml")});
}

}  // namespace
}  // namespace descent::testing
