// SPDX-License-Identifier: MIT
// Reports in a real browser, which tests/report/browser/look.py asks: both themes, wide and narrow,
// keys and speech, and on paper.
#include <filesystem>

#include "report/report_page.h"

namespace descent::report {
namespace {

class Browser : public PageTest {
 protected:
  void SetUp() override {
    if (shell("command -v chromium").code != 0) GTEST_SKIP() << "chromium is not there";
    if (shell("command -v python3").code != 0) GTEST_SKIP() << "python3 is not there";
  }

  void run(const std::string& file, const std::string& options) const {
    const auto spoken = here("run " + file + " --db a.db --quiet " + options);
    ASSERT_LE(spoken.code, 1) << spoken.text;
  }
  void run_shipped(const std::string& name, const std::string& options) const {
    run(quoted(source_path("experiments/") + name + ".yaml"), options);
  }
  Spoken look(const std::string& page) const {
    const auto folder = source_path("tests/report/browser/");
    return shell("timeout 200 python3 -B " + quoted(folder + "look.py") + " " + quoted(path(page)) +
                 " " + quoted(folder + "axe/axe.min.js"));
  }
};

// Lines, rows, a heat map with runs that are lost, drawn points, weights, paths, a comparison.
TEST_F(Browser, ShowsEveryFigureToEveryReader) {
  const std::string few = "--set train.epochs=8 --set record.every=1 --set replicates.count=3";
  for (const auto* name :
       {"batch_sizes", "lasso_sparsity", "linear_regression", "random_search", "saddle_escape"})
    run_shipped(name, few);
  std::ofstream(path("heat.yaml"))
      << "experiment: heat\ndata: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 20, "
         "test: 10}}\nmodel: {layers: [{linear: 1}]}\nloss: mse\noptimizer: {sgd: {lr: {grid: "
         "[0.01, 0.1, 1, 100]}}}\nregularizer: {l2: {lambda: {grid: [0.001, 0.01, 0.1]}}}\n"
         "train: {epochs: 40}\nreplicates: 3\n";
  run("heat.yaml", "");
  const auto compared = here("compare a.db --experiment batch-sizes --baseline train.batch=8");
  ASSERT_LE(compared.code, 1) << compared.text;
  page_of("a.db");
  const auto seen = look("report.html");
  EXPECT_EQ(seen.code, 0) << seen.text;
}

}  // namespace
}  // namespace descent::report
