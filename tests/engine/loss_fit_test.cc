// SPDX-License-Identifier: MIT
// A loss, the model's last layer and the data fit, or the file is an error, or there is a warning.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <sstream>

#include "engine/laboratory.h"

namespace descent {
namespace {

using ::testing::HasSubstr;

// Each test changes some lines of one experiment: 2 data, 3 model, 4 loss.
class LossFit : public Laboratory {
 protected:
  using Lines = std::map<std::string, std::string>;

  LossFit() {
    write("two.csv", "x,y\n-1,0\n-2,0\n1,1\n2,1\n");
    write("three.csv", "x,y\n0,a\n1,b\n2,c\n3,a\n");
    write("signs.csv", "x,y\n-1,-1\n-2,-1\n1,1\n2,1\n");
    write("shares.csv", "x,p,q,r\n0,0.2,0.3,0.5\n1,0.7,0.2,0.1\n");
    write("large.csv", "x,y\n0,110\n1,120\n2,130\n");
    write("counts.csv", "x,y\n0,0\n1,3\n2,5\n");
  }

  std::string yaml(const Lines& changes) const {
    Lines lines = {{"data", "{csv: {path: two.csv, target: y}}"},
                   {"model", "{layers: [{linear: auto}]}"},
                   {"loss", "mse"},
                   {"optimizer", "{sgd: {lr: 0.01}}"}};
    for (const auto& [key, value] : changes) lines[key] = value;
    std::string text = "experiment: fit\n";
    for (const auto* key : {"data", "model", "loss", "optimizer"})
      text += std::string(key) + ": " + lines[key] + '\n';
    return text + "train: {epochs: 3}\nreplicates: 2\n";
  }

  static std::string csv(const std::string& file, const std::string& target = "y") {
    return "{csv: {path: " + file + ", target: " + target + "}}";
  }
  static std::string synthetic(const std::string& function, const std::string& noise = "none") {
    return "{synthetic: {function: \"" + function +
           "\", x: {uniform: [0, 1]}, train: 20, test: 5, " + "noise: " + noise + "}}";
  }
  static std::string ends_in(const std::string& layers, const std::string& units = "auto") {
    return "{layers: [{linear: " + units + "}, " + layers + "]}";
  }

  // Without the folder: "3:30: error: ..." or "3:30: warning: ...", one after another; "" for none.
  std::string messages(const Lines& changes) const {
    const auto plugins = catalog();
    std::string all;
    try {
      const std::vector<experiment::Experiment> experiments{
          experiment::Experiment::read(write("fit.yaml", yaml(changes)), {}, plugins)};
      const engine::Plan plan(experiments, plugins);
      for (const auto& one : plan.warnings(0)) all += one.warning() + '\n';
    } catch (const Error& error) {
      all = error.what();
    }
    for (auto at = all.find(path("")); at != all.npos; at = all.find(path("")))
      all.erase(at, path("").size());
    for (auto at = all.find("fit.yaml:"); at != all.npos; at = all.find("fit.yaml:"))
      all.erase(at, 9);
    return all;
  }

