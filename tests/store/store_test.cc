// SPDX-License-Identifier: MIT
// Writing: contents, order, atomicity.
#include "store/store.h"

#include "fixture.h"
#include "store/dump.h"
#include "store/query.h"

namespace descent {
namespace {

using Writing = StoreTest;

TEST_F(Writing, KeepsEveryValueOfARun) {
  auto store = store::Store::open(file());
  store_sweep(store);
  EXPECT_EQ(csv(file(), "SELECT * FROM runs WHERE run_id = 2000003"),
            "2000003,2,3,done,,4,40,0,0.25,1.1875,2.375,,,,1.1875,,3,1,,\n");
  EXPECT_EQ(csv(file(),
                "SELECT status, reason, train_loss, test_loss, last_finite_loss FROM runs "
                "WHERE run_id = 2000006"),
            "diverged,the loss is inf in step 12,inf,,1.375\n");
  EXPECT_EQ(csv(file(), "SELECT epoch, metric, value FROM curves WHERE run_id = 1000000"),
            "0,train_loss,1\n0,test_loss,1\n2,train_loss,0.3333333333333333\n2,test_loss,1\n"
            "4,train_loss,0.2\n4,test_loss,1\n");
  EXPECT_EQ(csv(file(), "SELECT * FROM weights WHERE run_id = 1000008"),
            "1000008,layers.0.bias,0,0,-2\n1000008,layers.0.weight,0,0,2\n");
  EXPECT_EQ(csv(file(), "SELECT count(*), count(value) FROM curves"), "240,240\n");
}

TEST_F(Writing, KeepsEveryColumnOfBiasAndVariance) {
  auto store = store::Store::open(file());
  const auto point =
      store.add_point(point_record(store.register_experiment(experiment_record()), 0));
  auto row = bias_variance_row(3, 0.5);
  row.bias_includes_noise = row.floor_used = true;
  row.bias2_plugin = 1, row.variance_plugin = 2, row.identity_residual = 3, row.clip_eps = 4;
  row.max_replicate_share = 6, row.n_clipped = 7, row.jackknife_groups = 8;
  store.finish(point, 10, {row});
  EXPECT_EQ(csv(file(),
                "SELECT epoch, metric, bias2, bias2_se, bias2_lo, bias2_hi, excess_hi, "
                "noise, bias_includes_noise, bias2_plugin, variance_plugin, "
                "identity_residual, replicates, left_out, test_points, resample, central, "
                "ci_level, df, se_method, floor_used FROM bias_variance"),
            "3,mse,0.5,0.05,0.4,0.6,1.4,0.25,1,1,2,3,9,1,100,fresh,mean,0.95,8,jackknife,1\n");
  EXPECT_EQ(csv(file(),
                "SELECT max_replicate_share, clip_eps, n_clipped, jackknife_groups "
                "FROM bias_variance"),
            "6,4,7,8\n");
}

TEST_F(Writing, TypesParameters) {
  auto store = store::Store::open(file());
  auto record = point_record(store.register_experiment(experiment_record()), 0);
  record.configuration = R"({"big": 18446744073709551615, "list": [], "layers": [{"name": "linear",
      "linear": 16, "bias": true}], "optimizer": {"name": "sgd", "lr": 0.1}, "seed": 42,
      "x_y": {"z-1": false}, "stop": null})";
  store.add_point(record);
  EXPECT_EQ(csv(file(), "SELECT path, number, typeof(number), text FROM parameters"),
            "big,18446744073709551616,real,\n"
            "layers.0,,null,linear\n"
            "layers.0.linear,16,integer,\n"
            "layers.0.bias,1,integer,true\n"
            "optimizer,,null,sgd\n"
            "optimizer.lr,0.1,real,\n"
            "seed,42,integer,\n"
            "x_y.z-1,0,integer,false\n"
            "stop,,null,\n");
}

TEST_F(Writing, ReportsWhatIsStoredOfAPoint) {
  auto store = store::Store::open(file());
  const auto point =
      store.add_point(point_record(store.register_experiment(experiment_record()), 0));
  EXPECT_TRUE(store.stored_replicates(point).empty());
  store.write(chunk_record(point, 5, 2));
  store.write(chunk_record(point, 0, 3));
  EXPECT_EQ(store.stored_replicates(point), (std::vector<std::uint64_t>{0, 1, 2, 5, 6}));
  const auto chunks = store.stored_chunks(point);
  ASSERT_EQ(chunks.size(), 2u);
  EXPECT_EQ(chunks[0].first, 0u);
  EXPECT_EQ(chunks[1].count, 2u);
  EXPECT_EQ(store.chunk_piece(point, chunks[1], 0), std::string("state\0of 5", 10));
  EXPECT_EQ(store.chunk_piece(point, chunks[1], 1), std::nullopt);
  EXPECT_FALSE(store.finished(point));
}

TEST_F(Writing, DropsChunkStatesWhenThePointIsFinished) {
  auto store = store::Store::open(file());
  store_sweep(store);
  EXPECT_TRUE(store.finished(1));
  EXPECT_TRUE(store.stored_chunks(1).empty());
  EXPECT_EQ(store.stored_replicates(1).size(), 10u);
}

TEST_F(Writing, StoresTheSameInAnyOrder) {
  {
    auto forwards = store::Store::open(file("a.db")), backwards = store::Store::open(file("b.db"));
    store_sweep(forwards, false);
    store_sweep(backwards, true);
    forwards.begin_invocation({{"workers", "1"}});
    backwards.begin_invocation({{"workers", "8"}});
  }
  EXPECT_EQ(store::dump(file("a.db")), store::dump(file("b.db")));
}

