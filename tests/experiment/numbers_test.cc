// SPDX-License-Identifier: MIT
// Numbers are what was written: whole ones exactly or refused, others the nearest double, and what
// a type cannot hold is an error. 2^53 + 1 is the first whole number that no double holds.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using Numbers = ExperimentFile;

TEST_F(Numbers, ThatAreWholeAreKeptExactly) {
  EXPECT_EQ(resolved(text({{"seed", "9007199254740991"}}))["seed"], 9007199254740991);
  EXPECT_EQ(resolved(text({{"seed", "9007199254740992"}}))["seed"], 9007199254740992);
  EXPECT_EQ(resolved(text({{"train", "{epochs: 1e2, batch: 16.0}"}}))["train"]["epochs"], 100);
}

TEST_F(Numbers, ThatAreWholeAreRefusedWhereADoubleWouldRoundThem) {
  const std::string why =
      " is not a whole number that can be represented exactly; whole numbers go up to 2^53";
  EXPECT_EQ(problems(text({{"seed", "9007199254740993"}})),
            Texts{"7:7: seed = 9007199254740993" + why});
  EXPECT_EQ(problems(text({{"seed", "9007199254740991.4"}})),
            Texts{"7:7: seed = 9007199254740991.4" + why});
  EXPECT_EQ(problems(text({{"seed", "1.00000000000000000001"}})),
            Texts{"7:7: seed = 1.00000000000000000001" + why});
  EXPECT_EQ(problems(text(), {"seed=9007199254740993"}),
            Texts{"--set seed=9007199254740993: seed = 9007199254740993" + why});
  EXPECT_EQ(problems(text({{"seed", "{grid: [1, 9007199254740993]}"}})),
            Texts{"7:18: seed = 9007199254740993" + why});
  EXPECT_EQ(problems(text({{"seed", "18446744073709551615"}})),
            Texts{"7:7: seed = 18446744073709551615 is outside [0, 2^53]"});
}

TEST_F(Numbers, ThatAreEndsOfAnAxisAreWhole) {
  EXPECT_EQ(
      problems(text({{"seed", "{linspace: [1, 9007199254740993, 2]}"}})),
      Texts{
          "7:18: linspace: 9007199254740993 cannot be represented exactly; whole numbers go up to "
          "2^53"});
  EXPECT_EQ(problems(text({{"seed", "{linspace: [1, 9, 2.00000000000000000001]}"}})),
            Texts{"7:18: linspace: expected a whole number n >= 2 of values, found "
                  "'2.00000000000000000001'"});
}

TEST_F(Numbers, ThatAreBetweenTheEndsOfAnAxisKeepTheirDigits) {
  const auto experiment = read(text({{"seed", "{linspace: [0, 9007199254740992, 3]}"}}));
  EXPECT_EQ(experiment.point(1).settings.seed, 4503599627370496u) << "2^52 has 16 digits";
}

TEST_F(Numbers, ThatAreTooLargeForADoubleAreRefused) {
  EXPECT_EQ(problems(text({{"optimizer", "{sgd: {lr: 1e400}}"}})),
            Texts{"5:23: optimizer.sgd.lr = 1e400 is too large for float64 (its largest number "
                  "is 1.8e+308)"});
  EXPECT_EQ(problems(text(), {"train.epochs=1e400"}),
            Texts{"--set train.epochs=1e400: train.epochs = 1e400 is too large for float64 (its "
                  "largest number is 1.8e+308)"});
}

TEST_F(Numbers, ThatAreTaggedAsTextAreNone) {
  EXPECT_EQ(problems(text({{"optimizer", "{sgd: {lr: !!str 0.01}}"}})),
            Texts{"5:23: optimizer.sgd.lr: expected a number in [0, 1000000], found the text "
                  "\"0.01\""});
}

TEST_F(Numbers, ThatAreTooSmallForADoubleAreRefused) {
  EXPECT_EQ(problems(text({{"optimizer", "{sgd: {lr: 1e-400}}"}})),
            Texts{"5:23: optimizer.sgd.lr = 1e-400 is too small for float64 (its smallest number "
                  "above 0 is 4.94e-324); write 0 if 0 is meant"});
  EXPECT_EQ(problems(text(), {"train.epochs=1e-400"}),
            Texts{"--set train.epochs=1e-400: train.epochs = 1e-400 is too small for float64 (its "
                  "smallest number above 0 is 4.94e-324); write 0 if 0 is meant"});
  EXPECT_EQ(problems(text({{"optimizer", "{sgd: {lr: {grid: [0.1, 1e-400]}}}"}})).size(), 1u);
  EXPECT_EQ(
      problems(text({{"optimizer", "{sgd: {lr: {linspace: [1e-400, 1, 3]}}}"}})),
      Texts{"5:34: linspace: expected three numbers [a, b, n]: both ends and how many values"});
}

TEST_F(Numbers, ThatAreZeroOrAlmostSoAreKept) {
  for (const std::string zero : {"0", "0.000", "-0.0", "0e-400", "5e-324"})
    EXPECT_EQ(problems(text({{"optimizer", "{sgd: {lr: " + zero + "}}"}})), Texts{}) << zero;
}

TEST_F(Numbers, ThatAreTooLargeForFloat32AreRefusedThere) {
  const Lines starting{{"model", "{layers: [{linear: 1}], init: {uniform: [-1e39, 1]}}"}};
  EXPECT_EQ(problems(text(starting)),
            Texts{"3:49: model.init.uniform.0 = -1e+39 is too large for float32 (its largest "
                  "number is 3.4e+38); set dtype: float64"});
  auto lines = starting;
  lines.emplace_back("dtype", "float64");
  EXPECT_EQ(problems(text(lines)), Texts{});
}

}  // namespace
}  // namespace descent::testing
