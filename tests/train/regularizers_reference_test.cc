// SPDX-License-Identifier: MIT
// Every regularizer plugin against the reference penalties and gradients.
#include "host/regularizer.h"
#include "train/reference.h"

namespace descent::testing {
namespace {

class Regularizers : public ::testing::TestWithParam<Case> {};

TEST_P(Regularizers, Matches) {
  const auto one = read(GetParam());
  const std::string name = one.at("regularizer");
  if (!is_built(DESCENT_REGULARIZER, name))
    GTEST_SKIP() << "regularizer '" << name << "' is not built";
  const host::Plugin plugin = plugins().get(DESCENT_REGULARIZER, name);

  const arma::mat matrix_form = matrix(one.at("weights"));
  const arma::vec weights = arma::vectorise(matrix_form);
  const std::vector<descent_block> blocks = {
      {"linear0.weight", 0, matrix_form.n_rows, matrix_form.n_cols, false}};
  host::Regularizer<double> regularizer(plugin, settled(plugin, one.at("params")), blocks);
  arma::vec gradient(weights.n_elem, arma::fill::zeros);

  const auto& tolerance = one.at("tolerance");
  EXPECT_NEAR(regularizer.penalty(weights, &gradient), one.at("value").get<double>(),
              tolerance.at("value").get<double>());
  expect_all_close(gradient, arma::vectorise(matrix(one.at("gradient"))), tolerance.at("gradient"),
                   "gradient");
}

INSTANTIATE_TEST_SUITE_P(Reference, Regularizers, ::testing::ValuesIn(cases("regularizers")),
                         test_name);

}  // namespace
}  // namespace descent::testing
