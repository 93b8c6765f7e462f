// SPDX-License-Identifier: MIT
// The first sentences about an experiment.
#include "report/answer.h"

#include "report/report_page.h"

namespace descent::report {
namespace {

// Replicates of a model that cannot learn anything but its mean; `lr` is the only difference.
std::string experiment(const std::string& rates, const std::string& loss,
                       const std::string& replicates) {
  return "experiment: answer\ndescription: a question\nseed: 3\ndtype: float64\n"
         "data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, "
         "train: 20, test: 10}}\nmodel: {layers: [{linear: 1}]}\nloss: " +
         loss + "\noptimizer: " + rates + "\ntrain: {epochs: 40}\nreplicates: " + replicates +
         "\nrecord: {every: 5}\n";
}

class AnswerSentence : public PageTest {
 protected:
  std::string answer_of(const std::string& rates, const std::string& loss = "mse",
                        const std::string& replicates = "8") {
    std::filesystem::remove(path("a.db"));
    std::ofstream(path("a.yaml")) << experiment(rates, loss, replicates);
    const auto spoken = here("run a.yaml --db a.db --quiet");
    EXPECT_LE(spoken.code, 1) << spoken.text;
    const auto html = page_of("a.db");
    const auto from = html.find("<p class=\"answer");
    return html.substr(from, html.find("</p>", from) - from);
  }
  std::string asked(const std::string& sql) const {
    return here("sql a.db " + quoted(sql) + " --format csv").text;
  }
};

TEST_F(AnswerSentence, SaysTheLeastErrorAndWhichPointsAreWorse) {
  const auto text = answer_of("{sgd: {lr: {grid: [0.001, 0.1]}}}");
  EXPECT_NE(text.find("Least total error (mse): "), text.npos) << text;
  EXPECT_NE(text.find(" with lr 0.1."), text.npos) << text;
  EXPECT_NE(text.find("The other point is worse"), text.npos) << text;
  EXPECT_NE(text.find("Holm"), text.npos) << text;
}

// Mean absolute errors are ranked by the loss, and the parts are those of the squared error.
TEST_F(AnswerSentence, SaysWhichErrorThePartsAddUpTo) {
  const auto text = answer_of("{sgd: {lr: {grid: [0.001, 0.1]}}}", "l1");
  EXPECT_NE(text.find("Least test loss: "), text.npos) << text;
  EXPECT_NE(text.find("Its total error (mse), "), text.npos) << text;
}

TEST_F(AnswerSentence, SaysThatAPointFailsMore) {
  const auto text = answer_of("{sgd: {lr: {grid: [0.1, 1000000]}}}");
  EXPECT_NE(text.find("behind with more failed runs"), text.npos) << text;
}

TEST_F(AnswerSentence, ComparesReplicatesInBlocks) {
  for (const std::string layout : {"nested", "crossed"}) {
    const auto text =
        answer_of("{sgd: {lr: {grid: [0.001, 0.1]}}}", "mse",
                  "{count: 16, layout: " + layout + ", seeds: 2, vary: [data, init]}");
    EXPECT_NE(text.find("The other point is worse"), text.npos) << text;
    EXPECT_EQ(text.find("by test loss") != text.npos, layout == "crossed") << text;
    EXPECT_NE(text.find("(layout: " + layout + ")"), text.npos) << text;
  }
}

TEST_F(AnswerSentence, SaysThatReplicatesShareTheirData) {
  const auto text = answer_of("{sgd: {lr: {grid: [0.001, 0.1]}}}", "mse",
                              "{count: 16, resample: bootstrap, vary: [data]}");
  EXPECT_NE(text.find("Training sets are drawn from one pool (resample: bootstrap), so intervals "
                      "hold for this data; for new data they are too narrow."),
            text.npos)
      << text;
}

// Without momentum there is nothing that dampening could dampen, so the two are equal.
TEST_F(AnswerSentence, SaysThatPointsAreEqual) {
  const auto text = answer_of("{grid: [{sgd: {lr: 0.1}}, {sgd: {lr: 0.1, dampening: 0.5}}]}");
  EXPECT_NE(text.find("1 other point is equal to it."), text.npos) << text;
  EXPECT_NE(text.find("The other point is identical"), text.npos) << text;
}

TEST_F(AnswerSentence, WarnsWhenNoPointHasAllItsRuns) {
  const auto text = answer_of("{sgd: {lr: 1000000}}");
  EXPECT_NE(text.find("class=\"answer warning\""), text.npos) << text;
  EXPECT_NE(text.find("No run has a result."), text.npos) << text;
}

TEST_F(AnswerSentence, SaysTheNumbersOfTheStore) {
  const auto text = answer_of("{sgd: {lr: {grid: [0.001, 0.1]}}}");
  const auto row =
      asked("SELECT printf('%.4g [%.4g, %.4g]', mean, lo, hi) AS t FROM scores WHERE rank = 1");
  EXPECT_NE(text.find(row.substr(4, row.find_last_not_of("\r\n\"") - 4)), text.npos) << text << row;
}

}  // namespace
}  // namespace descent::report
