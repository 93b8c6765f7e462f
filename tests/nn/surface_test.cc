// SPDX-License-Identifier: MIT
// Surfaces: heights and slopes, and where their minima are known to be.
#include "nn/surface.h"

#include <gtest/gtest.h>

#include "autograd/gradient_check.h"
#include "nn/model.h"

namespace descent {
namespace {

using Form = nn::SurfaceSpec::Kind;

// A surface as a model without inputs, at a point that may be moved.
class Hill {
 public:
  explicit Hill(const nn::SurfaceSpec& spec)
      : model_({{}, {nn::InitSpec::Kind::zeros}, spec}, 0, 1),
        height_(model_.record(graph_.constant(nullptr, 0, 1), point_, &slope_)) {}

  double at(double x, double y) {
    point_ = {x, y};
    graph_.forward();
    graph_.backward(height_);
    return height_.value()(0);
  }

  const arma::vec& slope() const { return slope_; }

  double gradient_error(double x, double y) {
    at(x, y);
    arma::mat point(point_.memptr(), 2, 1, false, true);
    const arma::mat slope = slope_;
    return descent::gradient_error({&point, 1}, {&slope, 1}, [&] {
      graph_.forward();
      return height_.value()(0);
    });
  }

 private:
  nn::Model model_;
  arma::vec point_ = arma::vec(2), slope_ = arma::vec(2);
  Graph<double> graph_;
  Var<double> height_;
};

TEST(Surface, HasTheSlopeOfItsFormula) {
  for (const auto& one : nn::surfaces())
    for (const double x : {-1.3, 0.0, 0.4, 2.0})
      for (const double y : {-0.7, 0.0, 1.1})
        EXPECT_LT(Hill({one.kind}).gradient_error(x, y), 1e-8) << one.name << x << ' ' << y;
}

TEST(Surface, HasItsKnownMinima) {
  const auto expect_minimum = [](const nn::SurfaceSpec& spec, double x, double y, double height) {
    Hill hill(spec);
    EXPECT_NEAR(hill.at(x, y), height, 1e-12);
    EXPECT_LT(arma::norm(hill.slope()), 1e-5) << "of minima that are known to seven digits";
    for (const double dx : {-0.01, 0.0, 0.01})
      for (const double dy : {-0.01, 0.01})
        EXPECT_GT(hill.at(x + dx, y + dy), height) << x << ' ' << y;
  };
  expect_minimum({Form::saddle}, 0, 1, -0.25);
  expect_minimum({Form::saddle}, 0, -1, -0.25);
  expect_minimum({Form::rosenbrock}, 1, 1, 0);
  expect_minimum({Form::beale}, 3, 0.5, 0);
  expect_minimum({Form::himmelblau}, 3, 2, 0);
  expect_minimum({Form::himmelblau}, -2.8051180869527, 3.1313125182505, 0);
  expect_minimum({Form::himmelblau}, -3.7793102533777, -3.2831859912861, 0);
  expect_minimum({Form::himmelblau}, 3.5844283403304, -1.8481265269644, 0);
  expect_minimum({Form::bowl, 100}, 0, 0, 0);
  expect_minimum({Form::plateau}, 0, 0, 0);
}

TEST(Surface, HasItsKnownHeights) {
  EXPECT_DOUBLE_EQ(Hill({Form::rosenbrock}).at(-1.2, 1), 24.2);  // More, Garbow & Hillstrom 1981
  EXPECT_DOUBLE_EQ(Hill({Form::beale}).at(1, 1), 14.203125);     // the same
  EXPECT_DOUBLE_EQ(Hill({Form::himmelblau}).at(0, 0), 170);
  EXPECT_DOUBLE_EQ(Hill({Form::bowl, 100}).at(1, 1), 50.5);
  EXPECT_GT(Hill({Form::plateau}).at(4, 4), 1 - 1e-6);
}

TEST(Surface, HasASaddleThatIsStrict) {
  Hill hill({Form::saddle});
  EXPECT_EQ(hill.at(0, 0), 0);
  EXPECT_EQ(arma::norm(hill.slope()), 0);
  EXPECT_GT(hill.at(1e-3, 0), 0);
  EXPECT_LT(hill.at(0, 1e-3), 0);
}

TEST(Surface, StartsAtTheGivenPoint) {
  nn::InitSpec init{nn::InitSpec::Kind::point};
  init.point = {-1.2, 1};
  const nn::Model model({{}, init, nn::SurfaceSpec{Form::rosenbrock}}, 0, 1);
  ASSERT_EQ(model.size(), 2u);
  EXPECT_EQ(model.weight_count(), 2u) << "both are weights, which penalties act on";
  arma::vec x;
  Random random(1, "init");
  model.initialize(x, random);
  EXPECT_EQ(x(0), -1.2);
  EXPECT_EQ(x(1), 1);
}

TEST(Surface, DrawsItsStart) {
  const nn::Model model({{}, {nn::InitSpec::Kind::uniform, 2, 3}, nn::SurfaceSpec{}}, 0, 1);
  arma::vec x, y;
  Random one(1, "init", 0), two(1, "init", 1);
  model.initialize(x, one);
  model.initialize(y, two);
  EXPECT_TRUE(arma::all(x >= 2) && arma::all(x < 3));
  EXPECT_NE(x(0), x(1));
  EXPECT_NE(x(0), y(0));
}

}  // namespace
}  // namespace descent
