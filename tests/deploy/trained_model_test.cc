// SPDX-License-Identifier: MIT
// A model that is stored and read again predicts what it predicted in training, bit by bit.
#include "support.h"

namespace descent::testing {
namespace {

using Kind = nn::LayerSpec::Kind;

void expect_same_bits(const arma::mat& found, const arma::mat& expected) {
  ASSERT_EQ(arma::size(found), arma::size(expected));
  for (arma::uword i = 0; i < found.n_elem; ++i) ASSERT_EQ(found(i), expected(i)) << i;
}

TEST(TrainedModel, PredictsAsInTraining) {
  for (const auto dtype : {Element::float32, Element::float64})
    for (const auto activation : {Kind::tanh, Kind::elu, Kind::leaky_relu}) {
      const auto fitted = fit(network(dtype, activation));
      const auto again = deploy::from_text(deploy::text(fitted.model));
      expect_same_bits(deploy::predict(again, fitted.inputs), fitted.predicted);
    }
}

TEST(TrainedModel, PredictsProbabilitiesAsInTraining) {
  for (const std::string loss : {"bce_with_logits", "cross_entropy"}) {
    const auto fitted = fit(coin(loss));
    const auto again = deploy::from_text(deploy::text(fitted.model));
    expect_same_bits(deploy::predict(again, fitted.inputs), fitted.predicted);
    EXPECT_EQ(fitted.predicted.n_rows, loss == "cross_entropy" ? 2u : 1u);
  }
}

TEST(TrainedModel, IsTheSameTextAfterReading) {
  const auto text = deploy::text(fit(network(Element::float32, Kind::gelu)).model);
  EXPECT_EQ(deploy::text(deploy::from_text(text)), text);
}

TEST(TrainedModel, RefusesOtherText) {
  EXPECT_NE(error_of([] { deploy::from_text("{}"); }), "");
  EXPECT_NE(error_of([] { deploy::from_text("no JSON"); }), "");
  auto text = deploy::text(fit(coin("bce_with_logits")).model);
  text.replace(text.find("model-1"), 7, "model-9");
  EXPECT_NE(error_of([&] { deploy::from_text(text); }).find("descent-model-1"), std::string::npos);
}

// y = 5 x + 7 is found exactly, so the file's unit is seen at once.
TEST(TrainedModel, PredictsInTheUnitOfTheFile) {
  const Folder folder;
  std::ofstream file(folder.path("line.csv"));
  file << "x,y\n";
  for (int x = 0; x < 20; ++x) file << x << ',' << 5 * x + 7 << '\n';
  file.close();
  auto s = testing::file(folder.path("line.csv"), "mse", 0.5, 400);
  auto& csv = std::get<data::CsvSpec>(s.data);
  csv.standardize_target = true;
  csv.test_fraction = 0.2;
  s.features = {data::Standardize{}};
  const auto fitted = fit(s);
  std::ofstream other(folder.path("new.csv"));
  other << "note,x\na,100\nb,-1\n";
  other.close();
  const auto inputs = fitted.model.preparation.read(folder.path("new.csv"));
  const auto predicted = deploy::predict(fitted.model, inputs);
  EXPECT_NEAR(predicted(0, 0), 507, 1e-6);
  EXPECT_NEAR(predicted(0, 1), 2, 1e-6);
}

}  // namespace
}  // namespace descent::testing
