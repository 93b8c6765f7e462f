// SPDX-License-Identifier: MIT
// Every error says where, what was found, what is valid; all of a file at once.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using Errors = ExperimentFile;

TEST_F(Errors, NameTheNearestKey) {
  EXPECT_EQ(problems({{"train", "{epochs: 40, bacth: 8}"}}),
            Texts{"6:21: unknown key 'bacth' in train; did you mean 'batch'?"});
  EXPECT_EQ(problems({{"optimiser", "adam"}}),
            Texts{"7:1: unknown key 'optimiser' in an experiment; did you mean 'optimizer'?"});
  EXPECT_EQ(problems({{"replicates", "{count: 2, layers: nested}"}}),
            Texts{"7:24: unknown key 'layers' in replicates; valid: count, first, "
                  "until, max, resample, vary, layout, seeds, parts"});
  EXPECT_EQ(problems({{"train", "{epochs: 40, warmth: 1}"}}),
            Texts{"6:21: unknown key 'warmth' in train; valid: epochs, steps, batch, "
                  "replacement, schedule, clip_norm, clip_value, ema, stop, timeout, memory"});
}

TEST_F(Errors, NameTheNearestPluginAndHyperparameter) {
  EXPECT_EQ(problems({{"optimizer", "adm"}}),
            Texts{"5:12: optimizer 'adm' is not known; did you mean 'adam'?"});
  EXPECT_EQ(problems({{"optimizer", "{sgd: {lr: 0.1, momentm: 0.9}}"}}),
            Texts{"5:28: unknown key 'momentm' in optimizer 'sgd'; did you mean 'momentum'?"});
  EXPECT_EQ(problems({{"loss", "{msee: {}}"}}),
            Texts{"4:8: loss 'msee' is not known; did you mean 'mse'?"});
  EXPECT_EQ(problems({{"model", "{layers: [{linear: 4}, tnah, {linear: 1}]}"}}),
            Texts{"3:31: layer 'tnah' is not known; did you mean 'tanh'?"});
  EXPECT_EQ(problems({{"model", "{layers: [{linear: 4}, {tanh: {slope: 1}}, {linear: 1}]}"}}),
            Texts{"3:39: unknown key 'slope' in layer 'tanh', which has no keys"});
  EXPECT_EQ(problems({{"dtype", "float16"}}),
            Texts{"7:8: dtype: 'float16' is not known; did you mean 'float32'?"});
}

