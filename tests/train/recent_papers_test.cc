// SPDX-License-Identifier: MIT
// Rules with second moments from recent papers: three steps of each, as NumPy works them out
// (tests/reference/papers/make.py). Only rounding may differ.
#include "train/three_steps.h"

namespace descent::testing {
namespace {

// Two biases from (1, -2).
Three row_of_biases(const std::string& name, const Hyperparameters& hyperparameters) {
  return {name, hyperparameters, {1, -2}, {{"linear0.bias", 0, 2, 1, true}}};
}

// R and C: means of the rows and columns of G^2 + 0.01. The steps are shortened to a root mean
// square of 0.5, and lr to 1/sqrt(3) = 0.577 in the third.
TEST(Papers, Adafactor) {
  Three("adafactor", {{"lr", 0.6}, {"clip", 0.5}, {"eps1", 0.01}}, {1, -1, 0, 2, 0.5, -2, 1, -1},
        {{"linear0.weight", 0, 3, 2, false}, {"linear0.bias", 6, 2, 1, true}})
      .follow(
          {{1, 2, 0, 0, -1, 1, 1, -2}, {0, 1, -1, 1, 1, 2, 0.5, 1}, {0.5, 0, 1, -1, 2, 1, -1, 0}},
          {{0.5613358813333693, -1.3954670779087783, 0.0, 2.0, 0.8112549829145577,
            -2.690506999888907, 0.7005595279971462, -0.6994415136338552},
           {0.5613358813333693, -1.7881071825263468, 0.391428366032424, 1.3829057000703378,
            0.46801705004358135, -3.3748643115542194, 0.49124462555613363, -0.9101248283735128},
           {0.13327878125314385, -1.7881071825263468, -0.15302481875355395, 1.9819938500612975,
            -0.20169090180215504, -3.755859570328092, 0.7898034535615625, -0.9101248283735128}});
}

// A bias keeps its second moment exactly: with clip at infinity, its first step is that of a sign.
TEST(Papers, AdafactorKeepsTheSecondMomentsOfBiases) {
  row_of_biases("adafactor", {{"lr", 0.1}, {"clip", 1e12}})
      .follow({{0.5, -1e-3}}, {{1 - 0.1 * std::sqrt(2.5), -2 + 0.1 * std::sqrt(2.5)}});
}

// Step 1 sets v = g^2 = (0.25, 1). Step 2: g / sqrt v = (0.5, 2), of which 1^(1/4) = 1 is kept,
// x = (1 - 0.1 0.1 0.5, -2 - 0.1 0.1 1).
TEST(Papers, Adopt) {
  pair_of_weights("adopt", {{"lr", 0.1}, {"beta2", 0.99}})
      .follow(gradients, {{1, -2}, {0.995, -2.01}, {1.0023920711500272, -2.023926646390821}});
}

// Step 1: m / (1-beta1) = g, s = 0.01 g, sqrt(v / (1-beta2)) = |g|: u = sign(g) (1 + 5 0.01),
// x = (1 - 0.1 (1.05 + 0.5), -2 + 0.1 (1.05 + 1)) but for eps.
TEST(Papers, AdEMAMix) {
  pair_of_weights("ademamix", {{"lr", 0.1}, {"beta3", 0.99}, {"weight_decay", 0.5}})
      .follow(gradients, {{0.8450000020999999, -1.79500000105},
                          {0.7001070387199514, -1.7450537746692982},
                          {0.687720757659846, -1.7050357004873853}});
}

TEST(Papers, AdEMAMixWarmsUp) {
  pair_of_weights("ademamix", {{"lr", 0.1}, {"beta3", 0.99}, {"weight_decay", 0.5}, {"warmup", 4}})
      .follow(gradients, {{0.8461533524842059, -1.7961533514457395},
                          {0.6981964933626789, -1.743928631278573},
                          {0.6802408506139689, -1.7018479431689402}});
}

}  // namespace
}  // namespace descent::testing
