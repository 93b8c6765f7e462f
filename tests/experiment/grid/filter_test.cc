// SPDX-License-Identifier: MIT
// Points that fail `where` are never planned.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using Values = std::vector<json>;

class WhereKey : public ExperimentFile {
 protected:
  const Lines grid_ = {{"optimizer",
                        "{grid: [{sgd: {lr: {grid: [0.1, 0.2, 0.4]}, nesterov: {grid: [false, "
                        "true]}, momentum: 0.9}}, {adam: {lr: {grid: [0.2, 0.1]}}}]}"},
                       {"train", "{epochs: {grid: [10, 40]}, batch: {grid: [4, full]}}"}};

  Lines with(const std::string& where) const {
    auto lines = grid_;
    lines.emplace_back("where", where);
    return lines;
  }
  experiment::Experiment filtered(const std::string& where) { return read(text(with(where))); }
  // What is planned, by brute force over the whole grid.
  void expect_those(const std::string& where, const std::function<bool(const json&)>& holds) {
    const auto all = read(text(grid_)), some = filtered(where);
    Texts expected, found;
    for (std::uint64_t i = 0; i < all.size(); ++i)
      if (const auto point = all.point(i).configuration; holds(point))
        expected.push_back(point.dump());
    std::vector<std::uint64_t> members(some.variants());
    for (std::uint64_t i = 0; i < some.size(); ++i) {
      found.push_back(some.identity(i));
      EXPECT_EQ(some.point(i).configuration.dump(), found.back());
      ++members.at(some.variant(i));
    }
    EXPECT_EQ(found, expected) << where;
    EXPECT_EQ(some.failing(), all.size() - some.size());
    for (std::uint64_t f = 0; f < members.size(); ++f) {
      EXPECT_EQ(some.variant_size(f), members[f]) << where;
      EXPECT_EQ(some.variant(some.member(f)), f) << where;
    }
  }
};

double lr(const json& point) { return point["optimizer"]["lr"]; }
double epochs(const json& point) { return point["train"]["epochs"]; }
bool is(const json& point, const char* key, const char* name) { return point[key]["name"] == name; }

TEST_F(WhereKey, KeepsThePointsThatMeetIt) {
  expect_those("optimizer.lr * train.epochs <= 4",
               [](const json& p) { return lr(p) * epochs(p) <= 4; });
  expect_those("optimizer == \"adam\" || optimizer.lr < 0.2",
               [](const json& p) { return is(p, "optimizer", "adam") || lr(p) < 0.2; });
  expect_those("'\"sgd\" != optimizer'", [](const json& p) { return !is(p, "optimizer", "sgd"); });
  expect_those("train.batch == 'full' && train.epochs > 10",
               [](const json& p) { return p["train"]["batch"] == "full" && epochs(p) > 10; });
  expect_those("train.batch < 100", [](const json& p) { return p["train"]["batch"].is_number(); });
  expect_those("optimizer.nesterov == true", [](const json& p) {
    return p["optimizer"].contains("nesterov") && p["optimizer"]["nesterov"] == true;
  });
  expect_those(
      "'has(optimizer.beta1) ? optimizer.lr > 0.1 : train.epochs == 40'",
      [](const json& p) { return is(p, "optimizer", "adam") ? lr(p) > 0.1 : epochs(p) == 40; });
  expect_those(
      "[optimizer.lr >= 0.2, train.epochs == 40, optimizer == \"sgd\"]",
      [](const json& p) { return lr(p) >= 0.2 && epochs(p) == 40 && is(p, "optimizer", "sgd"); });
  expect_those("optimizer.momentum > 0", [](const json& p) { return is(p, "optimizer", "sgd"); });
  // What a point lacks is no number, and no number does not hold.
  expect_those("optimizer.momentum + 1", [](const json& p) { return is(p, "optimizer", "sgd"); });
  expect_those("record.every == 2", [](const json& p) { return epochs(p) == 40; });
}

TEST_F(WhereKey, WhatItLeavesOfAnAxisIsWhatIsSwept) {
  EXPECT_EQ(filtered("optimizer == \"adam\" && train.epochs == 10 && train.batch == 4").swept(),
            Texts{"optimizer.lr"});
  EXPECT_EQ(filtered("optimizer.lr == 0.1 && train.epochs == 10 && train.batch == 4").swept(),
            (Texts{"optimizer", "optimizer.nesterov"}));
}

