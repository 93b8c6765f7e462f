// SPDX-License-Identifier: MIT
// Feature maps against values by hand.
#include "data/features.h"

#include <cmath>
#include <numbers>

#include "data/support.h"

namespace descent {
namespace {

using testing::same;

arma::mat mapped(const std::vector<data::FeatureSpec>& specs, const arma::mat& training,
                 const arma::mat& inputs) {
  return data::Features(specs, training, {}, 1, 0).apply(inputs);
}

arma::mat mapped(const std::vector<data::FeatureSpec>& specs, const arma::mat& x) {
  return mapped(specs, x, x);
}

TEST(Features, AreTheInputsWithoutMaps) {
  const arma::mat x = {{1, 2}, {3, 4}};
  EXPECT_TRUE(same(mapped({}, x), x));
}

TEST(Standardize, GivesMeanZeroAndSpreadOneDividingByN) {
  const auto z = mapped({data::Standardize{}}, arma::mat{{1, 2, 3, 6}});
  // mean 3, variance (4 + 1 + 0 + 9) / 4 = 3.5
  const double sd = std::sqrt(3.5);
  EXPECT_TRUE(arma::approx_equal(z, arma::mat{{-2 / sd, -1 / sd, 0, 3 / sd}}, "absdiff", 1e-15));
}

TEST(Standardize, IsFittedOnTrainingInputsOnly) {
  const auto z = mapped({data::Standardize{}}, arma::mat{{0, 2}, {10, 30}}, arma::vec{5, 25});
  EXPECT_TRUE(same(z, arma::vec{4, 0.5}));
}

TEST(Standardize, MakesAConstantRowZeroAndNeverNaN) {
  arma::mat x(2, 7, arma::fill::randn);
  x.row(0).fill(0.1);
  const auto z = mapped({data::Standardize{}}, x);
  EXPECT_TRUE(same(z.row(0), arma::rowvec(7, arma::fill::zeros)));
  EXPECT_TRUE(z.is_finite());
  EXPECT_TRUE(same(mapped({data::Standardize{}}, x, arma::vec{9, 0}).row(0), arma::rowvec{0}));
}

TEST(Standardize, OfASingleSampleIsZero) {
  EXPECT_TRUE(same(mapped({data::Standardize{}}, arma::vec{5, -3}), arma::vec{0, 0}));
}

TEST(Standardize, HasTheMomentsOfARealSet) {
  const data::ReplicateSampler source(
      testing::csv_spec(testing::shipped("diabetes.csv"), {"target"}), data::TargetKind::numbers,
      data::Resample::none, 1);
  const auto x = source.training(0).features;
  const auto z = mapped({data::Standardize{}}, x);
  for (arma::uword j = 0; j < z.n_rows; ++j) {
    EXPECT_NEAR(arma::mean(z.row(j)), 0, 1e-13);
    EXPECT_NEAR(arma::accu(arma::square(z.row(j))) / double(z.n_cols), 1, 1e-12);
    EXPECT_NEAR(arma::as_scalar(arma::cor(z.row(j), x.row(j))), 1, 1e-12);
  }
}

TEST(ScaleFeature, Multiplies) {
  EXPECT_TRUE(same(mapped({data::Scale{0.0625}}, arma::mat{{16, 8}}), arma::mat{{1, 0.5}}));
}

TEST(PolynomialFeature, GivesThePowersOfEachInputInTurn) {
  const auto powers = mapped({data::Polynomial{3}}, arma::mat{{2, -1}, {3, 10}});
  EXPECT_TRUE(arma::approx_equal(powers,
                                 arma::mat{{2, -1}, {4, 1}, {8, -1}, {3, 10}, {9, 100}, {27, 1000}},
                                 "reldiff", 1e-15));
}

TEST(PolynomialFeature, OfDegreeZeroLeavesNoRowsAndKeepsTheSamples) {
  const std::vector<data::FeatureSpec> specs{data::Polynomial{0}, data::Standardize{},
                                             data::GaussianBasis{2, 0, 1, 1}, data::Scale{2}};
  const auto none = mapped(specs, arma::mat(3, 5, arma::fill::randu));
  EXPECT_EQ(none.n_rows, 0u);
  EXPECT_EQ(none.n_cols, 5u);
}

// The design of Bishop, PRML figure 3.6, with 24 centres k/23 and width 0.1.
TEST(GaussianBasisFeature, IsTheBasisOfTheTextbook) {
  const data::GaussianBasis spec{24, 0, 1, 0.1};
  const arma::mat x = {{0.02, 0.5, 0.98}};
  const auto basis = mapped({spec}, x);
  ASSERT_EQ(basis.n_rows, 24u);
  for (int k = 0; k < 24; ++k)
    for (arma::uword i = 0; i < 3; ++i)
      EXPECT_NEAR(basis(k, i), std::exp(-std::pow(x(0, i) - k / 23.0, 2) / (2 * 0.01)), 1e-14);
}

TEST(GaussianBasisFeature, PutsASingleCentreInTheMiddle) {
  const auto bump = mapped({data::GaussianBasis{1, 2, 4, 0.5}}, arma::mat{{3, 3.5}});
  EXPECT_DOUBLE_EQ(bump(0, 0), 1);
  EXPECT_DOUBLE_EQ(bump(0, 1), std::exp(-0.5));
}

TEST(GaussianBasisFeature, TreatsEachInputInTurn) {
  const auto basis = mapped({data::GaussianBasis{2, 0, 1, 1}}, arma::vec{0, 1});
  const double away = std::exp(-0.5);
  EXPECT_TRUE(arma::approx_equal(basis, arma::vec{1, away, away, 1}, "absdiff", 1e-15));
}

TEST(RandomReluFeature, IsTheRectifiedPartOfALinearMap) {
  const data::Features relu({data::RandomRelu{400}}, arma::mat(10, 3), {}, 1, 0);
  const arma::mat e = arma::eye(10, 10);
  const arma::mat weights = relu.apply(e) - relu.apply(-e);  // relu(w) - relu(-w) = w
  const arma::mat x(10, 6, arma::fill::randn);
  const arma::mat expected = arma::clamp(weights * x, 0, arma::datum::inf);
  EXPECT_TRUE(arma::approx_equal(relu.apply(x), expected, "absdiff", 1e-12));
}

// 40000 weights of variance 1/10: the mean within 4.5 standard errors of 0, the variance of 1/10.
TEST(RandomReluFeature, HasWeightsOfVarianceOneOverTheInputs) {
  const data::Features relu({data::RandomRelu{4000}}, arma::mat(10, 3), {}, 1, 0);
  const arma::mat e = arma::eye(10, 10);
  const arma::vec w = arma::vectorise(relu.apply(e) - relu.apply(-e));
  EXPECT_NEAR(arma::mean(w), 0, 4.5 * std::sqrt(0.1 / 40000));
  EXPECT_NEAR(arma::var(w), 0.1, 4.5 * 0.1 * std::sqrt(2.0 / 40000));
}

TEST(RandomReluFeature, FollowsSeedAndIndexAlone) {
  const arma::mat x(4, 20, arma::fill::randn);
  const auto units = [&](std::uint64_t seed, std::uint64_t index, std::uint64_t count) {
    return data::Features({data::RandomRelu{count}}, x, {}, seed, index).apply(x);
  };
  EXPECT_TRUE(same(units(1, 2, 8), units(1, 2, 8)));
  EXPECT_FALSE(same(units(1, 2, 8), units(1, 3, 8)));
  EXPECT_FALSE(same(units(1, 2, 8), units(2, 2, 8)));
  EXPECT_TRUE(arma::approx_equal(units(1, 2, 8), units(1, 2, 30).head_rows(8), "absdiff", 1e-14));
}

TEST(Features, AreAppliedInTheOrderGiven) {
  const arma::mat x = {{1, 2, 3}};
  EXPECT_TRUE(
      same(mapped({data::Scale{2}, data::Polynomial{2}}, x), arma::mat{{2, 4, 6}, {4, 16, 36}}));
  EXPECT_TRUE(
      same(mapped({data::Polynomial{2}, data::Scale{2}}, x), arma::mat{{2, 4, 6}, {2, 8, 18}}));
}

TEST(Features, FitEachMapOnWhatTheOnesBeforeMade) {
  const auto z = mapped({data::Polynomial{2}, data::Standardize{}}, arma::mat{{0, 1, 2, 3}});
  for (arma::uword j = 0; j < 2; ++j) {
    EXPECT_NEAR(arma::mean(z.row(j)), 0, 1e-15);
    EXPECT_NEAR(arma::stddev(z.row(j), 1), 1, 1e-15);
  }
}

TEST(Log1p, IsTheLogarithmOfOneAndTheInput) {
  EXPECT_TRUE(
      arma::approx_equal(mapped({data::Log1p{}}, arma::mat{{0, std::numbers::e - 1, 1e-20}}),
                         arma::mat{{0, 1, 1e-20}}, "absdiff", 1e-15));
  EXPECT_EQ(testing::error_of([] {
              mapped({data::Log1p{}}, arma::mat{{1, 2}, {3, -1}});
            }),
            "error: features: log1p needs inputs above -1; input 2 of sample 2 is -1");
}

// As PolynomialFeatures(degree=2, interaction_only=True, include_bias=False) of scikit-learn 1.2.1
// orders them.
TEST(Interactions, AreTheInputsAndTheirProducts) {
  EXPECT_TRUE(
      same(mapped({data::Interactions{}}, arma::vec{2, 3, 5}), arma::vec{2, 3, 5, 6, 10, 15}));
  EXPECT_TRUE(same(mapped({data::Interactions{}}, arma::vec{4}), arma::vec{4}));
}

// QuantileTransformer(n_quantiles=3).fit(x).transform(new) of scikit-learn 1.2.1.
TEST(Quantile, IsThatOfScikitLearn) {
  const arma::mat x = {{3, 1, 2, 2, 8, 2}, {1, 1, 5, 7, 1, 2}};
  const arma::mat fresh = {{0, 2, 5, 1.5, 8}, {6, 1, 8, 3, 1}};
  EXPECT_TRUE(arma::approx_equal(
      mapped({data::Quantile{3}}, x, fresh),
      arma::mat{{0, 0.5, 0.75, 0.25, 1}, {0.9090909090909092, 0, 1, 0.6363636363636364, 0}},
      "absdiff", 1e-15));
}

// Ranks of 1, 2, 2, 3, 8 are 0, 1/4 and 1/2 for both, 3/4, 1; between them lines.
TEST(Quantile, GivesEqualValuesTheirMiddle) {
  EXPECT_TRUE(arma::approx_equal(
      mapped({data::Quantile{}}, arma::mat{{3, 1, 2, 2, 8}}, arma::mat{{1, 2, 2.5, 3, 5.5, 9, -1}}),
      arma::mat{{0, 0.375, 0.625, 0.75, 0.875, 1, 0}}, "absdiff", 1e-15));
  EXPECT_TRUE(same(mapped({data::Quantile{}}, arma::mat{{7, 7, 7}}, arma::mat{{6, 7, 8}}),
                   arma::mat{{0, 0, 1}}));
}

// Equal weights change nothing, and a heavy sample takes more of the ranks: of 0, 1, 2 with weights
// 1, 2, 1 half lies below 1, as without, and of 3, 1, 2 more.
TEST(Quantile, GoesByTheWeights) {
  const arma::mat x = {{0, 1, 2}};
  const auto weighted = [&](const arma::rowvec& w) {
    return data::Features({data::Quantile{5}}, x, w, 1, 0).apply(arma::mat{{0.5, 1}});
  };
  EXPECT_TRUE(arma::approx_equal(weighted({1, 1, 1}), weighted({}), "absdiff", 1e-15));
  EXPECT_NEAR(weighted({1, 2, 1})(1), 0.5, 1e-15);
  EXPECT_NEAR(data::Features({data::Quantile{3}}, x, arma::rowvec{3, 1, 2}, 1, 0)
                  .maps()[0]
                  .numbers.at("quantiles")(1),
              // places 0, 2 / 3.5 and 1: 1/2 lies at 1.75 / 2 of the way to the second value
              0.875, 1e-15);
}

// PCA(n_components=2, svd_solver="full") of scikit-learn 1.2.1.
TEST(Pca, IsThatOfScikitLearn) {
  const arma::mat x = {{3, 1, 2, 2, 8, 2}, {1, 1, 5, 7, 1, 2}, {3, 1, 10, 14, 8, 4}};
  const arma::mat fresh = {{0, 2, 5, 1.5, 8}, {6, 1, 8, 3, 1}, {0, 2, 40, 4.5, 8}};
  EXPECT_TRUE(
      arma::approx_equal(mapped({data::Pca{2}}, x, fresh),
                         arma::mat{{-4.752257533559115, -5.0345656237851, 32.34467600799636,
                                    -1.9366124659545694, 0.5967245114239934},
                                   {-4.921544868258969, -0.8899650940852897, 4.703986553265215,
                                    -1.7478809205048609, 5.457362801422927}},
                         "absdiff", 1e-12));
}

TEST(Pca, OfWeightsIsThatOfRepeatedSamples) {
  const arma::mat x = {{3, 1, 2, 2, 8}, {1, 1, 5, 7, 1}};
  const arma::mat repeated = arma::join_rows(x, x.col(1), x.col(4));
  const data::Features weighted({data::Pca{2}}, x, arma::rowvec{1, 2, 1, 1, 2} * 5 / 7, 1, 0);
  EXPECT_TRUE(
      arma::approx_equal(weighted.apply(x), mapped({data::Pca{2}}, repeated, x), "absdiff", 1e-13));
}

TEST(Pca, NeedsAsManyInputsAndSamples) {
  EXPECT_EQ(testing::error_of([] { data::feature_count({data::Pca{3}}, 2); }),
            "error: features: pca with count: 3 needs as many inputs, and there are 2");
  EXPECT_EQ(testing::error_of([] {
              mapped({data::Pca{2}}, arma::vec{1, 2, 3});
            }),
            "error: features: pca with count: 2 needs as many training samples, and there are 1");
}

TEST(Features, OfNoSamplesAreNoSamples) {
  const std::vector<data::FeatureSpec> specs{data::Standardize{}, data::Polynomial{2},
                                             data::GaussianBasis{3, 0, 1, 1}, data::RandomRelu{7},
                                             data::Scale{2}};
  const auto none = mapped(specs, arma::mat(2, 5, arma::fill::randn), arma::mat(2, 0));
  EXPECT_EQ(arma::size(none), arma::size(7, 0));
}

TEST(Features, AreCountedWithoutData) {
  const std::vector<std::vector<data::FeatureSpec>> lists = {
      {},
      {data::Standardize{}},
      {data::Polynomial{0}},
      {data::Polynomial{4}, data::Scale{2}},
      {data::GaussianBasis{5, 0, 1, 1}, data::Polynomial{2}},
      {data::Polynomial{2}, data::RandomRelu{7}, data::Standardize{}},
      {data::Quantile{}, data::Log1p{}, data::Interactions{}, data::Pca{2}}};
  for (const auto& specs : lists)
    EXPECT_EQ(data::feature_count(specs, 3),
              mapped(specs, arma::mat(3, 4, arma::fill::randn)).n_rows);
  EXPECT_EQ(data::feature_count(lists[4], 3), 30u);
}

}  // namespace
}  // namespace descent