TEST_F(Errors, SayWhichTypeWasExpected) {
  EXPECT_EQ(problems({{"train", "{epochs: abc}"}}),
            Texts{"6:17: train.epochs: expected a whole number >= 1, found 'abc'"});
  EXPECT_EQ(problems({{"train", "{epochs: 1.5}"}}),
            Texts{"6:17: train.epochs: expected a whole number >= 1, found '1.5'"});
  EXPECT_EQ(problems({{"train", "{epochs: \"40\"}"}}),
            Texts{"6:17: train.epochs: expected a whole number >= 1, found the text \"40\""});
  EXPECT_EQ(problems({{"train", "{epochs: [1]}"}}),
            Texts{"6:17: train.epochs: expected a whole number >= 1, found a list; for an axis of "
                  "values: {grid: [...]}"});
  EXPECT_EQ(problems({{"train", "{epochs: {gird: [1, 2]}}"}}),
            Texts{"6:17: train.epochs: expected a whole number >= 1, found a map; did you mean "
                  "'grid'?"});
  EXPECT_EQ(problems({{"train", "{epochs: 1, batch: half}"}}),
            Texts{"6:27: train.batch: expected a whole number >= 1 or full, found 'half'"});
  EXPECT_EQ(problems({{"optimizer", "{sgd: {lr: fast}}"}}),
            Texts{"5:23: optimizer.sgd.lr: expected a number in [0, 1000000], found 'fast'"});
  EXPECT_EQ(problems({{"optimizer", "{sgd: {lr: .nan}}"}}),
            Texts{"5:23: optimizer.sgd.lr: expected a number in [0, 1000000], found '.nan'"});
  EXPECT_EQ(problems({{"optimizer", "{sgd: {nesterov: yes}}"}}),
            Texts{"5:29: optimizer.sgd.nesterov: expected true or false, found 'yes'"});
  EXPECT_EQ(problems({{"optimizer", "{sgd: {nesterov: 1}}"}}),
            Texts{"5:29: optimizer.sgd.nesterov: expected true or false, found '1'"});
  EXPECT_EQ(problems({{"train", "3"}}),
            Texts{"6:8: train: expected a map of keys, found '3'; did you mean {epochs: 3}?"});
  EXPECT_EQ(problems({{"model", "{layers: tanh}"}}),
            Texts{"3:17: model.layers: expected a list, found 'tanh'"});
  EXPECT_EQ(problems({{"optimizer", "[sgd]"}}),
            Texts{"5:12: optimizer: expected NAME or NAME: {...} of an optimizer, found a list; "
                  "for an axis of values: {grid: [...]}"});
  EXPECT_EQ(problems({{"optimizer", "{gird: [sgd, adam]}"}}),
            Texts{"5:13: optimizer 'gird' is not known; did you mean 'grid'?"});
  EXPECT_EQ(
      problems({{"optimizer", "{sgd: {}, adam: {}}"}}),
      Texts{"5:12: optimizer: expected NAME or NAME: {...} of an optimizer, found a map with 2 "
            "names, sgd and adam; give one, or an axis: {grid: [sgd, adam]}"});
  EXPECT_EQ(problems({{"optimizer", "{name: sgd, lr: 0.1}"}}),
            Texts{"5:12: optimizer: expected NAME or NAME: {...} of an optimizer, found a map; "
                  "write {sgd: {lr: 0.1}}"});
  EXPECT_EQ(problems({{"optimizer", "{sgd: , lr: 0.1}"}}),
            Texts{"5:12: optimizer: expected NAME or NAME: {...} of an optimizer, found a map; "
                  "write {sgd: {lr: 0.1}}"});
  EXPECT_EQ(problems({{"optimizer", "{sgd: {lr: 0.1}, momentum: 0.9}"}}),
            Texts{"5:12: optimizer: expected NAME or NAME: {...} of an optimizer, found a map; "
                  "write {sgd: {lr: 0.1, momentum: 0.9}}"});
  EXPECT_EQ(problems({{"description", "[a, b]"}}),
            Texts{"7:14: description: expected text, found a list"});
  EXPECT_EQ(problems({{"model", "{layers: [{linear: 1}], init: normal}"}}),
            Texts{"3:38: initializer 'normal' needs a value, a number >= 0, as in normal: ..."});
  EXPECT_EQ(problems({{"experiment", "Small Thing"}}),
            Texts{"1:13: experiment: 'Small Thing' is not a name; use lower-case letters, digits "
                  "and -, as in `linear-regression`"});
}

TEST_F(Errors, SayWhyNothingIsChosenOnTheTestSet) {
  const std::string why =
      ": test_loss is measured on the test set, which is for the report alone: what is chosen on "
      "it looks better than it is; use validation_loss or validation_accuracy";
  EXPECT_EQ(problems({{"train", "{epochs: 9, stop: {patience: 2, metric: test_loss}}"}}),
            Texts{"6:48: train.stop.metric" + why});
  EXPECT_EQ(
      problems({{"train", "{epochs: 9, schedule: {reduce_on_plateau: {metric: test_loss}}}"}}),
      Texts{"6:59: train.schedule.reduce_on_plateau.metric" + why});
}

TEST_F(Errors, OfReplicatesAreGivenOnce) {
  EXPECT_EQ(problems({{"replicates", "{until: 0.01, max: 100}"}}).size(), 1u);
  EXPECT_EQ(problems({{"replicates", "{count: {grid: [2, 3]}}"}}),
            Texts{"7:32: replicates.count is no axis: a point is the same with 2 and with 3; give "
                  "one value"});
}

TEST_F(Errors, NameBothSourcesOfData) {
  EXPECT_EQ(problems({{"data",
                       "{synthetic: {function: x, x: {uniform: [0, 1]}, train: 8}, csv: {path: "
                       "a.csv, target: y}}"}}),
            Texts{"2:7: data gives csv and synthetic, and an experiment has one source; leave out "
                  "all but one"});
}

