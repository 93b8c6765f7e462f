// SPDX-License-Identifier: MIT
// Random axes: where they are recognised, what they give, which draws are shared.
#include "experiment/grid/random_axis.h"

#include <algorithm>
#include <set>

#include "experiment/support.h"

namespace descent::testing {
namespace {

using Values = std::vector<json>;

class Draws : public ExperimentFile {
 protected:
  std::vector<double> numbers(const experiment::Experiment& experiment, const std::string& path) {
    std::vector<double> all;
    for (const auto& value : values(experiment, path))
      if (value.is_number()) all.push_back(value);
    return all;
  }

  std::set<std::string> identities(const experiment::Experiment& experiment) {
    std::set<std::string> all;
    for (std::uint64_t i = 0; i < experiment.size(); ++i) all.insert(experiment.identity(i));
    return all;
  }
};

TEST_F(Draws, TakeTheirDrawsTogetherAndAreCrossedWithTheGrid) {
  const auto experiment = read(
      text({{"optimizer", "{sgd: {lr: {loguniform: [0.001, 1]}, momentum: {uniform: [0.5, 0.9]}}}"},
            {"loss", "{grid: [mse, l1]}"},
            {"draws", "75"}}));
  EXPECT_EQ(experiment.size(), 150u);
  EXPECT_EQ(experiment.variants(), 2u);
  std::set<std::pair<double, double>> pairs;
  const auto lr = numbers(experiment, "optimizer.lr"),
             momentum = numbers(experiment, "optimizer.momentum");
  for (std::size_t i = 0; i < 150; ++i) pairs.emplace(lr[i], momentum[i]);
  EXPECT_EQ(pairs.size(), 75u);
  EXPECT_EQ(experiment.swept(), (Texts{"loss", "optimizer.lr", "optimizer.momentum"}));
  EXPECT_EQ(experiment.identity(77), experiment.point(77).configuration.dump());
}

TEST_F(Draws, KeepToTheirEndsAndDistribution) {
  const auto experiment =
      read(text({{"optimizer",
                  "{sgd: {lr: {loguniform: [0.0001, 1]}, momentum: {uniform: [0.2, "
                  "0.7]}}}"},
                 {"train", "{epochs: 40, batch: {integers: [3, 6]}}"},
                 {"regularizer", "{l2: {lambda: {choice: [0.5, 0.25]}}}"},
                 {"draws", "2000"}}));
  ASSERT_EQ(experiment.size(), 2000u);
  const auto share = [](const std::vector<double>& all, auto&& holds) {
    return double(std::ranges::count_if(all, holds)) / double(all.size());
  };
  const auto lr = numbers(experiment, "optimizer.lr");
  EXPECT_GE(*std::ranges::min_element(lr), 0.0001);
  EXPECT_LE(*std::ranges::max_element(lr), 1);
  EXPECT_NEAR(share(lr, [](double x) { return x < 0.01; }), 0.5, 0.04);
  EXPECT_NEAR(share(lr, [](double x) { return x < 0.001; }), 0.25, 0.04);
  const auto momentum = numbers(experiment, "optimizer.momentum");
  EXPECT_GE(*std::ranges::min_element(momentum), 0.2);
  EXPECT_LE(*std::ranges::max_element(momentum), 0.7);
  EXPECT_NEAR(share(momentum, [](double x) { return x < 0.3; }), 0.2, 0.04);
  const auto batch = numbers(experiment, "train.batch");
  for (const double value : {3, 4, 5, 6})
    EXPECT_NEAR(share(batch, [&](double x) { return x == value; }), 0.25, 0.04) << value;
  EXPECT_NEAR(share(numbers(experiment, "regularizer.lambda"), [](double x) { return x == 0.5; }),
              0.5, 0.05);
}

TEST_F(Draws, FewerAreTheFirstOfMore) {
  for (const std::string sampler : {"random", "halton", "sobol"}) {
    const auto of = [&](const std::string& draws) {
      return identities(read(
          text({{"optimizer",
                 "{grid: [{sgd: {lr: {loguniform: [0.001, 1]}}}, {adam: {lr: {loguniform: [0.0001, "
                 "0.1]}, beta1: {uniform: [0.8, 0.99]}}}, adagrad]}"},
                {"train", "{epochs: {integers: [10, 90000]}}"},
                {"sampler", sampler},
                {"draws", draws}})));
    };
    const auto few = of("25"), more = of("50"), most = of("75");
    EXPECT_EQ(few.size(), 75u);
    EXPECT_EQ(most.size(), 225u);
    EXPECT_TRUE(std::ranges::includes(more, few)) << sampler;
    EXPECT_TRUE(std::ranges::includes(most, more)) << sampler;
  }
}

TEST_F(Draws, DoNotDependOnWhatElseTheFileHolds) {
  const Lines random = {{"optimizer", "{sgd: {lr: {loguniform: [0.001, 1]}}}"}, {"draws", "5"}};
  auto more = random;
  more.emplace_back("regularizer", "{l2: {lambda: {uniform: [0, 1]}}}");
  more.emplace_back("features", "[{scale: {uniform: [1, 2]}}]");
  EXPECT_EQ(numbers(read(text(random)), "optimizer.lr"), numbers(read(text(more)), "optimizer.lr"));
}

TEST_F(Draws, AreSharedByTheChoicesOfAPlugin) {
  const auto experiment = read(text(
      {{"optimizer", "{grid: [{sgd: {lr: {uniform: [0, 1]}}}, {adam: {lr: {uniform: [0, 1]}}}]}"},
       {"draws", "10"}}));
  EXPECT_EQ(experiment.size(), 20u);
  const auto lr = numbers(experiment, "optimizer.lr");
  for (std::size_t i = 0; i < 20; i += 2) EXPECT_EQ(lr[i], lr[i + 1]);
}

TEST_F(Draws, AreSharedByTheBlocksOfAUnionAndBySeeds) {
  const auto blocks = read(text({{"optimizer", "{sgd: {lr: {uniform: [0, 1]}}}"},
                                 {"union", "[{loss: l1}, {loss: mse}]"},
                                 {"draws", "10"}}));
  const auto seeds = read(text({{"optimizer", "{sgd: {lr: {uniform: [0, 1]}}}"},
                                {"seed", "{grid: [0, 1]}"},
                                {"draws", "10"}}));
  EXPECT_EQ(blocks.size(), 20u);
  EXPECT_EQ(numbers(blocks, "optimizer.lr"), numbers(seeds, "optimizer.lr"));
  const auto other = read(text({{"optimizer", "{sgd: {lr: {uniform: [0, 1]}}}"},
                                {"seed", "{grid: [1, 0]}"},
                                {"draws", "10"}}));
  EXPECT_NE(numbers(other, "optimizer.lr"), numbers(seeds, "optimizer.lr"));
}

TEST_F(Draws, APointThatHoldsNoneIsPlannedOnce) {
  const auto experiment =
      read(text({{"optimizer", "{grid: [{sgd: {lr: {uniform: [0, 1]}}}, adam]}"}, {"draws", "7"}}));
  EXPECT_EQ(experiment.size(), 8u);
  EXPECT_EQ(values(experiment, "optimizer").back(), "adam");
}

TEST_F(Draws, ThatRepeatAnEarlierOneArePlannedOnce) {
  const auto experiment =
      read(text({{"train", "{epochs: 40, batch: {integers: [1, 4]}}"}, {"draws", "100"}}));
  EXPECT_EQ(experiment.size(), 4u);
  EXPECT_EQ(experiment.repeated(), 96u);
  EXPECT_EQ(experiment.variants(), 1u);
  EXPECT_EQ(experiment.variant_size(0), 4u);
  EXPECT_EQ(identities(experiment).size(), 4u);
  const auto two = read(text({{"train", "{epochs: 40, batch: {integers: [1, 4]}}"},
                              {"optimizer", "{sgd: {momentum: {uniform: [0, 1]}}}"},
                              {"draws", "100"}}));
  EXPECT_EQ(two.size(), 100u);
}

TEST_F(Draws, AChoiceMayBeOfAnythingWithDrawsOfItsOwn) {
  const auto experiment = read(text(
      {{"optimizer",
        "{choice: [{sgd: {lr: {loguniform: [0.01, 1]}}}, {adam: {lr: {loguniform: [0.0001, "
        "0.01]}}}, adagrad, adagrad]}"},
       {"model", "{layers: [{linear: {integers: [4, 64]}}, {choice: [tanh, relu]}, {linear: 1}]}"},
       {"draws", "200"}}));
  EXPECT_EQ(experiment.size() + experiment.repeated(), 200u);
  const auto names = values(experiment, "optimizer");
  EXPECT_NEAR(double(std::ranges::count(names, json("adagrad"))), 100, 35);
  EXPECT_NEAR(double(std::ranges::count(names, json("sgd"))), 50, 30);
  const auto lr = values(experiment, "optimizer.lr");
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_TRUE(names[i] != "sgd" || lr[i].get<double>() >= 0.01) << lr[i];
  EXPECT_EQ(experiment.swept(), (Texts{"model.layers.0.linear", "model.layers.1", "optimizer",
                                       "optimizer.eps", "optimizer.lr"}));
}

TEST_F(Draws, WordsTheLanguageKnowsStayWhatTheyAre) {
  const auto experiment =
      read(text({{"data",
                  "{synthetic: {function: x, x: {uniform: [0, 1]}, noise: {normal: {uniform: [0.1, "
                  "0.2]}}, train: 8}}"},
                 {"model", "{layers: [{linear: 1}], init: {uniform: [-1, 1]}}"},
                 {"draws", "3"}}));
  EXPECT_EQ(experiment.size(), 3u);
  EXPECT_EQ(experiment.swept(), Texts{"data.synthetic.noise.normal"});
  EXPECT_EQ(experiment.point(0).configuration["model"]["init"]["uniform"], json({-1.0, 1.0}));
  const auto ends =
      read(text({{"model", "{layers: [{linear: 1}], init: {uniform: [-1, {uniform: [1, 2]}]}}"},
                 {"draws", "3"}}));
  EXPECT_EQ(ends.swept(), Texts{"model.init.uniform.1"});
}

TEST_F(Draws, NumbersCanBeCopied) {
  for (const auto& value :
       numbers(read(text({{"optimizer", "{sgd: {lr: {uniform: [0, 1]}}}"}, {"draws", "50"}})),
               "optimizer.lr"))
    EXPECT_LE(json(value).dump().size(), 10u) << value;
  const auto far = numbers(read(text({{"seed", "1"},
                                      {"optimizer", "{sgd: {lr: {uniform: [1000, 1000.001]}}}"},
                                      {"draws", "50"}})),
                           "optimizer.lr");
  EXPECT_EQ(std::set<double>(far.begin(), far.end()).size(), 50u);
}

TEST_F(Draws, OverridesSetThemToo) {
  EXPECT_EQ(read(text(), {"optimizer.lr={uniform: [0, 1]}", "draws=4", "sampler=sobol"}).size(),
            4u);
  EXPECT_EQ(read(text({{"union", "[{loss: l1}, {loss: mse}]"}}),
                 {"optimizer.lr={uniform: [0, 1]}", "draws=4"})
                .size(),
            8u);
}

TEST_F(Draws, SayWhatIsWrong) {
  const auto lr = [&](const std::string& axis) {
    return problems({{"optimizer", "{sgd: {lr: " + axis + "}}"}, {"draws", "3"}});
  };
  EXPECT_EQ(lr("{uniform: [1, 0]}"),
            Texts{"5:33: uniform: expected two finite numbers [a, b] with a < b"});
  EXPECT_EQ(lr("{uniform: [0, .inf]}"),
            Texts{"5:33: uniform: expected two finite numbers [a, b] with a < b"});
  EXPECT_EQ(lr("{uniform: [.nan, 1]}"),
            Texts{"5:33: uniform: expected two finite numbers [a, b] with a < b"});
  EXPECT_EQ(lr("{uniform: [-1.7e308, 1.7e308]}"),
            Texts{"5:33: uniform: the ends are too far apart"});
  EXPECT_EQ(lr("{loguniform: [0, 1]}"), Texts{"5:36: loguniform: both ends must be above 0"});
  EXPECT_EQ(lr("{integers: [0, 1.5]}"),
            Texts{"5:34: integers: expected whole numbers [a, b], both included, of at most 2^52"});
  EXPECT_EQ(lr("{choice: []}"),
            Texts{"5:32: choice: expected a list of values, found an empty list"});
  EXPECT_EQ(
      lr("{choice: [0.1, {grid: [1, 2]}]}"),
      Texts{
          "5:32: choice: its values cannot contain grid, linspace or logspace, only random axes"});
  EXPECT_EQ(lr("{uniform: [0, 1], zip: a}"),
            Texts{"5:24: 'uniform' must be the only key of its map: the axis replaces the "
                  "whole value, and random axes advance together without zip"});
}

TEST_F(Draws, NeedTheKeyAndTheKeyNeedsThem) {
  EXPECT_EQ(problems({{"optimizer", "{sgd: {lr: {uniform: [0, 1]}}}"}}),
            Texts{"5:24: a random axis needs the number of draws; add the key `draws` to the file, "
                  "as in `draws: "
                  "20`"});
  const std::string nothing =
      ": the file has no random axis; a random axis is uniform, loguniform, integers, logintegers "
      "or "
      "choice, as in lr: {loguniform: [0.001, 1]}";
  EXPECT_EQ(problems({{"draws", "3"}}), Texts{"7:1: draws" + nothing});
  EXPECT_EQ(problems({{"sampler", "sobol"}}), Texts{"7:1: sampler" + nothing});
  const auto with = [&](const std::string& key, const std::string& value) {
    Lines lines = {{"optimizer", "{sgd: {lr: {uniform: [0, 1]}}}"}, {key, value}};
    if (key != "draws") lines.emplace_back("draws", "3");
    return problems(lines);
  };
  for (const std::string wrong : {"0", "-1", "1.5", "1000001", "1e18", "many"})
    EXPECT_EQ(with("draws", wrong),
              Texts{"7:8: draws: expected a whole number in [1, 1000000], found '" + wrong + "'"});
  EXPECT_EQ(with("draws", "{grid: [1, 2]}"),
            Texts{"7:8: draws: expected a whole number in [1, 1000000], found an axis"});
  EXPECT_EQ(with("sampler", "sobl"),
            Texts{"7:10: sampler: 'sobl' is not known; did you mean 'sobol'?"});
  EXPECT_EQ(with("seed", "{integers: [1, 9]}"),
            Texts{"7:7: seed cannot be random: it determines all draws"});
  EXPECT_EQ(problems({{"drws", "3"}}),
            Texts{"7:1: unknown key 'drws' in an experiment; did you mean 'draws'?"});
}

TEST_F(Draws, BlocksOfAUnionShareThem) {
  EXPECT_EQ(problems({{"union", "[{draws: 3}, {union: [{seed: 1}]}, {where: seed > 1}]"}}),
            (Texts{"7:10: union: draws is the same for all blocks",
                   "7:22: union: a block cannot contain a union; list its blocks directly",
                   "7:44: union: where is the same for all blocks"}));
}

TEST_F(Draws, AMillionArePlanned) {
  const auto experiment = read(text({{"optimizer",
                                      "{sgd: {lr: {loguniform: [1.0e-6, 1]}, momentum: {uniform: "
                                      "[0, 1]}, weight_decay: {uniform: [0, 1]}}}"},
                                     {"draws", "100000"},
                                     {"loss", "{grid: [mse, l1, huber]}"}}));
  EXPECT_GE(experiment.size() + experiment.repeated(), 300'000u);
  EXPECT_EQ(experiment.identity(123'456), experiment.point(123'456).configuration.dump());
}

}  // namespace
}  // namespace descent::testing
