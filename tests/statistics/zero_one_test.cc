// SPDX-License-Identifier: MIT
// 0-1 loss on votes that can be worked out by hand, and where its terms are not defined.
#include <cmath>
#include <map>

#include "effects.h"

namespace descent {
namespace {

// Ten replicates, one point, three classes.
std::vector<statistics::Votes> hand_votes() {
  std::vector<statistics::Votes> groups;
  const arma::mat q = arma::vec{.5, .3, .2};
  for (const arma::uword k : {1, 0, 1, 1, 2, 1, 0, 1, 0, 1}) {
    groups.emplace_back();
    groups.back().add(arma::urowvec{k}, q);
  }
  return groups;
}

// q = (.5, .3, .2), shares of votes (.3, .6, .1): y* = 0, main = 1, c1 = -.1, c2 = -.75.
TEST(ZeroOne, GivesTheTermsOfTheHandExample) {
  const arma::mat q = arma::vec{.5, .3, .2};
  const auto d = statistics::decompose(hand_votes(), q, against_truth());
  expect_relative(d.total.value, .65, 1e-14);
  expect_relative(d.noise, .5, 1e-14);
  expect_relative(d.excess.value, .15, 1e-13);
  const std::map<std::string, double> expected{{"domingos.noise", .5},
                                               {"domingos.weighted_noise", -.05},
                                               {"domingos.bias", 1},
                                               {"domingos.variance", .4},
                                               {"domingos.net_variance", -.3},
                                               {"domingos.variance_biased", .4},
                                               {"kong_dietterich.bias", 1},
                                               {"kong_dietterich.variance", -.35},
                                               {"kohavi_wolpert.noise", .31},
                                               {"kohavi_wolpert.variance", .27 * 10 / 9},
                                               {"kohavi_wolpert.bias2", .04},
                                               {"james.systematic_effect", .2},
                                               {"james.variance_effect", -.05},
                                               {"domingos.variance_unbiased", 0}};
  EXPECT_EQ(d.effects.size(), expected.size());
  for (const auto& [name, value] : expected)
    EXPECT_NEAR(effect(d, name).value, value, 1e-13) << name;
  EXPECT_LT(d.identity_residual, 1e-14);
  EXPECT_EQ(d.ties, 0u);
  expect_undefined(d.bias2);
  expect_undefined(d.variance);
}

TEST(ZeroOne, AgainstLabelsKnowsNoNoise) {
  const arma::mat label = arma::vec{1, 0, 0};
  std::vector<statistics::Votes> groups;
  for (const arma::uword k : {0, 0, 1, 2}) {
    groups.emplace_back();
    groups.back().add(arma::urowvec{k}, label);
  }
  const auto d = statistics::decompose(groups, label);
  EXPECT_TRUE(d.bias_includes_noise);
  EXPECT_TRUE(std::isnan(d.noise));
  EXPECT_TRUE(std::isnan(effect(d, "domingos.noise").value));
  EXPECT_TRUE(std::isnan(effect(d, "kohavi_wolpert.noise").value));
  expect_relative(d.total.value, .5, 1e-14);
  EXPECT_EQ(effect(d, "domingos.bias").value, 0);
  expect_relative(effect(d, "domingos.net_variance").value, .5, 1e-14);
  EXPECT_LT(d.identity_residual, 1e-14);
}

TEST(ZeroOne, OfAPerfectClassifierIsZeroThroughout) {
  const arma::mat label{{1, 0}, {0, 1}};
  std::vector<statistics::Votes> groups(3);
  for (auto& group : groups) group.add(arma::urowvec{0, 1}, label);
  const auto d = statistics::decompose(groups, label);
  EXPECT_EQ(d.total.value, 0);
  EXPECT_EQ(d.identity_residual, 0);
  EXPECT_EQ(effect(d, "domingos.net_variance").value, 0);
  EXPECT_TRUE(std::isnan(d.max_replicate_share));
}

// Of equals the first class is the main prediction, and the tie is counted.
TEST(ZeroOne, CountsTies) {
  const arma::mat label{{0, 1}, {1, 0}};
  std::vector<statistics::Votes> groups(2);
  groups[0].add(arma::urowvec{0, 0}, label);
  groups[1].add(arma::urowvec{1, 0}, label);
  const auto d = statistics::decompose(groups, label);
  EXPECT_EQ(d.ties, 1u);
  expect_relative(effect(d, "domingos.bias").value, .5, 1e-14);
}

TEST(ZeroOne, LeavesReplicatesOutInTwentyGroups) {
  std::vector<statistics::Votes> groups(100);
  const arma::mat label = arma::vec{1, 0};
  for (std::size_t r = 0; r < groups.size(); ++r) groups[r].add(arma::urowvec{r % 3 == 0}, label);
  const auto d = statistics::decompose(groups, label);
  EXPECT_EQ(d.se_method, "group:20");
  EXPECT_EQ(d.df, 19);
  EXPECT_EQ(d.replicates, 100u);
  expect_relative(d.total.value, .34, 1e-13);
}

TEST(ZeroOne, OfOneReplicateHasNoSpread) {
  const arma::mat label = arma::vec{1, 0};
  std::vector<statistics::Votes> groups(1);
  groups[0].add(arma::urowvec{1}, label);
  const auto d = statistics::decompose(groups, label);
  expect_only_value(d.total);
  EXPECT_TRUE(std::isnan(effect(d, "kohavi_wolpert.variance").value));
  EXPECT_EQ(statistics::decompose(std::vector<statistics::Votes>(2), label).replicates, 0u);
}

}  // namespace
}  // namespace descent
