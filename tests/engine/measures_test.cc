// SPDX-License-Identifier: MIT
// Measures, confusion matrices, checkpoints and models in the store.
#include "engine/laboratory.h"

#include <fmt/format.h>

#include "deploy/trained_model.h"
#include "store/merge.h"

namespace descent {
namespace {

class StoredMeasures : public Laboratory {
 protected:
  // Classes a, b and c on a line, and one sample of a among those of c.
  std::string classes(const std::string& rest = "") const {
    std::string rows = "x,kind\n";
    for (int i = 0; i < 30; ++i)
      rows += std::to_string(i) + "," + (i < 10 ? "a" : i < 20 ? "b" : i == 25 ? "a" : "c") + "\n";
    write("kinds.csv", rows);
    return "experiment: kinds\nseed: 1\ndtype: float64\n"
           "data: {csv: {path: kinds.csv, target: kind, validation: 0.3, test: {path: "
           "kinds.csv}}}\n"
           "features: standardize\nmodel: {layers: [{linear: 8}, tanh, {linear: auto}]}\n"
           "loss: cross_entropy\noptimizer: {adam: {lr: 0.05}}\ntrain: {epochs: 40}\n"
           "replicates: 3\n" +
           rest;
  }
};

TEST_F(StoredMeasures, OfDefaultAreFewAndOfSetsThatTrainingDoesNotSee) {
  EXPECT_TRUE(run(classes(), "a.db").all_done());
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM run_metrics"), 3 * 4);
  EXPECT_EQ(
      number("a.db",
             "SELECT count(*) FROM run_metrics r JOIN metrics m USING (metric_id) JOIN "
             "curve_rows c USING (run_id, metric_id) WHERE c.epoch = 40 AND c.value = r.value "
             "AND m.name IN ('test_f1', 'test_balanced_accuracy', 'validation_f1', "
             "'validation_balanced_accuracy')"),
      12);
}

// The measures follow from the confusion matrices, by another way.
TEST_F(StoredMeasures, AgreeWithConfusionMatrices) {
  run(classes("record: {metrics: [f1, recall, train_mcc], confusion: true}\n"), "a.db");
  EXPECT_EQ(
      number("a.db", "SELECT sum(weight) FROM confusion WHERE samples = 'test' AND epoch = 0"), 90);
  EXPECT_EQ(
      number("a.db",
             "SELECT count(*) FROM (SELECT run_id, avg(coalesce(f1, 0)) AS f1, "
             "avg(coalesce(recall, 0)) AS recall FROM class_measures WHERE samples = 'test' "
             "AND epoch = 40 GROUP BY run_id) v JOIN run_metrics a ON a.run_id = v.run_id JOIN "
             "metrics m ON m.metric_id = a.metric_id WHERE m.name = 'test_f1' AND "
             "abs(a.value - v.f1) < 1e-12"),
      3);
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM run_metrics JOIN metrics USING (metric_id) WHERE name = "
                   "'train_mcc'"),
            3);
}

TEST_F(StoredMeasures, HaveMeansAndErrorsInTheViewOfTheirExperiment) {
  run(classes("record: {metrics: [f1, train_mcc]}\n"), "a.db");
  EXPECT_EQ(text("a.db", "SELECT measures FROM experiments"),
            "[\"validation_f1\",\"test_f1\",\"train_mcc\"]");
  EXPECT_EQ(
      number("a.db",
             "SELECT count(*) FROM kinds, (SELECT avg(value) AS mean, stddev(value) / sqrt(3) "
             "AS se FROM run_metrics JOIN metrics USING (metric_id) WHERE name = "
             "'test_f1') WHERE abs(test_f1_mean - mean) < 1e-12 AND abs(test_f1_se - se) < "
             "1e-12"),
      1);
  EXPECT_EQ(number("a.db", "SELECT train_mcc_mean > 0.5 FROM kinds"), 1);
  run(classes("record: {metrics: [mcc]}\n"), "a.db");
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM kinds WHERE test_mcc_mean IS NOT NULL"), 1)
      << "a later run adds columns";
}

