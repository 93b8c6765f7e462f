// SPDX-License-Identifier: MIT
// Measures, confusion matrices, checkpoints and models in the store.
#include "engine/laboratory.h"

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

TEST_F(StoredMeasures, AreTheSameWhateverTheWorkersAndInAMerge) {
  const auto text = classes(
      "record: {metrics: [f1], confusion: true, model: all, weights: {every: 20}, every: {steps: "
      "3}}\n");
  run(text, "one.db", 1);
  run(text, "two.db", 2);
  EXPECT_EQ(store::dump(path("one.db")), store::dump(path("two.db")));
  EXPECT_GT(number("one.db", "SELECT count(*) FROM checkpoints"), 0);
  store::merge(path("merged.db"), {path("one.db")}, {});
  for (const std::string table : {"run_metrics", "confusion", "models", "checkpoints", "step_rows"})
    EXPECT_EQ(number("merged.db", "SELECT count(*) FROM " + table),
              number("one.db", "SELECT count(*) FROM " + table))
        << table;
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

}  // namespace
}  // namespace descent