TEST_F(WhereKey, MayRuleOutWhatWouldBeAnError) {
  const Lines lines = {{"optimizer", "{grid: [exact, {sgd: {lr: {grid: [0.1, 0.2]}}}]}"},
                       {"train", "{epochs: 1, batch: {grid: [4, full]}}"}};
  EXPECT_FALSE(problems(lines).empty());
  auto allowed = lines;
  allowed.emplace_back("where", "optimizer != \"exact\" || train.batch == \"full\"");
  EXPECT_EQ(read(text(allowed)).size(), 5u);
}

TEST_F(WhereKey, WorksOnZippedAndDrawnAxesAndUnions) {
  const auto zipped = read(text({{"optimizer", "{sgd: {lr: {grid: [0.1, 0.2, 0.3], zip: a}}}"},
                                 {"train", "{epochs: {grid: [30, 20, 10], zip: a}}"},
                                 {"where", "train.epochs < 30"}}));
  EXPECT_EQ(values(zipped, "optimizer.lr"), (Values{0.2, 0.3}));
  const auto random = read(text({{"optimizer", "{sgd: {lr: {uniform: [0, 1]}}}"},
                                 {"draws", "100"},
                                 {"where", "optimizer.lr < 0.5"}}));
  EXPECT_EQ(random.size() + random.failing(), 100u);
  EXPECT_NEAR(double(random.size()), 50, 20);
  for (const auto& value : values(random, "optimizer.lr")) EXPECT_LT(value, 0.5);
  EXPECT_EQ(read(text({{"union", "[{loss: l1, seed: {grid: [1, 2]}}, {loss: mse}]"},
                       {"where", "loss == \"mse\" || seed == 2"}}))
                .size(),
            2u);
  EXPECT_EQ(read(text({{"seed", "{grid: [1, 2, 3]}"}}), {"where=seed > 1"}).size(), 2u);
}

TEST_F(WhereKey, SaysWhatIsWrong) {
  EXPECT_EQ(problems(with("optimizer.lrr < 1")),
            Texts{"7:8: where: no point has 'optimizer.lrr'; did you mean 'optimizer.lr'?"});
  EXPECT_EQ(
      problems(with("optimizer == adam")).back(),
      "7:8: where: no point has 'adam'; paths are those of the results, such as optimizer.lr, and "
      "text is written in quotes, such as optimizer == \"sgd\"");
  EXPECT_EQ(problems(with("optimizer > 3")),
            Texts{"7:8: where: optimizer is never a number; compare it with text in quotes, as "
                  "optimizer == \"...\""});
  EXPECT_EQ(problems(with("train.epochs == \"10\"")),
            Texts{"7:8: where: train.epochs is never text; compare it with a number without "
                  "quotes"});
  EXPECT_EQ(problems(with("optimizer.lr < 0")),
            Texts{"7:8: where: none of the 32 points meets it"});
  EXPECT_EQ(problems(with("seed != 9007199254740993")),
            Texts{"7:8: where 'seed != 9007199254740993' at character 9: 9007199254740993 is "
                  "rounded: whole numbers below 9007199254740992 are compared exactly; name the "
                  "values in a grid instead"});
  EXPECT_EQ(problems(with("1 > 2")), Texts{"7:8: where: none of the 32 points meets it"});
  EXPECT_EQ(problems(with("optimizer.lr <")),
            Texts{"7:8: where 'optimizer.lr <': the expression ends too early"});
  EXPECT_EQ(
      problems(with("optimizer.lr = 0.1")),
      Texts{"7:8: where 'optimizer.lr = 0.1': it assigns with '='; equality is written '=='"});
  EXPECT_EQ(problems(with("optimizer < \"adam\"")),
            Texts{"7:8: where 'optimizer < \"adam\"' at character 13: text is compared by == or != "
                  "with a path, as in optimizer == \"adam\""});
  EXPECT_EQ(problems(with("optimizer == \"adam")).size(), 1u);
  EXPECT_EQ(
      problems(with("optimizer == \"adam\" && 2 optimizer.lr")),
      Texts{"7:8: where 'optimizer == \"adam\" && 2 optimizer.lr' at character 26: an operator "
            "is missing before 'optimizer.lr' (products are written 2*x)"});
  EXPECT_EQ(problems(with("{a: b}")),
            Texts{"7:8: where: expected a condition such as \"optimizer.lr * train.epochs <= 10\", "
                  "or a list of them, found a map"});
}