TEST_F(Writing, DumpSeesASingleChangedDigit) {
  {
    auto one = store::Store::open(file("a.db")), other = store::Store::open(file("b.db"));
    store_sweep(one);
    store_sweep(other);
    auto row = bias_variance_row(0, 2);
    row.noise = std::nextafter(row.noise, 1);
    other.finish(1, 10, {row, bias_variance_row(4, 0.5)});
  }
  EXPECT_NE(store::dump(file("a.db")), store::dump(file("b.db")));
}

TEST_F(Writing, DumpLeavesOutTimesAndProvenance) {
  auto store = store::Store::open(file());
  store_sweep(store);
  store.begin_invocation({{"host", "a-host-somewhere"}});
  const auto text = store::dump(file());
  for (const auto* word : {"_seconds,", "created_at", "a-host-somewhere"})
    EXPECT_EQ(text.find(word), std::string::npos) << word;
  EXPECT_NE(text.find("'the loss is inf in step 12'"), std::string::npos);
  EXPECT_NE(text.find("CREATE VIEW \"rate_sweep\""), std::string::npos);
}

TEST_F(Writing, RollsBackWhatWasNotCommitted) {
  auto store = store::Store::open(file());
  store_sweep(store);
  const auto before = store::dump(file());
  const auto interrupted = [&] {
    store::Store::Transaction transaction(store);
    store.forget(1);
    store.write(chunk_record(1, 0, 4));
    throw std::runtime_error("interrupted");
  };
  EXPECT_THROW(interrupted(), std::runtime_error);
  EXPECT_EQ(store::dump(file()), before);
}

TEST_F(Writing, RefusesARunThatIsStoredAndKeepsNothingOfItsChunk) {
  auto store = store::Store::open(file());
  const auto point =
      store.add_point(point_record(store.register_experiment(experiment_record()), 0));
  store.write(chunk_record(point, 3, 2));
  EXPECT_THROW(store.write(chunk_record(point, 0, 4)), StoreError);
  EXPECT_EQ(store.stored_replicates(point), (std::vector<std::uint64_t>{3, 4}));
  store.write(chunk_record(point, 0, 3));
  EXPECT_EQ(store.stored_replicates(point).size(), 5u);
}

TEST_F(Writing, ForgetsWhatATrainingGaveAndNothingElse) {
  auto store = store::Store::open(file());
  store_sweep(store);
  const auto complete = store::dump(file());
  store.forget(2);
  EXPECT_TRUE(store.stored_replicates(2).empty());
  EXPECT_FALSE(store.finished(2));
  EXPECT_EQ(csv(file(),
                "SELECT (SELECT count(*) FROM curves), (SELECT count(*) FROM weights), "
                "(SELECT count(*) FROM bias_variance), (SELECT count(*) FROM parameters)"),
            "180,60,6,20\n");
  store.write(chunk_record(2, 0, 10));
  store.finish(2, 10, {bias_variance_row(0, 2), bias_variance_row(4, 0.5)});
  EXPECT_EQ(store::dump(file()), complete);
}

TEST_F(Writing, GivesTheSameContentTheSamePoint) {
  auto store = store::Store::open(file());
  const auto experiment = store.register_experiment(experiment_record());
  const auto point = store.add_point(point_record(experiment, 0));
  store.finish(point, 10, {});
  auto again = point_record(experiment, 0);
  again.position = 7;
  EXPECT_EQ(store.add_point(again), point);
  EXPECT_TRUE(store.finished(point));
  EXPECT_EQ(csv(file(), "SELECT count(*), position FROM points"), "1,7\n");
  again.replicates = 20;
  EXPECT_EQ(store.add_point(again), point);
  EXPECT_FALSE(store.finished(point)) << "more replicates were requested";
}

TEST_F(Writing, SupersedesAPointWithChangedContent) {
  auto store = store::Store::open(file());
  const auto experiment = store.register_experiment(experiment_record());
  const auto old = store.add_point(point_record(experiment, 0, "a"));
  store.write(chunk_record(old, 0, 3));
  const auto other = store.add_point(point_record(experiment, 1, "a"));
  const auto rebuilt = store.add_point(point_record(experiment, 0, "b"));
  EXPECT_NE(old, rebuilt);
  EXPECT_EQ(csv(file(), "SELECT point_id, superseded_by FROM points"), "1,3\n2,\n3,\n");
  EXPECT_EQ(csv(file(), "SELECT point_id FROM results ORDER BY 1"), "2\n3\n");
  EXPECT_EQ(csv(file(), "SELECT point_id FROM rate_sweep ORDER BY 1"), "2\n3\n");
  EXPECT_EQ(store.stored_replicates(old).size(), 3u) << "its runs are kept";
  EXPECT_EQ(csv(file(),
                "SELECT name FROM plugins JOIN point_plugins USING (hash) "
                "WHERE point_id = 3"),
            "sgd\n");
  EXPECT_EQ(store.add_point(point_record(experiment, 0, "a")), old) << "the old build is back";
  EXPECT_EQ(csv(file(), "SELECT point_id, superseded_by FROM points"), "1,\n2,\n3,1\n");
  EXPECT_EQ(other, 2);
}

TEST_F(Writing, NotesWhereItCameFrom) {
  auto store = store::Store::open(file());
  const auto first = store.begin_invocation({{"host", "a"}, {"cpu", "b"}});
  store.note(first, "revision", "c");
  store.end_invocation(first);
  EXPECT_EQ(store.begin_invocation({}), first + 1);
  EXPECT_EQ(csv(file(), "SELECT key FROM provenance WHERE invocation = 1 ORDER BY key"),
            "cpu\nfinished_at\nhost\nrevision\nsqlite\nstarted_at\n");
}

}  // namespace
}  // namespace descent