TEST_F(Errors, SayTheValidRange) {
  EXPECT_EQ(problems({{"optimizer", "{sgd: {momentum: 1.5}}"}}),
            Texts{"5:29: optimizer.sgd.momentum = 1.5 is outside [0, 1]"});
  EXPECT_EQ(problems({{"train", "{epochs: 0}"}}),
            Texts{"6:17: train.epochs = 0 is outside [1, 2^53]"});
  EXPECT_EQ(problems({{"data", "{csv: {path: a.csv, target: y, test: 1}}"}}),
            Texts{"2:44: data.csv.test = 1 is outside [0, 1)"});
  EXPECT_EQ(problems({{"features", "[{gaussian_basis: {count: 2, width: 0}}]"}}),
            Texts{"7:47: features.0.gaussian_basis.width = 0 is outside (0, inf)"});
  EXPECT_EQ(problems({{"model", "{layers: [{linear: 1}], init: {uniform: [1, 1]}}"}}),
            Texts{"3:48: model.init.uniform: expected [a, b] with a < b, found [1, 1]"});
  EXPECT_EQ(problems({{"model", "{layers: [{linear: 1}], init: {uniform: 1}}"}}),
            Texts{"3:48: model.init.uniform: expected [a, b] with a < b, found '1'"});
  EXPECT_EQ(problems({{"model", "{layers: []}"}}),
            Texts{"3:17: model.layers: expected at least one layer, found an empty list"});
  EXPECT_EQ(problems({{"replicates", "{vary: [data, data]}"}}),
            Texts{"7:20: replicates.vary: 'data' is given twice"});
}

TEST_F(Errors, AskForATimeWithItsUnit) {
  for (const std::string wrong : {"30", "0s", "-1s", "30 s", "1d", "s"})
    EXPECT_EQ(problems({{"train", "{epochs: 1, timeout: " + wrong + "}"}}),
              Texts{"6:29: train.timeout: expected a time above 0 such as 30s, 2min, 500ms or 1h, "
                    "found '" +
                    wrong + "'"});
}

TEST_F(Errors, NameWhatIsMissing) {
  EXPECT_EQ(problems(Lines{{"train", "{batch: 4}"}}),
            Texts{"6:8: train needs the key 'epochs', as in `epochs: 100`"});
  EXPECT_EQ(
      problems(std::string("experiment: a\nmodel: {layers: [{linear: 1}]}\nloss: mse\n"
                           "optimizer: sgd\ntrain: {epochs: 1}\n")),
      Texts{"1:1: an experiment needs the key 'data', as in `data: {synthetic: {function: 5*x "
            "+ 7, x: {uniform: [0, 1]}, train: 256}}`"});
  EXPECT_EQ(problems({{"features", "[{polynomial: {}}]"}}),
            Texts{"7:25: feature 'polynomial' needs the key 'degree', as in `degree: 3`"});
  EXPECT_EQ(problems({{"features", "[polynomial]"}}),
            Texts{"7:12: feature 'polynomial' needs the key 'degree', as in `degree: 3`"});
}

TEST_F(Errors, SeeADuplicateKey) {
  EXPECT_EQ(problems(text() + "loss: l1\n"),
            Texts{"7:1: the key 'loss' is given twice, first in line 4"});
  EXPECT_EQ(problems({{"optimizer", "{sgd: {lr: 0.1, lr: 0.2}}"}}),
            Texts{"5:28: the key 'lr' is given twice, first in line 5"});
}

TEST_F(Errors, SayWhatIsNotYaml) {
  EXPECT_EQ(problems(std::string("experiment: a\nloss: [mse\n")),
            Texts{"3:1: this is not YAML: a '[' is not closed by ']', or a comma is missing"});
  EXPECT_EQ(problems(std::string("experiment: a\nloss: {mse: 1\n")),
            Texts{"3:1: this is not YAML: a '{' is not closed by '}', or a comma is missing"});
  EXPECT_EQ(problems(std::string("experiment: a: b\n")),
            Texts{"1:14: this is not YAML: a ':' is not allowed here; put text that contains "
                  "': ' in quotes"});
  const auto cyclic = problems(text() + "features: &x [*x]\n");
  EXPECT_EQ(cyclic.front(), "7:15: an alias is inside the node that it refers to");
  EXPECT_EQ(problems(text() + "---\nloss: mse\n"),
            Texts{"7:1: a second document starts here; a file contains only one"});
}

