// SPDX-License-Identifier: MIT
// descent predict and descent model export, as a person uses them.
#include "cli/desk.h"

namespace descent {
namespace {

class Predict : public Desk {
 protected:
  // y = 5 x + 7 exactly, of two points with as many epochs.
  void train(const std::string& record) {
    std::string rows = "x,y\n";
    for (int x = 0; x < 20; ++x) rows += std::to_string(x) + "," + std::to_string(5 * x + 7) + "\n";
    write("line.csv", rows);
    write("line.yaml",
          "experiment: line\nseed: 1\ndtype: float64\ndata: {csv: {path: line.csv, target: y}}\n"
          "features: standardize\nmodel: {layers: [{linear: 1}]}\nloss: mse\n"
          "optimizer: {sgd: {lr: {grid: [0.1, 0.2]}}}\ntrain: {epochs: 200}\nreplicates: 3\n"
          "record: {model: " +
              record + "}\n");
    ASSERT_EQ(descent({"run", path("line.yaml"), "--db", path("a.db"), "--quiet"}).code, 0);
    write("new.csv", "note,x\nfirst,100\nsecond,-1\n");
  }

  Result predict(std::vector<std::string> more) {
    more.insert(more.begin(), {"predict", path("a.db"), path("new.csv")});
    return descent(more);
  }
};

TEST_F(Predict, PrintsARowForEveryRow) {
  train("best");
  const auto found = predict({"--point", "optimizer.lr=0.2"});
  EXPECT_EQ(found.code, 0) << found.err;
  double first = 0, second = 0;
  ASSERT_EQ(std::sscanf(found.out.c_str(), "y\n%lf\n%lf", &first, &second), 2) << found.out;
  EXPECT_NEAR(first, 507, 1e-6);
  EXPECT_NEAR(second, 2, 1e-6);
}

TEST_F(Predict, GivesIntervalsOverReplicates) {
  train("all");
  const auto found = predict({"--point", "1", "--replicate", "all"});
  EXPECT_EQ(found.code, 0) << found.err;
  EXPECT_EQ(found.out.substr(0, found.out.find('\n')), "y,y_lo,y_hi\r");
}

TEST_F(Predict, ReplacesAFileByTheOptionThatTheErrorNames) {
  train("best");
  const std::string file = path("out.csv"), model = path("model.json");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"predict", path("a.db"), path("new.csv"), "--point", "1", "-o",
                                 file},
        {"model", "export", path("a.db"), "--point", "1", "-o", model}}) {
    EXPECT_EQ(descent(command).code, 0);
    const auto again = descent(command);
    EXPECT_EQ(again.code, 2);
    EXPECT_NE(again.err.find("already exists; use --force"), std::string::npos) << again.err;
    auto replacing = command;
    replacing.push_back("--force");
    EXPECT_EQ(descent(replacing).code, 0);
  }
}

TEST_F(Predict, AsksWhichPointIsMeant) {
  train("best");
  const auto several = predict({});
  EXPECT_EQ(several.code, 2);
  EXPECT_NE(several.err.find("several points have models"), std::string::npos) << several.err;
  const auto none = predict({"--point", "optimizer.lr=3"});
  EXPECT_EQ(none.code, 2);
  EXPECT_NE(none.err.find("--point: optimizer.lr has no value '3' (values: 0.1, 0.2)"),
            std::string::npos)
      << none.err;
  const auto other = predict({"--point", "1", "--replicate", "7"});
  EXPECT_NE(other.err.find("no model of replicate 7 is stored"), std::string::npos) << other.err;
}

TEST_F(Predict, TakesThePointAsCompareTakesTheBaseline) {
  train("best");
  const auto expected = predict({"--point", "2"});
  EXPECT_EQ(expected.code, 0) << expected.err;
  for (const std::string point : {"optimizer.lr=0.2", "lr=0.2", "lr=0.20", " lr=2e-1"})
    EXPECT_EQ(predict({"--point", point}).out, expected.out) << point;
  const auto model =
      descent({"model", "export", path("a.db"), "--point", "lr=0.20", "-o", path("m.json")});
  EXPECT_EQ(model.code, 0) << model.err;
  const auto wrong = predict({"--point", "lt=0.2"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_NE(wrong.err.find("--point: 'lt' is not swept in 'line'"), std::string::npos) << wrong.err;
}

TEST_F(Predict, KeepsTheStoreAndOtherDatabases) {
  train("best");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"predict", path("a.db"), path("new.csv"), "--point", "1"},
        {"model", "export", path("a.db"), "--point", "1"},
        {"export", path("a.db")},
        {"plot", path("a.db"), "SELECT 1 AS x, 2 AS y UNION SELECT 2, 3"}}) {
    auto replacing = command;
    const std::string store = command.front() == "model"  ? path("a.json")
                              : command.front() == "plot" ? path("a.svg")
                                                          : path("a.db");
    if (store != path("a.db")) std::filesystem::copy_file(path("a.db"), store);
    for (const auto& word : {std::string("--output"), store, std::string("--force")})
      replacing.push_back(word);
    const auto refused = descent(replacing);
    EXPECT_EQ(refused.code, 2) << command.front();
    EXPECT_NE(refused.err.find("is a store or another SQLite database"), std::string::npos)
        << refused.err;
  }
  EXPECT_EQ(descent({"sql", path("a.db"), "SELECT count(*) FROM runs"}).code, 0);
}

