// SPDX-License-Identifier: MIT
// The input of a comparison in a store, and its stored results.
#include "fixture.h"
#include "store/database.h"
#include "store/dump.h"
#include "store/merge.h"
#include "store/stored_points.h"

namespace descent {
namespace {

class Contrasts : public StoreTest {
 protected:
  Contrasts() : store_(store::Store::open(file())) { store_sweep(store_); }

  static store::ContrastRow row(std::int64_t a, std::int64_t b, double diff) {
    store::ContrastRow row;
    row.a = a;
    row.b = b;
    row.metric = "test_loss";
    row.quantity = "mean";
    row.diff = diff;
    row.replicates = 8;
    row.dropped = 2;
    row.k_family = 1;
    row.verdict = "worse";
    return row;
  }

  store::ContrastFamily family(std::vector<store::ContrastRow> rows) const {
    return {1, "optimizer=sgd", "test_loss", 0.95, false, false, std::move(rows)};
  }

  std::string ask(const std::string& sql) const { return csv(file(), sql); }

  store::Store store_;
};

TEST_F(Contrasts, KeepEveryColumn) {
  auto one = row(3, 1, 2);
  one.se_paired = .5, one.corr = .25, one.df = 7, one.lo = 1, one.hi = 3;
  one.p = .01, one.p_holm = .02, one.q_bh = .015;
  one.p_sign_flip = .0078125, one.not_done_a = 2, one.not_done_b = 0;
  one.max_replicate_share = .5, one.se_points = .125;
  one.more_replicates = 12, one.fresh_replicates = 8;
  store_.record(family({one}));
  EXPECT_EQ(ask("SELECT * FROM contrast_rows"),
            "1,3,1,test_loss,mean,2,0.5,0.25,7,1,3,0.01,0.02,0.015,0.0078125,1,8,2,2,0,0.5,0.125,"
            "12,8,worse\n");
  EXPECT_EQ(ask("SELECT * FROM contrast_families"), "1,1,optimizer=sgd,test_loss,0.95,0,0\n");
  EXPECT_EQ(ask("SELECT experiment, point, baseline, diff, ci_level FROM contrasts"),
            "rate-sweep,\"optimizer=adam, optimizer.lr=0.1\",\"optimizer=sgd, "
            "optimizer.lr=0.1\",2,0.95\n");
}

TEST_F(Contrasts, OfTheSameCallTakeTheirPlace) {
  store_.record(family({row(3, 1, 2), row(4, 2, 3)}));
  const auto once = store::dump(file());
  store_.record(family({row(3, 1, 2), row(4, 2, 3)}));
  EXPECT_EQ(store::dump(file()), once);
  store_.record(family({row(4, 2, 5)}));
  EXPECT_EQ(ask("SELECT family_id, a, diff FROM contrasts"), "1,4,5\n");
}

// A confirmation that is repeated has other replicates. The earlier one stays, so that nobody tries
// until it succeeds and shows that one alone.
TEST_F(Contrasts, OfAnEarlierConfirmationStay) {
  auto first = row(3, 1, 2), second = row(4, 2, 5);
  first.fresh_replicates = second.fresh_replicates = 8;
  store_.record(family({row(3, 2, 2), first}));
  store_.record(family({row(3, 2, 3), second}));
  store_.record(family({row(3, 2, 4)}));
  EXPECT_EQ(ask("SELECT a, diff, fresh_replicates FROM contrasts ORDER BY 3, 1"),
            "3,4,0\n3,2,8\n4,5,8\n");
}

TEST_F(Contrasts, OfOtherOptionsAreKept) {
  store_.record(family({row(3, 1, 2)}));
  auto other = family({row(3, 1, 2)});
  other.survivors = true;
  store_.record(other);
  other.population = true;
  store_.record(other);
  EXPECT_EQ(ask("SELECT family_id, survivors, population FROM contrasts"), "1,0,0\n2,1,0\n3,1,1\n");
}

TEST_F(Contrasts, OfAnotherCallAreKept) {
  store_.record(family({row(3, 1, 2)}));
  auto other = family({row(3, 1, 2)});
  other.ci_level = 0.9;
  store_.record(other);
  EXPECT_EQ(ask("SELECT family_id, ci_level FROM contrasts"), "1,0.95\n2,0.9\n");
}

TEST_F(Contrasts, OfAPointThatIsTrainedAgainAreForgotten) {
  store_.record(family({row(3, 1, 2), row(4, 2, 3)}));
  store_.forget(1);
  EXPECT_EQ(ask("SELECT a, b FROM contrasts"), "4,2\n");
  store_.forget(4);
  EXPECT_EQ(ask("SELECT count(*) FROM contrast_rows"), "0\n");
}

TEST_F(Contrasts, OfASupersededPointAreNotShown) {
  store_.record(family({row(3, 1, 2), row(4, 2, 3)}));
  store_.add_point(point_record(1, 0, "b"));
  EXPECT_EQ(ask("SELECT a, b FROM contrasts"), "4,2\n");
  EXPECT_EQ(ask("SELECT count(*) FROM contrast_rows"), "2\n");
}

TEST_F(Contrasts, ReadWhatIsComparable) {
  auto reader = store::Reader::open(file());
  const auto experiments = store::experiments_in(reader);
  ASSERT_EQ(experiments.size(), 1u);
  EXPECT_EQ(experiments[0].name, "rate-sweep");
  EXPECT_EQ(experiments[0].swept, (std::vector<std::string>{"optimizer", "optimizer.lr"}));
  store_.add_point(point_record(1, 3, "b"));  // point 5 in the place of 4
  const auto points = store::points_of(reader, 1);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_EQ(points[3].id, 5);
  EXPECT_EQ(points[0].replicates, 10u);
  EXPECT_EQ(points[0].primary_metric, "mse");
  EXPECT_EQ(store::text_of(points[1], experiments[0].swept), "optimizer=sgd, optimizer.lr=0.01");
  EXPECT_EQ(store::text_of(points[1].parameters.at("model.bias")), "true");
  EXPECT_EQ(points[1].parameters.count("stop"), 0u) << "NULL is no value";
}

TEST_F(Contrasts, ReadOnlyValuesOfRunsThatAreDone) {
  auto reader = store::Reader::open(file());
  const auto values = store::values_of(reader, 2, "test_loss");
  ASSERT_EQ(values.size(), 10u);
  for (std::uint64_t r = 0; r < 10; ++r) {
    EXPECT_EQ(values[r].replicate, r);
    if (r == 6)
      EXPECT_TRUE(std::isnan(values[r].value)) << "diverged";
    else
      EXPECT_EQ(values[r].value, 2 + double(r) / 8);
  }
}

std::vector<store::BiasVarianceRow> with_jackknife() {
  auto row = bias_variance_row(4, 0.5);
  row.jackknife = {{0, 4, 3, 1}, {2, 5, 3.5, 1.5}, {1, 3, 2, NAN}};
  return {bias_variance_row(0, 2), row};
}

TEST_F(Contrasts, ReadTheJackknifeInTheOrderOfItsParts) {
  store_.finish(2, 10, with_jackknife());
  EXPECT_EQ(ask("SELECT * FROM jackknife"),
            "2,mse,0,0,4,3,1\n2,mse,1,2,5,3.5,1.5\n2,mse,2,1,3,2,\n");
  auto reader = store::Reader::open(file());
  const auto parts = store::jackknife_of(reader, 2, "mse");
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[1].left_out, 2u);
  EXPECT_EQ(parts[1].bias2, 3.5);
  EXPECT_TRUE(std::isnan(parts[2].variance));
  EXPECT_TRUE(store::jackknife_of(reader, 1, "mse").empty());
}

TEST_F(Contrasts, ForgetTheJackknifeWithThePointAndMergeIt) {
  store_.finish(2, 10, with_jackknife());
  store::merge(file("out.db"), {file()});
  EXPECT_EQ(csv(file("out.db"), "SELECT count(*), sum(left_out) FROM jackknife"), "3,3\n");
  const auto once = store::dump(file("out.db"));
  store::merge(file("out.db"), {file()});
  EXPECT_EQ(store::dump(file("out.db")), once);
  store_.forget(2);
  EXPECT_EQ(ask("SELECT count(*) FROM jackknife"), "0\n");
}

TEST_F(Contrasts, ShowTheResamplingSchemeWithEveryResult) {
  auto point = point_record(1, 0, "c");
  point.configuration = R"({"replicates": {"resample": {"name": "bootstrap", "bootstrap": 10}}})";
  store_.add_point(point);
  EXPECT_EQ(ask("SELECT resample FROM results WHERE point_id >= 4 ORDER BY point_id"),
            "\nbootstrap\n");
}

}  // namespace
}  // namespace descent
