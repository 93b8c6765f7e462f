// SPDX-License-Identifier: MIT
// Plugins with one mistake each: the check of its kind fails.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "conformance/against.h"
#include "conformance/check.h"
#include "folder.h"
#include "host/catalog.h"
#include "paths.h"

namespace descent::conformance {
namespace {

namespace fs = std::filesystem;

host::Plugin built(const std::string& folder, const std::string& name) {
  const char* build = std::getenv("DESCENT_BUILD_DIR");
  return host::Plugin(
      (fs::path(build ? build : descent::build_path("")) / folder / (name + ".so")).string());
}

struct Mistake {
  std::string kind, name, check;
};

class Planted : public ::testing::TestWithParam<Mistake> {};

TEST_P(Planted, IsFoundByItsCheck) {
  const auto& [kind, name, wanted] = GetParam();
  bool there = false;
  for (const auto& check : checks_of(built("tests/plugins/" + kind, "planted_" + name))) {
    if (check.name != wanted) continue;
    there = true;
    const auto finding = run(check);
    EXPECT_FALSE(finding.holds()) << finding.figure << " <= " << finding.limit;
  }
  EXPECT_TRUE(there);
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, Planted,
    ::testing::Values(
        Mistake{"optimizers", "static_velocity", "instances in turn"},
        Mistake{"optimizers", "float_doubles", "single precision"},
        Mistake{"optimizers", "scratch_memory", "working memory"},
        Mistake{"optimizers", "scratch_memory", "resumes"},
        Mistake{"optimizers", "ignored_momentum", "hyperparameters"},
        Mistake{"optimizers", "frozen_lr", "schedules"},
        Mistake{"optimizers", "late_gradient", "gradient of the step"},
        Mistake{"optimizers", "bias_uphill", "descends a bowl"},
        Mistake{"optimizers", "last_weight", "descends a bowl"},
        Mistake{"optimizers", "slow_from_zero", "shifted"},
        Mistake{"optimizers", "shared_state", "order of blocks"},
        Mistake{"optimizers", "scaled_gradient", "gradient is left alone"},
        Mistake{"optimizers", "small_state", "bounds"},
        Mistake{"optimizers", "coupled_decay", "weight decay"},
        Mistake{"optimizers", "lr_squared", "step size"},
        Mistake{"optimizers", "nesterov_static", "instances in turn"},
        Mistake{"optimizers", "transposed", "order of units"},
        Mistake{"optimizers", "decay_lr_squared", "size of decay"},
        Mistake{"optimizers", "option_in_float", "single precision"},
        Mistake{"losses", "close_residuals", "gradient"},
        Mistake{"losses", "default_delta", "gradient"},
        Mistake{"losses", "root_residual", "finite at extremes"},
        Mistake{"losses", "log_of_zero", "finite at extremes"},
        Mistake{"regularizers", "root", "finite at zero"},
        Mistake{"regularizers", "default_share", "proximal step minimises"},
        Mistake{"optimizers", "fixed_seed", "random numbers"}, Mistake{"losses", "zero", "moves"},
        Mistake{"losses", "last_output", "every output"},
        Mistake{"losses", "class_weight_squared", "class weights"},
        Mistake{"losses", "derivatives", "gradient"},
        Mistake{"losses", "derivatives", "second derivatives"},
        Mistake{"losses", "ignored_counts", "ignored class"},
        Mistake{"losses", "no_targets", "targets"}, Mistake{"losses", "no_weights", "weights"},
        Mistake{"losses", "no_mean", "reduction"},
        Mistake{"losses", "uphill", "prefers the target"}, Mistake{"regularizers", "zero", "moves"},
        Mistake{"regularizers", "first_matrix", "every weight"},
        Mistake{"regularizers", "lambda_squared", "strength"},
        Mistake{"regularizers", "idle_projection", "moves"},
        Mistake{"regularizers", "wrong_step", "proximal step minimises"}),
    [](const auto& mistake) {
      auto name = mistake.param.kind + "_" + mistake.param.name + "_" + mistake.param.check;
      for (auto& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
      return name;
    });

TEST(Against, HoldsForThePluginItself) {
  const auto adam = built("plugins/optimizers", "adam");
  EXPECT_EQ(run(against(adam, adam, {})).figure, 0);
}

// Adam without decay is AdamW without decay; their defaults differ in it.
TEST(Against, GivesTheOtherThePluginsValuesByDefault) {
  const auto adam = built("plugins/optimizers", "adam"),
             other = built("plugins/optimizers", "adamw");
  EXPECT_FALSE(run(against(adam, other, {})).holds());  // at decays that are not 0
  EXPECT_TRUE(run(against(adam, other, {{"weight_decay", 0}})).holds());
  EXPECT_FALSE(run(against(adam, other, {{"weight_decay", 0}, {"lr", 0.002}})).holds());
}

// It has the hyperparameters of lookahead and of adam, which that wraps.
TEST(Against, FindsAWrapperThatIsWrittenInOne) {
  const char* const build = std::getenv("DESCENT_BUILD_DIR");
  const host::Catalog catalog({fs::path(build ? build : descent::build_path("")) / "plugins"});
  const auto late = built("tests/plugins/optimizers", "planted_late_lookahead");
  const auto &lookahead = catalog.get(DESCENT_OPTIMIZER, "lookahead"),
             &grokfast = catalog.get(DESCENT_OPTIMIZER, "grokfast");
  EXPECT_FALSE(same_claim(late, grokfast));
  ASSERT_TRUE(same_claim(late, lookahead));
  EXPECT_FALSE(run(against(late, lookahead, {})).holds());
}

// Mistakes behind one setting: momentum, two flags at once, a step within the trajectory.
TEST(Against, FindsMistakesBehindASetting) {
  for (const auto& [mistake, right] : std::vector<std::pair<const char*, const char*>>{
           {"frozen_by_momentum", "sgd"}, {"nesterov_decay", "sgd"}, {"late_average", "asgd"}}) {
    const auto wrong = built("tests/plugins/optimizers", std::string("planted_") + mistake);
    const auto finding = run(against(wrong, built("plugins/optimizers", right), {}));
    EXPECT_FALSE(finding.holds()) << mistake << ": " << finding.figure << " <= " << finding.limit;
  }
}

// One step of gradient descent on the table's objective, computed here from its formula.
TEST(AgainstATable, HoldsForItsOwnNumbers) {
  const Folder folder;
  const auto path = folder.path("sgd.csv");
  const auto write = [&](double lr) {
    std::ofstream file(path);
    file << "# lr=0.1\n1";
    for (int i = 1; i <= 26; ++i)
      file << ',' << fmt::format("{:.17g}", std::cos(i) - lr * (std::cos(i) / i + std::sin(i)));
    file << '\n';
  };
  const auto sgd = built("plugins/optimizers", "sgd");
  write(0.1);
  EXPECT_TRUE(run(against_table(sgd, path)).holds());
  write(0.1001);
  EXPECT_FALSE(run(against_table(sgd, path)).holds());
}

TEST(AgainstATable, NamesTheLineThatIsNoStep) {
  const Folder folder;
  const auto path = folder.path("bad.csv");
  std::ofstream(path) << "1,2,3\n";
  try {
    against_table(built("plugins/optimizers", "sgd"), path);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              std::string(path) +
                  ":1: error: has 3 numbers; a line is a step and 26 weights, "
                  "separated by commas");
  }
}

}  // namespace
}  // namespace descent::conformance