TEST_F(StoredMeasures, AreTheSameWhateverTheWorkersAndInAMerge) {
  const auto text = classes(
      "record: {metrics: [f1], confusion: true, predictions: true, model: all, weights: {every: "
      "20}, "
      "every: {steps: 3}}\n");
  run(text, "one.db", 1);
  run(text, "two.db", 2);
  EXPECT_EQ(store::dump(path("one.db")), store::dump(path("two.db")));
  EXPECT_GT(number("one.db", "SELECT count(*) FROM checkpoints"), 0);
  EXPECT_GT(number("one.db", "SELECT count(*) FROM predictions"), 0);
  store::merge(path("merged.db"), {path("one.db")}, {});
  for (const std::string table :
       {"run_metrics", "confusion", "predictions", "models", "checkpoints", "step_rows"})
    EXPECT_EQ(number("merged.db", "SELECT count(*) FROM " + table),
              number("one.db", "SELECT count(*) FROM " + table))
        << table;
}

TEST_F(StoredMeasures, AccuracyOfSignsIsThatOfTheScores) {
  std::string rows = "x,side\n";
  for (int i = 0; i < 40; ++i) rows += fmt::format("{},{}\n", i, i < 20 || i == 33 ? "no" : "yes");
  write("sides.csv", rows);
  for (const std::string loss : {"hinge", "soft_margin"}) {
    const auto store = loss + ".db";
    run("experiment: sides\nseed: 1\n"
        "data: {csv: {path: sides.csv, target: side, validation: 0.3, test: {path: sides.csv}}}\n"
        "features: standardize\nmodel: {layers: [{linear: auto}]}\nloss: " +
            loss +
            "\noptimizer: {sgd: {lr: 0.5}}\n"
            "train: {epochs: 40, stop: {target: 0.9, metric: validation_accuracy}}\n"
            "replicates: 3\nrecord: {predictions: true}\n",
        store);
    EXPECT_EQ(number(store,
                     "SELECT count(*) FROM runs r WHERE test_accuracy > 0.8 AND "
                     "abs(test_accuracy - (SELECT avg((value > 0) = (target > 0)) FROM predictions "
                     "p WHERE p.run_id = r.run_id AND samples = 'test')) < 1e-12"),
              3)
        << loss;
    EXPECT_EQ(number(store, "SELECT count(*) FROM runs WHERE validation_accuracy >= 0.9"), 3);
    EXPECT_EQ(text(store, "SELECT primary_metric FROM points"), "mse");
  }
}

TEST_F(StoredMeasures, ModelsAreTheBestOfAPointOrAll) {
  run(classes("record: {model: all}\n"), "all.db");
  EXPECT_EQ(number("all.db", "SELECT count(*) FROM models"), 3);
  run(classes("record: {model: best}\n"), "best.db");
  EXPECT_EQ(number("best.db", "SELECT count(*) FROM models"), 1);
  EXPECT_EQ(
      number("best.db",
             "SELECT validation_loss = (SELECT min(validation_loss) FROM runs) FROM runs JOIN "
             "models USING (run_id)"),
      1);
  EXPECT_EQ(number("best.db", "SELECT count(*) FROM weights"), 0) << "they were not asked for";
}

// The accuracy that training recorded is that of the stored model's predictions.
TEST_F(StoredMeasures, ModelsPredictWhatTrainingMeasured) {
  run(classes("record: {model: best}\n"), "a.db");
  const auto rows = ask("a.db", "SELECT model, test_accuracy FROM models JOIN runs USING (run_id)");
  const auto model = deploy::from_text(std::get<std::string>(rows.at(0).at(0)));
  const auto p = deploy::predict(model, model.preparation.read(path("kinds.csv")));
  ASSERT_EQ(p.n_cols, 30u);
  double right = 0;
  for (int i = 0; i < 30; ++i)
    right += model.classes[p.col(arma::uword(i)).index_max()] == (i < 10    ? "a"
                                                                  : i < 20  ? "b"
                                                                  : i == 25 ? "a"
                                                                            : "c");
  EXPECT_NEAR(right / 30, std::get<double>(rows[0][1]), 1e-12);
}

