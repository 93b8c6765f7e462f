// SPDX-License-Identifier: MIT
// The picture of what fresh replicates of the chosen points gave.
#include "report/report_page.h"

namespace descent::report {
namespace {

class StagesPicture : public PageTest {
 protected:
  // The columns of the picture, and the label of its axis.
  std::pair<std::string, json> fresh_of(const std::string& metric) {
    std::ofstream(path("a.yaml"))
        << "experiment: chosen\nseed: 5\n"
           "data: {synthetic: {function: x > 0.5, x: {uniform: [0, 1]}, noise: bernoulli, train: "
           "30, validation: 30, test: 30}}\nmodel: {layers: [{linear: 1}]}\n"
           "loss: bce_with_logits\noptimizer: {sgd: {lr: {grid: [0.01, 1]}}}\n"
           "train: {epochs: 20}\nstages: {tune: 3, rerun: 4, select: {metric: " +
               metric + "}}\n";
    const auto spoken = here("run a.yaml --db a.db --fresh --quiet");
    EXPECT_EQ(spoken.code, 0) << spoken.text;
    for (const auto& picture : pictures_of(page_of("a.db")))
      if (picture["view"] == "the choice on fresh replicates")
        return {picture["x"]["label"], picture["columns"]};
    return {};
  }
};

TEST_F(StagesPicture, ComparesValuesOfOneMetric) {
  const auto [loss, of_loss] = fresh_of("validation_loss");
  EXPECT_EQ(loss, "loss");
  EXPECT_EQ(of_loss, (json{"label", "chosen by", "fresh validation", "fresh validation_lo",
                           "fresh validation_hi", "fresh test", "fresh test_lo", "fresh test_hi",
                           "done", "runs"}));
}

// Losses next to an accuracy would look like a collapse of it.
TEST_F(StagesPicture, OfAccuraciesHasNoLosses) {
  EXPECT_EQ(fresh_of("validation_accuracy").first, "accuracy");
  for (const auto& picture : pictures_of(page_of("a.db"))) {
    if (picture["view"] != "the choice on fresh replicates") continue;
    const std::string query = picture["sql"];
    EXPECT_NE(query.find("avg(\"validation_accuracy\")"), query.npos) << query;
    EXPECT_NE(query.find("avg(\"test_accuracy\")"), query.npos) << query;
    EXPECT_EQ(query.find("_loss"), query.npos) << query;
  }
}

}  // namespace
}  // namespace descent::report
