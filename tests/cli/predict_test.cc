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