TEST_F(Predict, SaysWhichSampleIsTooLarge) {
  train("best");
  write("new.csv", "x\n1\n1e308\n");
  write("float.yaml",
        "experiment: float\nseed: 1\ndata: {csv: {path: line.csv, target: y}}\n"
        "model: {layers: [{linear: 1}]}\nloss: mse\noptimizer: {adam: {lr: 0.1}}\n"
        "train: {epochs: 2}\nrecord: {model: best}\n");
  ASSERT_EQ(descent({"run", path("float.yaml"), "--db", path("float.db"), "--quiet"}).code, 0);
  const auto found = descent({"predict", path("float.db"), path("new.csv")});
  EXPECT_EQ(found.code, 2);
  EXPECT_NE(found.err.find("new.csv: error: sample 2: 'x' is 1e+308, and the model computes in "
                           "float32"),
            std::string::npos)
      << found.err;
}

// Of text with two values, a loss of probabilities or scores predicts one of them.
TEST_F(Predict, NamesTheLabelThatIsPredicted) {
  std::string rows = "x,spam\n";
  for (int x = 0; x < 20; ++x) rows += std::to_string(x) + (x < 10 ? ",no\n" : ",yes\n");
  write("spam.csv", rows);
  write("spam.yaml",
        "experiment: spam\nseed: 1\ndata: {csv: {path: spam.csv, target: spam}}\n"
        "features: standardize\nmodel: {layers: [{linear: 1}]}\n"
        "loss: {grid: [bce_with_logits, hinge]}\noptimizer: {adam: {lr: 0.1}}\n"
        "train: {epochs: 100}\nrecord: {model: best}\n");
  ASSERT_EQ(descent({"run", path("spam.yaml"), "--db", path("spam.db"), "--quiet"}).code, 0);
  write("new.csv", "x\n0\n19\n");
  for (const auto& [point, column] :
       std::vector<std::pair<std::string, std::string>>{{"1", "p(yes)"}, {"2", "score(yes)"}}) {
    const auto found = descent({"predict", path("spam.db"), path("new.csv"), "--point", point});
    EXPECT_EQ(found.code, 0) << found.err;
    EXPECT_EQ(found.out.find("spam," + column + "\r\nno,"), 0u) << found.out;
    EXPECT_NE(found.out.find("\nyes,"), std::string::npos) << found.out;
  }
}

TEST_F(Predict, NamesAMissingColumn) {
  train("best");
  write("new.csv", "X\n1\n");
  const auto found = predict({"--point", "1"});
  EXPECT_EQ(found.code, 2);
  EXPECT_NE(found.err.find("'x'"), std::string::npos) << found.err;
}

TEST_F(Predict, SaysHowModelsAreStored) {
  train("none");
  const auto found = predict({"--point", "1"});
  EXPECT_EQ(found.code, 2);
  EXPECT_NE(found.err.find("record: {model: best}"), std::string::npos) << found.err;
}

TEST_F(Predict, ExportsByTheEndOfTheName) {
  train("best");
  for (const std::string name : {"m.json", "m.onnx", "m.h"}) {
    const auto found = descent({"model", "export", path("a.db"), "--point", "1", "-o", path(name)});
    EXPECT_EQ(found.code, 0) << found.err;
    EXPECT_GT(std::filesystem::file_size(path(name)), 100u);
  }
  const auto other =
      descent({"model", "export", path("a.db"), "--point", "1", "-o", path("m.txt")});
  EXPECT_EQ(other.code, 2);
  EXPECT_NE(other.err.find(".json, .onnx or .h"), std::string::npos) << other.err;
}

}  // namespace
}  // namespace descent