// Such a quote would take the keys behind it for text.
TEST_F(Errors, SeeAQuoteThatIsNotClosed) {
  for (const std::string quote : {"'", "\""}) {
    EXPECT_EQ(problems({{"description", quote + "abc"}, {"replicates", "7"}}),
              Texts{"7:14: the quote that begins here is not closed"});
    EXPECT_EQ(problems({{"description", quote + "abc" + quote}, {"replicates", "7"}}), Texts{});
  }
  EXPECT_EQ(problems({{"description", "'it''s \\'"}}), Texts{});
  EXPECT_EQ(problems({{"description", R"("a \" b")"}}), Texts{});
}

TEST_F(Errors, RefuseDataThatNoMemoryHolds) {
  EXPECT_EQ(
      problems({{"data",
                 "{synthetic: {function: 5*x1, dims: 1000000, x: {uniform: [0, 1]}, "
                 "train: 1000000}}"}}),
      Texts{"2:80: data.synthetic.train: 1000000 samples of 1000000 inputs are 1e+12 numbers, "
            "more than the 10^9 that are held in memory"});
}

TEST_F(Errors, SeeTokensThatFollowNothing) {
  for (const std::string stray : {"]", "}"})
    EXPECT_EQ(
        problems(text(), {"seed=" + stray}),
        Texts{"--set seed=" + stray + ": this is not YAML: a ']' or '}' has no opening bracket"});
  EXPECT_EQ(problems(std::string(", a")).front(),
            "1:1: this is not YAML: a file cannot start with this character");
}

TEST_F(Errors, OfALayerLeaveTheOthersReadable) {
  EXPECT_EQ(problems({{"model", "{layers: [{linear: [1]}]}"}}),
            Texts{"3:27: model.layers.0.linear: expected a whole number in [1, 10000000] or auto "
                  "or a map of "
                  "keys, found a list"});
}

TEST_F(Errors, RefuseAFileThatIsNotAMap) {
  EXPECT_EQ(problems(std::string("- a\n")),
            Texts{"1:1: expected a map of keys such as `experiment: NAME`, found a list"});
  EXPECT_EQ(problems(std::string("")),
            Texts{"file: is empty; an experiment starts with `experiment: NAME`"});
  EXPECT_EQ(problems(std::string("# only a comment\n")),
            Texts{"file: is empty; an experiment starts with `experiment: NAME`"});
}

TEST_F(Errors, SayWhyAFileCannotBeRead) {
  const auto reason = [&](const std::string& file) -> std::string {
    try {
      experiment::Experiment::read(file, {}, catalog_);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const auto missing = (folder_ / "missing.yaml").string();
  EXPECT_EQ(reason(missing), missing + ": error: cannot be read: No such file or directory");
  EXPECT_EQ(reason(folder_.string()), folder_.string() + ": error: is a folder, not a file");
}

TEST_F(Errors, APluginThatDoesNotLoadIsAnErrorOfTheLineThatNamesIt) {
  const auto broken = write("plugins/optimizers/broken.so", "not a library");
  const host::Catalog catalog({folder_ / "plugins", build_folder() / "plugins"});
  const auto found = problems(text({{"optimizer", "broken"}}), {}, catalog);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].starts_with("5:12: " + broken + " cannot be loaded as a plugin"))
      << found[0];
  EXPECT_EQ(problems(text(), {}, catalog), Texts{});
}

TEST_F(Errors, ComeAllAtOnceInTheOrderOfTheFile) {
  const std::string file = R"(experiment: many
data:
  synthetic: {function: 5*x + z, x: {uniform: [1, 0]}, noise: {nrmal: 1}, train: 0}
model: {layers: [{linear: auto}, {linear: 3}], int: torch}
loss: {mse: {class_weight: [1, 2]}}
optimizer: {grid: [{sgd: {momentm: 0.9}}, adm]}
regularizer: {l2: {lambda: {logspace: [0, 1, 5]}}}
train: {batch: some}
replicates: {resample: frsh}
)";
  auto found = problems(file, {"seed=x"});
  ASSERT_GE(found.size(), 2u);
  EXPECT_TRUE(found[0].starts_with("3:25: function '5*x + z'")) << found[0];
  found.erase(found.begin());
  EXPECT_EQ(
      found,
      (Texts{"3:47: data.synthetic.x.uniform: expected [a, b] with a < b, found [1, 0]",
             "3:64: noise 'nrmal' is not known; did you mean 'normal'?",
             "3:82: data.synthetic.train = 0 is outside [1, 2^53]",
             "4:27: units: auto is for the last linear layer; give a number of units",
             "4:43: the last linear layer has 3 outputs, the data need 1; use `linear: "
             "auto` or `linear: 1`",
             "4:48: unknown key 'int' in model; did you mean 'init'?",
             "5:14: loss 'mse' takes no class weights",
             "6:27: unknown key 'momentm' in optimizer 'sgd'; did you mean 'momentum'?",
             "6:43: optimizer 'adm' is not known; did you mean 'adam'?",
             "7:39: logspace: both ends must be above 0: they are the values at the ends, not "
             "exponents",
             "8:8: train needs the key 'epochs', as in `epochs: 100`",
             "8:16: train.batch: expected a whole number >= 1 or full, found 'some'",
             "9:24: replicates.resample: 'frsh' is not known; did you mean 'fresh'?",
             "--set seed=x: seed: expected a whole number >= 0, found 'x'"}));
}

}  // namespace
}  // namespace descent::testing