// A sample's line in the file says which x it has, and so what the stored model predicts of it.
TEST_F(StoredMeasures, PredictionsAreThoseOfTheModelByLineOfTheFile) {
  run(classes("record: {model: all, predictions: true}\n"), "a.db");
  const auto models = ask("a.db", "SELECT run_id, model FROM models ORDER BY run_id");
  ASSERT_EQ(models.size(), 3u);
  for (const auto& row : models) {
    const auto model = deploy::from_text(std::get<std::string>(row.at(1)));
    const auto p = deploy::predict(model, model.preparation.read(path("kinds.csv")));
    const auto stored =
        ask("a.db",
            "SELECT line, output, value, target, row FROM predictions WHERE samples = "
            "'test' AND run_id = " +
                std::to_string(std::get<std::int64_t>(row[0])) + " ORDER BY line, output");
    ASSERT_EQ(stored.size(), 90u);
    for (std::size_t i = 0; i < stored.size(); ++i) {
      const auto sample = arma::uword(i / 3);
      EXPECT_EQ(std::get<std::int64_t>(stored[i][0]), std::int64_t(sample) + 2) << "after a header";
      EXPECT_EQ(std::get<std::int64_t>(stored[i][4]), std::int64_t(sample) + 1);
      EXPECT_EQ(std::get<std::string>(stored[i][1]), model.classes[i % 3]);
      EXPECT_EQ(std::get<double>(stored[i][2]), p(i % 3, sample)) << "to the last bit";
      const bool is_a = sample < 10 || sample == 25, is_b = sample >= 10 && sample < 20;
      EXPECT_EQ(std::get<double>(stored[i][3]), i % 3 == 0   ? is_a
                                                : i % 3 == 1 ? is_b
                                                             : !is_a && !is_b);
    }
  }
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM (SELECT r.run_id FROM predictions p JOIN runs r USING "
                   "(run_id) JOIN predictions t USING (run_id, samples, row) WHERE samples = "
                   "'test' AND t.target = 1 AND p.value = (SELECT max(value) FROM predictions q "
                   "WHERE q.run_id = p.run_id AND q.samples = p.samples AND q.row = p.row) GROUP "
                   "BY r.run_id HAVING abs(avg(p.output = t.output) - r.test_accuracy) < 1e-12)"),
            3);
}

// y = 3 x + 1 exactly: the solution predicts it in the file's unit, whatever was standardized, and
// of a split the lines are those of its rows.
TEST_F(StoredMeasures, PredictionsAreInTheUnitOfTheFile) {
  std::string rows = "x,y\n";
  for (int i = 0; i < 20; ++i) rows += fmt::format("{},{}\n", i, 3 * i + 1);
  write("line.csv", rows);
  run("experiment: line\ndtype: float64\n"
      "data: {csv: {path: line.csv, target: y, test: 0.25, standardize_target: true}}\n"
      "model: {layers: [{linear: 1}]}\nloss: mse\noptimizer: exact\n"
      "record: {predictions: true}\n",
      "a.db");
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM predictions WHERE samples = 'test' AND output = 'y' AND "
                   "abs(target - (3 * (line - 2) + 1)) < 1e-9 AND abs(value - target) < 1e-9"),
            5);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM predictions"), 5);
}

TEST_F(StoredMeasures, PredictionsAreOfTheTrainingSetWhereNothingIsHeldOut) {
  run("experiment: drawn\ndtype: float64\ndata: {synthetic: {function: x > 0.5, x: {midpoints: [0, "
      "1]}, train: 8}}\nmodel: {layers: [{linear: 1}]}\nloss: bce_with_logits\n"
      "optimizer: {sgd: {lr: 1}}\ntrain: {epochs: 3}\nrecord: {predictions: true}\n",
      "a.db");
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM predictions WHERE samples = 'train' AND output = 'y' AND "
                   "line IS NULL AND value > 0 AND value < 1 AND target = (row > 4)"),
            8);
}

}  // namespace
}  // namespace descent