TEST_F(WhereKey, SaysHowOtherLanguagesWordsAreWritten) {
  EXPECT_EQ(problems(with("optimizer == \"sgd\" or optimizer == \"adam\"")),
            Texts{"7:8: where 'optimizer == \"sgd\" or optimizer == \"adam\"' at character 20: "
                  "'or' is written ||"});
  EXPECT_EQ(problems(with("has(\"optimizer.beta1\")")),
            Texts{"7:8: where 'has(\"optimizer.beta1\")' at character 5: a path has no quotes: "
                  "has(optimizer.beta1)"});
}

// 0.15 < lr is 0 or 1, and 0 < 0.3: as an interval it would keep just the wrong points.
TEST_F(WhereKey, RefusesComparisonsOfComparisons) {
  const std::string why =
      ": this compares the result of a comparison, 0 or 1; for an interval write a < b && b < c, "
      "else put the first comparison in parentheses";
  const auto at = [&](const std::string& where, int character) {
    EXPECT_EQ(problems(with(where)),
              Texts{"7:8: where '" + where + "' at character " + std::to_string(character) + why});
  };
  at("0.15 < optimizer.lr < 0.3", 21);
  at("0.15 <= optimizer.lr <= 0.3", 22);
  at("train.epochs == 10 == true", 20);
  at("train.epochs > 5 && 0.15 < (optimizer.lr) != 1", 43);
  at("optimizer == \"sgd\" != false", 20);
  at("abs(1 < optimizer.lr < 2)", 22);
  expect_those("(optimizer.lr > 0.15) == (train.epochs >= 40)",
               [](const json& p) { return (lr(p) > 0.15) == (epochs(p) >= 40); });
  expect_those("0.15 < optimizer.lr && optimizer.lr <= 0.3 || train.epochs != 40",
               [](const json& p) { return (0.15 < lr(p) && lr(p) <= 0.3) || epochs(p) != 40; });
  expect_those("'optimizer.lr > 0.15 ? train.epochs < 20 : train.epochs > 20'",
               [](const json& p) { return lr(p) > 0.15 ? epochs(p) < 20 : epochs(p) > 20; });
}

TEST_F(WhereKey, SaysHowToNegate) {
  EXPECT_EQ(problems(with("'!has(optimizer.beta1)'")),
            Texts{"7:8: where '!has(optimizer.beta1)' at character 1: there is no '!'; write "
                  "(condition) == 0"});
  expect_those("has(optimizer.beta1) == 0",
               [](const json& p) { return is(p, "optimizer", "sgd"); });
}

TEST_F(WhereKey, AGridTooLargeToLookThroughIsAnError) {
  EXPECT_EQ(problems({{"optimizer",
                       "{sgd: {lr: {linspace: [0.1, 1, 10000]}, momentum: {linspace: [0, 1, "
                       "10000]}}}"},
                      {"where", "optimizer.lr > 0.5"}}),
            Texts{"7:8: the grid has 100000000 points, more than the 10000000 that can be checked "
                  "one by one for `where` and for draws that repeat"});
}

TEST_F(WhereKey, AMillionPointsAreLookedAt) {
  const auto experiment =
      read(text({{"optimizer", "{sgd: {lr: {linspace: [0.001, 1, 1000]}}}"},
                 {"regularizer", "{l2: {lambda: {linspace: [0.001, 1, 1000]}}}"},
                 {"where", "optimizer.lr + regularizer.lambda <= 1.0000001"}}));
  EXPECT_EQ(experiment.size(), 499'500u);
  EXPECT_EQ(experiment.identity(400'000), experiment.point(400'000).configuration.dump());
}

}  // namespace
}  // namespace descent::testing
