// SPDX-License-Identifier: MIT
// Optimizers that take an optimizer: how files write them, and what they refuse.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using WrappedOptimizer = ExperimentFile;

std::string file(const std::string& optimizer) { return text({{"optimizer", optimizer}}); }

TEST_F(WrappedOptimizer, IsTheBaseThatTheFileNames) {
  const auto c = resolved(file("{lookahead: {k: 3, base: {sgd: {lr: 0.25}}}}"))["optimizer"];
  EXPECT_EQ(c["name"], "lookahead");
  EXPECT_EQ(c["k"], 3);
  EXPECT_EQ(c["base"]["name"], "sgd");
  EXPECT_EQ(c["base"]["lr"], 0.25);
  EXPECT_FALSE(c.contains("beta1")) << "a hyperparameter of the default base";
  const auto s = settings({{"optimizer", "{lookahead: {k: 3, base: {sgd: {lr: 0.25}}}}"}});
  ASSERT_EQ(s.optimizer.base.size(), 1u);
  EXPECT_EQ(s.optimizer.base[0].name, "sgd");
  EXPECT_EQ(s.optimizer.base[0].hyperparameters[0], 0.25);
}

TEST_F(WrappedOptimizer, HasTheHyperparametersOfItsDefaultBaseWhereTheFileNamesNone) {
  const auto c = resolved(file("{sam: {rho: 0.1, momentum: 0.5}}"))["optimizer"];
  EXPECT_EQ(c["rho"], 0.1);
  EXPECT_EQ(c["momentum"], 0.5);
  EXPECT_EQ(c["lr"], 0.01) << "sam's default for it, not that of sgd";
  EXPECT_FALSE(c.contains("base"));
  const auto s = settings({{"optimizer", "{sam: {rho: 0.1, momentum: 0.5}}"}});
  ASSERT_EQ(s.optimizer.base.size(), 1u);
  EXPECT_EQ(s.optimizer.base[0].name, "sgd");
  EXPECT_EQ((std::vector<double>{s.optimizer.base[0].hyperparameters[0],
                                 s.optimizer.base[0].hyperparameters[1]}),
            (std::vector<double>{0.01, 0.5}));
}

TEST_F(WrappedOptimizer, SweepsHyperparametersOfItsBase) {
  const auto e =
      read(file("{lookahead: {k: {grid: [2, 5]}, base: {grid: [{sgd: {lr: {grid: [0.1, "
                "0.2]}}}, adam]}}}"));
  EXPECT_EQ(e.size(), 6u);
  EXPECT_EQ(values(e, "optimizer.base"),
            (std::vector<json>{"sgd", "sgd", "adam", "sgd", "sgd", "adam"}));
  EXPECT_EQ(values(e, "optimizer.base.lr"), (std::vector<json>{0.1, 0.2, 0.001, 0.1, 0.2, 0.001}));
}

TEST_F(WrappedOptimizer, TakesOverridesOfItsBase) {
  const auto c = resolved(file("{lookahead: {base: {sgd: {lr: 0.25}}}}"),
                          {"optimizer.base.lr=0.5"})["optimizer"];
  EXPECT_EQ(c["base"]["lr"], 0.5);
}

TEST_F(WrappedOptimizer, NamesTheNearestBaseAndHyperparameter) {
  EXPECT_EQ(problems(file("{lookahead: {base: adm}}")),
            Texts{"5:31: optimizer 'adm' is not known; did you mean 'adam'?"});
  EXPECT_EQ(problems(file("{lookahead: {base: {sgd: {momentm: 0.9}}}}")),
            Texts{"5:38: unknown key 'momentm' in optimizer 'sgd'; did you mean 'momentum'?"});
  EXPECT_EQ(problems(file("{lookahead: {base: {sgd: {lr: -1}}}}")),
            Texts{"5:42: optimizer.lookahead.base.sgd.lr = -1 is outside [0, 1000000]"});
  EXPECT_EQ(problems(file("{sgd: {base: adam}}")),
            Texts{"5:19: unknown key 'base' in optimizer 'sgd'; valid: lr, momentum, dampening, "
                  "weight_decay, nesterov, on"});
}

TEST_F(WrappedOptimizer, RefusesHyperparametersOfTheDefaultBaseWithAnother) {
  EXPECT_EQ(problems(file("{lookahead: {lr: 0.1, base: sgd}}")),
            Texts{"5:25: optimizer 'lookahead': 'lr' is not its own where 'base' is given; write "
                  "it there"});
}