  void expect(const Lines& changes, const std::string& start, const std::string& part = "") const {
    const auto found = messages(changes);
    EXPECT_TRUE(found.starts_with(start)) << found;
    EXPECT_NE(found.find(part), found.npos) << found;
  }
};

TEST_F(LossFit, NllNeedsLogProbabilities) {
  for (const std::string end : {"relu", "softmax", "sigmoid", "tanh", "softplus"})
    expect({{"loss", "nll"}, {"model", ends_in(end)}}, "3:34: error: loss 'nll' reads log-prob",
           "the model ends in " + end + "; add log_softmax");
  expect({{"loss", "nll"}},
         "3:18: error: loss 'nll' reads log-probabilities, but the model ends in "
         "linear; add log_softmax as the last layer, or choose a loss of logits");
  EXPECT_EQ(messages({{"loss", "nll"}, {"model", ends_in("log_softmax")}}), "");
}

TEST_F(LossFit, KlDivNeedsLogProbabilities) {
  const auto shares = csv("shares.csv", "[p, q, r]");
  expect({{"data", shares}, {"loss", "kl_div"}}, "3:18: error: loss 'kl_div' reads log-prob");
  expect({{"data", shares}, {"loss", "kl_div"}, {"model", ends_in("softmax")}}, "3:34: error:");
  EXPECT_EQ(messages({{"data", shares}, {"loss", "kl_div"}, {"model", ends_in("log_softmax")}}),
            "");
}

TEST_F(LossFit, BceNeedsProbabilities) {
  for (const std::string end : {"relu", "log_softmax", "tanh", "softplus", "elu"})
    expect({{"loss", "bce"}, {"model", ends_in(end)}}, "3:34: error: ");
  expect({{"loss", "bce"}},
         "3:18: error: loss 'bce' reads probabilities, but the model ends in "
         "linear, which gives any numbers, not all 0 to 1; add sigmoid");
  EXPECT_EQ(messages({{"loss", "bce"}, {"model", ends_in("sigmoid")}}), "");
}

TEST_F(LossFit, LossesOfLogitsRefuseProbabilities) {
  for (const std::string loss : {"cross_entropy", "multi_margin"})
    for (const std::string end : {"softmax", "sigmoid"})
      expect({{"loss", loss}, {"model", ends_in(end)}}, "3:34: error: loss '" + loss + "' reads",
             "leave out " + end);
  for (const std::string loss : {"bce_with_logits", "focal", "multilabel_soft_margin"})
    for (const std::string end : {"sigmoid", "relu", "softplus"})
      expect({{"loss", loss}, {"model", ends_in(end)}}, "3:34: error: loss '" + loss + "' reads",
             "leave out " + end);
}

TEST_F(LossFit, WarnsOfLogitsThatAreNormalizedOrLimited) {
  expect({{"loss", "cross_entropy"}, {"model", ends_in("log_softmax")}},
         "3:34: warning: ", "twice is the same as once");
  expect({{"loss", "cross_entropy"}, {"model", ends_in("tanh")}}, "3:34: warning: ", "-1 to 1");
  expect({{"loss", "bce_with_logits"}, {"model", ends_in("tanh")}}, "3:34: warning: ");
  expect({{"loss", "nll"}, {"model", ends_in("softmax, log_softmax")}},
         "3:43: warning: ", "the layer before log_softmax gives 0 to 1");
  EXPECT_EQ(messages({{"loss", "cross_entropy"}, {"model", ends_in("leaky_relu")}}), "");
}

TEST_F(LossFit, BceBelowAReluCouldNeverPredictTheFirstClass) {
  expect({{"loss", "bce"}, {"model", ends_in("relu, sigmoid")}},
         "3:40: error: ", "never be below 1/2");
}

// softmax of one number is exp(x) / exp(x) = 1.
TEST_F(LossFit, RefusesASoftmaxOfOneOutput) {
  for (const std::string loss : {"mse", "bce"})
    expect({{"loss", loss}, {"model", ends_in("softmax")}}, "3:34: error: softmax over a single");
}

TEST_F(LossFit, TheLastLayerHasAnOutputForEachClass) {
  expect(
      {{"data", csv("three.csv")}, {"loss", "cross_entropy"}, {"model", "{layers: [{linear: 1}]}"}},
      "3:27: error: the last linear layer has 1 output, the data need 3: they have 3 classes; "
      "use `linear: auto` or `linear: 3`");
}

TEST_F(LossFit, RatesArePositive) {
  const auto counts = csv("counts.csv");
  const auto loss = "{poisson_nll: {log_input: false}}";
  expect({{"data", counts}, {"loss", loss}}, "3:18: error: ", "or set log_input: true");
  EXPECT_EQ(messages({{"data", counts}, {"loss", loss}, {"model", ends_in("softplus")}}), "");
  EXPECT_EQ(messages({{"data", counts}, {"loss", "poisson_nll"}}), "");
  // The logarithm of a rate is then at least 0, so the rate at least 1: a count of 0 is beyond.
  expect({{"data", counts}, {"loss", "poisson_nll"}, {"model", ends_in("relu")}},
         "3:34: warning: ", "1 of 3 targets cannot be predicted");
}

TEST_F(LossFit, LogarithmsAreLookedForInEveryPointOfAGrid) {
  expect(
      {{"data", csv("counts.csv")}, {"loss", "{poisson_nll: {log_input: {grid: [true, false]}}}"}},
      "3:18: error: ");
}

TEST_F(LossFit, WarnsOfVariancesThatMayBeNegative) {
  expect({{"loss", "gaussian_nll"}}, "3:18: warning: ", "set log_variance: true");
  EXPECT_EQ(messages({{"loss", "{gaussian_nll: {log_variance: true}}"}}), "");
}

TEST_F(LossFit, TargetsBeyondTheLastLayerAreReported) {
  expect({{"data", csv("large.csv")}, {"model", ends_in("sigmoid")}}, "3:34: error: 3 of 3 targets",
         "between 110 and 130");
  expect({{"data", csv("signs.csv")}, {"model", ends_in("relu")}}, "3:34: warning: 2 of 4 targets");
  EXPECT_EQ(messages({{"data", csv("two.csv")}, {"model", ends_in("sigmoid")}}), "");
  for (const std::string loss : {"hinge", "soft_margin"})
    expect({{"data", csv("signs.csv")}, {"loss", loss}, {"model", ends_in("sigmoid")}},
           "3:34: error: loss '" + loss + "' reads scores of both signs");
}

TEST_F(LossFit, TargetsThatALossIsNotDefinedForAreRefusedWhereTheyStand) {
  expect(
      {{"data", csv("large.csv")}, {"loss", "hinge"}},
      "large.csv:2:3: error: the loss wants signs, and column 'y' holds 110, which is neither -1 "
      "nor 1; code two classes as -1 and 1");
  expect({{"data", csv("large.csv")}, {"loss", "bce_with_logits"}},
         "large.csv:2:3: error: ", "outside [0, 1]; divide percentages by 100");
  expect({{"data", csv("signs.csv")}, {"loss", "poisson_nll"}}, "signs.csv:2:4: error: ",
         "the loss wants counts, and column 'y' holds -1, which is below 0");
  expect({{"data", csv("shares.csv", "[p, q]")}, {"loss", "cross_entropy"}},
         "shares.csv:2:3: error: ", "sum to 0.5 here, not to 1");
}

TEST_F(LossFit, DrawnTargetsAreHeldToTheSame) {
  expect({{"data", synthetic("5*x")}, {"loss", "hinge"}}, "2:", "-1 and 1");
  expect({{"data", synthetic("-x")}, {"loss", "poisson_nll"}}, "2:", "the loss wants counts");
  expect({{"data", synthetic("x", "{normal: 1}")}, {"loss", "hinge"}},
         "4:7: error: loss 'hinge' reads "
         "signs, but data.synthetic with noise: normal leaves -1 and 1");
  EXPECT_EQ(messages({{"data", synthetic("x", "bernoulli")}, {"loss", "hinge"}}), "");
  EXPECT_EQ(messages({{"data", synthetic("x > 0.5 ? 1 : 0")}, {"loss", "soft_margin"}}), "");
}

TEST_F(LossFit, WarnsOfCountsThatAreNotWholeAndOfMeasurementsAsClasses) {
  expect({{"data", synthetic("x")}, {"loss", "poisson_nll"}}, "2:", "is not whole");
  std::string many = "x,y\n";
  for (int i = 0; i < 15; ++i) many += std::to_string(i) + ',' + std::to_string(100 + 7 * i) + '\n';
  write("many.csv", many);
  expect({{"data", csv("many.csv")}, {"loss", "cross_entropy"}},
         "2:", "15 different ones, all numbers");
}

TEST_F(LossFit, SharesThatAreRoundedAreWarnedOf) {
  write("rounded.csv", "x,p,q,r\n0,0.33,0.33,0.33\n");
  expect({{"data", csv("rounded.csv", "[p, q, r]")},
          {"loss", "kl_div"},
          {"model", ends_in("log_softmax")}},
         "2:",
         "warning: loss 'kl_div' reads a probability for every class; those of a sample sum to "
         "0.99, not to 1");
}

TEST_F(LossFit, RefusesAHeaderThatLooksLikeASample) {
  write("headless.csv", "1,2,3\n2,3,5\n4,1,7\n5,5,8\n");
  expect({{"data", csv("headless.csv", "\"3\"")}},
         "headless.csv:1:1: error: the first line looks like a sample: 3 of its 3 fields are "
         "numbers",
         "set header: false");
}

// The experiment has 2 replicates of fixed data, and the full batch.
TEST_F(LossFit, OfReplicatesThatAreAllTheSameWarns) {
  const std::string zeros = "{layers: [{linear: auto}], init: zeros}";
  expect({{"model", zeros}}, "7:13: warning: all 2 replicates are the same training",
         "init and order changes nothing here");
  EXPECT_EQ(messages({}), "") << "first weights differ";
  EXPECT_EQ(messages({{"model", zeros}, {"data", synthetic("x", "{normal: 0.1}")}}), "");
  EXPECT_EQ(messages({{"model", zeros}, {"optimizer", "sophia"}}), "") << "it draws";
  expect({{"optimizer", "exact"}, {"train", "{epochs: 1}"}},
         "7:13: warning: all 2 replicates are the same training",
         "init and order changes nothing here");
}

TEST_F(LossFit, OfALossThatIsAlwaysZeroIsAnError) {
  expect({{"loss", "{huber: {delta: 0}}"}}, "4:23: error: loss 'huber': delta needs to be above 0");
  expect({{"loss", "{cross_entropy: {class_weight: [0, 0]}}"}},
         "4:7: error: loss 'cross_entropy' is 0", "class_weight is 0 for all of them");
  expect({{"loss", "{bce_with_logits: {pos_weight: 0}}"}}, "");
  expect({{"loss", "{multi_margin: {class_weight: [0, 0]}}"}},
         "4:7: error: loss 'multi_margin' is 0");
  EXPECT_EQ(messages({{"loss", "{cross_entropy: {class_weight: [0, 1]}}"}}), "");
  EXPECT_EQ(messages({{"loss", "{cross_entropy: {class_weight: balanced}}"},
                      {"model", "{layers: [{linear: 2}]}"}}),
            "");
  std::string sorted = "x,y\n";  // the class that counts is rare, and last
  for (int i = 0; i < 2000; ++i) sorted += fmt::format("{},{}\n", i * i % 13, i == 1999);
  write("sorted.csv", sorted);
  EXPECT_EQ(
      messages({{"loss", "{cross_entropy: {class_weight: [0, 1]}}"}, {"data", csv("sorted.csv")}}),
      "");
  EXPECT_EQ(messages({{"loss", "{hinge: {margin: 0}}"}, {"data", csv("signs.csv")}}), "");
}

// Labels are numbered in their order, so one may be the number of another.
TEST_F(LossFit, OfAnIgnoredClassIsByItsNumber) {
  const auto with = [&](const std::string& labels, const std::string& ignored) {
    std::string rows = "x,y\n";
    std::istringstream words(labels);
    std::vector<std::string> all;
    for (std::string word; words >> word;) all.push_back(word);
    for (std::size_t i = 0; i < 12; ++i)
      rows += fmt::format("{},{}\n", i * 7 % 5, all[i % all.size()]);
    write("labels.csv", rows);
    return messages({{"data", csv("labels.csv")},
                     {"model", "{layers: [{linear: auto}]}"},
                     {"loss", "{cross_entropy: {" + ignored + "}}"}});
  };
  EXPECT_EQ(with("0 1 2", "ignore_index: 1"), "");
  EXPECT_EQ(with("a b c", ""), "");
  EXPECT_THAT(with("0 1 255", "ignore_index: 255"),
              HasSubstr("4:38: error: loss.ignore_index: 255 ignores no class: it counts the "
                        "classes from 0 in the order of their labels; the class with the label "
                        "'255' is ignore_index: 2"));
  EXPECT_THAT(with("0 1 255", "ignore_index: 2"),
              HasSubstr("warning: loss.ignore_index: 2 ignores the class with the label '255'"));
  EXPECT_THAT(with("a b c", "ignore_index: 7"), HasSubstr("classes are 0 to 2"));
  EXPECT_THAT(with("-100 0 1", ""),
              HasSubstr("warning: loss.ignore_index: -100 ignores no class: it counts the classes "
                        "from 0 in the order of their labels; the class with the label '-100' is "
                        "ignore_index: 0"));
}

TEST_F(LossFit, OfAFileWithRowNumbersWarns) {
  std::string rows = "id,x,y\n";
  for (int i = 0; i < 12; ++i) rows += fmt::format("{},{},{}\n", i, i * 7 % 5, i % 3);
  write("numbered.csv", rows);
  expect({{"data", csv("numbered.csv")}}, "2:20: warning: column 'id' looks like a row number",
         "data.csv.columns: {leave: [id]}");
}

TEST_F(LossFit, WarningsAreStored) {
  const Lines odd = {{"loss", "gaussian_nll"}};
  run(yaml(odd), "a.db");
  const std::string query = "SELECT place || ': ' || text FROM warnings";
  EXPECT_NE(text("a.db", query).find("experiment.yaml:3:18: loss 'gaussian_nll'"),
            std::string::npos);
  run(yaml({}), "a.db");
  EXPECT_EQ(text("a.db", query), "") << "those of the last run";
}

// Zero weights predict 0 and stay there: every loss is exactly 0.
TEST_F(LossFit, ALossOfClassesWithoutProbabilitiesTrainsWithoutAccuracy) {
  for (const std::string loss : {"embeds", "logistic"}) {
    const std::string data = "{csv: {path: signs.csv, target: y, test: {path: signs.csv}}}";
    const auto outcome = run(
        yaml(
            {{"data", data}, {"loss", loss}, {"model", "{layers: [{linear: auto}], init: zeros}"}}),
        loss + ".db");
    EXPECT_EQ(outcome.count(record::Status::done), 2u) << loss;
    EXPECT_EQ(number(loss + ".db", "SELECT count(*) FROM bias_variance"), 0);
    EXPECT_EQ(number(loss + ".db", "SELECT count(test_accuracy) FROM runs"), 0);
    EXPECT_EQ(number(loss + ".db", "SELECT count(test_loss) FROM runs"), 2);
    EXPECT_EQ(text(loss + ".db", "SELECT primary_metric FROM points"), "none");
  }
  EXPECT_EQ(number("embeds.db", "SELECT max(test_loss) FROM runs"), 0);
}

// A constant log rate a of the counts c has squared error mean (exp(a) - c)^2: of zero weights,
// exp(0) = 1 against 0, 3 and 5 gives (1 + 4 + 16) / 3 = 7.
TEST_F(LossFit, LogarithmicRatesAreComparedAsRates) {
  run(yaml({{"data", "{csv: {path: counts.csv, target: y, test: {path: counts.csv}}}"},
            {"loss", "poisson_nll"},
            {"optimizer", "{sgd: {lr: 0}}"},
            {"model", "{layers: [{linear: auto}], init: zeros}"}}),
      "a.db");
  EXPECT_DOUBLE_EQ(number("a.db", "SELECT total FROM bias_variance WHERE epoch = 3"), 7);
}

}  // namespace
}  // namespace descent