TEST_F(WrappedOptimizer, RefusesConflictsWithinTheBase) {
  EXPECT_EQ(problems(file("{lookahead: {base: {sgd: {nesterov: true}}}}")),
            Texts{"5:48: optimizer 'sgd': nesterov needs a momentum above 0, as momentum: 0.9"});
  EXPECT_EQ(problems(file("{sam: {nesterov: true, momentum: 0}}")),
            Texts{"5:29: optimizer 'sgd': nesterov needs a momentum above 0, as momentum: 0.9"});
}

TEST_F(WrappedOptimizer, RefusesConflictsOfItsDefaultBaseOnAxes) {
  EXPECT_EQ(problems(file("{sam: {nesterov: true, momentum: {grid: [0.9, 0]}}}")),
            Texts{"5:29: optimizer 'sgd': nesterov needs a momentum above 0, as momentum: 0.9"});
  EXPECT_EQ(problems(file("{sam: {nesterov: true}}")), Texts{}) << "sam's momentum is 0.9";
}

TEST_F(WrappedOptimizer, NestsThreeTimes) {
  const std::string three = "{sam: {base: {lookahead: {base: {lookahead: {base: sgd}}}}}}";
  EXPECT_EQ(problems(file(three)), Texts{});
  EXPECT_EQ(problems(file("{sam: {base: {lookahead: {base: {lookahead: {base: {sam: {base: "
                          "sgd}}}}}}}}")),
            Texts{"5:70: optimizer 'sam' is wrapped 3 times; it takes no base of its own "
                  "here"});
}

TEST_F(WrappedOptimizer, FollowsASchedule) {
  const auto scheduled = [&](const std::string& optimizer, const std::string& schedule) {
    return problems({{"optimizer", optimizer},
                     {"train", "{epochs: 40, schedule: {exponential: " + schedule + "}}"}});
  };
  EXPECT_EQ(scheduled("{lookahead: {base: sgd}}", "{gamma: 0.9}"), Texts{});
  EXPECT_EQ(scheduled("{lookahead: {base: sgd}}", "{gamma: 0.9, hyper: alpha}"), Texts{});
  EXPECT_EQ(scheduled("{lookahead: {base: sgd}}", "{gamma: 0.9, hyper: momentm}"),
            Texts{"6:65: optimizer 'lookahead' has no hyperparameter 'momentm'; did you mean "
                  "'momentum'?"});
}

using ValuesOnBlocks = ExperimentFile;

TEST_F(ValuesOnBlocks, AreThoseOfTheNamedHyperparametersAlone) {
  const std::string rule =
      "{adamw: {lr: 0.5, on: {bias: {weight_decay: 0}, \"linear0.*\": {lr: 0.25}}}}";
  const auto on = resolved(file(rule))["optimizer"]["on"];
  EXPECT_EQ(on, (json{{"bias", {{"weight_decay", 0.0}}}, {"linear0.*", {{"lr", 0.25}}}}));
  const auto s = settings({{"optimizer", rule}}).optimizer;
  ASSERT_EQ(s.on.size(), 2u);
  EXPECT_EQ(s.on[1].pattern, "linear0.*");
  EXPECT_EQ(s.on[1].values, (std::vector<std::pair<std::size_t, double>>{{0, 0.25}}));
}

TEST_F(ValuesOnBlocks, AreSwept) {
  const auto e = read(file("{adam: {on: {bias: {lr: {grid: [0.1, 0.2]}}}}}"));
  EXPECT_EQ(values(e, "optimizer.on.bias.lr"), (std::vector<json>{0.1, 0.2}));
}

TEST_F(ValuesOnBlocks, NameTheNearestHyperparameter) {
  EXPECT_EQ(problems(file("{adam: {on: {bias: {weight_decy: 0}}}}")),
            Texts{"5:32: unknown key 'weight_decy' in optimizer 'adam' on blocks; did you mean "
                  "'weight_decay'?"});
  EXPECT_EQ(problems(file("{adam: {on: {bias: {lr: -1}}}}")),
            Texts{"5:36: optimizer.adam.on.bias.lr = -1 is outside [0, 1000000]"});
}

TEST_F(WrappedOptimizer, TakesTextChoices) {
  EXPECT_EQ(resolved(file("{natural_gradient: {fisher: full}}"))["optimizer"]["fisher"], "full");
  EXPECT_EQ(
      settings({{"optimizer", "{natural_gradient: {fisher: full}}"}}).optimizer.hyperparameters[2],
      1);
  EXPECT_EQ(problems(file("{natural_gradient: {fisher: ful}}")),
            Texts{"5:40: optimizer.natural_gradient.fisher: 'ful' is not known; did you mean "
                  "'full'?"});
}

}  // namespace
}  // namespace descent::testing
