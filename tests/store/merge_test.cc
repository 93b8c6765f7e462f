// SPDX-License-Identifier: MIT
// Merging: it is idempotent, parts give the whole, a contradiction is reported.
#include "store/merge.h"

#include <gmock/gmock.h>

#include "fixture.h"
#include "store/dump.h"
#include "store/query.h"

namespace descent {
namespace {

using testing::HasSubstr;
using Merging = StoreTest;

TEST_F(Merging, CopiesAStore) {
  {
    auto store = store::Store::open(file("a.db"));
    store_sweep(store);
    store.begin_invocation({{"host", "a"}});
  }
  const auto report = store::merge(file("out.db"), {file("a.db")});
  EXPECT_EQ(report.points, 4u);
  EXPECT_EQ(report.runs, 40u);
  EXPECT_EQ(store::dump(file("out.db")), store::dump(file("a.db")));
  EXPECT_EQ(csv(file("out.db"), "SELECT invocation, value FROM provenance WHERE key = 'host'"),
            "1,a\n");
}

TEST_F(Merging, TwiceIsOnce) {
  {
    auto a = store::Store::open(file("a.db")), b = store::Store::open(file("b.db"));
    store_sweep(a);
    store_sweep(b, false, false, "another");
    a.begin_invocation({{"host", "a"}});
    b.begin_invocation({{"host", "b"}});
  }
  store::merge(file("out.db"), {file("a.db"), file("b.db")});
  const auto once = store::dump(file("out.db"));
  const auto report = store::merge(file("out.db"), {file("a.db"), file("b.db"), file("a.db")});
  EXPECT_EQ(report.points + report.runs, 0u);
  EXPECT_EQ(store::dump(file("out.db")), once);
  EXPECT_EQ(csv(file("out.db"), "SELECT count(DISTINCT invocation) FROM provenance"), "2\n");
  EXPECT_EQ(csv(file("out.db"), "SELECT sum(runs) FROM another"), "40\n");
}

TEST_F(Merging, KeepsTheWarningsOfAll) {
  for (const auto* name : {"a.db", "b.db"}) {
    auto store = store::Store::open(file(name));
    store.record(store.register_experiment(experiment_record()),
                 {{"same.yaml:1:1", "odd"}, {std::string(name) + ":2:2", "odd"}});
  }
  store::merge(file("out.db"), {file("a.db"), file("b.db")});
  EXPECT_EQ(csv(file("out.db"), "SELECT place FROM warnings"),
            "a.db:2:2\nb.db:2:2\nsame.yaml:1:1\n");
}

const std::map<std::string, std::string> haswell = {{"build", "b"}, {"arithmetic", "haswell"}},
                                         prescott = {{"build", "b"}, {"arithmetic", "prescott"}},
                                         rebuilt = {{"build", "c"}, {"arithmetic", "prescott"}};

TEST_F(Merging, KeepsKindsOfProcessorsApartUnlessAsked) {
  for (const auto& [name, facts] :
       {std::pair("haswell.db", haswell), std::pair("prescott.db", prescott),
        std::pair("rebuilt.db", rebuilt)}) {
    auto store = store::Store::open(file(name));
    store.begin_invocation(facts);
    store_sweep(store, false, true, std::filesystem::path(name).stem().string());
  }
  EXPECT_EQ(store::merge(file("out.db"), {file("haswell.db"), file("rebuilt.db")}).runs, 80u)
      << "another build has other points anyway";
  const auto before = store::dump(file("out.db"));
  try {
    store::merge(file("out.db"), {file("prescott.db")});
    ADD_FAILURE() << "it was merged";
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), HasSubstr("prescott.db: error: holds runs of a build with other "
                                        "arithmetic than those in the store merged into"));
    EXPECT_THAT(error.what(), HasSubstr("--any-cpu"));
  }
  EXPECT_EQ(store::dump(file("out.db")), before);
  EXPECT_EQ(store::merge(file("out.db"), {file("prescott.db")}, {.any_cpu = true}).runs, 40u);
}

TEST_F(Merging, OfStoresWithoutRunsOfAnotherProcessorIsNoMix) {
  {
    auto store = store::Store::open(file("a.db"));
    store.begin_invocation(haswell);
    store_sweep(store);
  }
  {
    auto store = store::Store::open(file("b.db"));
    store.end_invocation(store.begin_invocation(prescott));  // trained nothing
  }
  EXPECT_EQ(store::merge(file("b.db"), {file("a.db")}).runs, 40u);
}

// Whether a point is pruned depends on its grid.
TEST_F(Merging, APrunedPointGivesWayToOneThatWasNot) {
  const auto fill = [](store::Store store, record::Status status) {
    const auto id =
        store.add_point(point_record(store.register_experiment(experiment_record()), 0));
    auto chunk = chunk_record(id, 0, 3);
    chunk.pieces.clear();
    for (auto& run : chunk.runs) run.status = status;
    if (status == record::Status::pruned)
      for (auto& run : chunk.runs) run.epochs = 1, run.train_loss = 7;
    store.write(chunk);
    if (status == record::Status::pruned)
      store.write_rung({id, 1, "train_loss", 3, 7, 2, 2, false});
    store.finish(id, 10, {});
  };
  fill(store::Store::open(file("pruned.db")), record::Status::pruned);
  fill(store::Store::open(file("done.db")), record::Status::done);
  for (const auto& [first, second] :
       {std::pair("pruned.db", "done.db"), {"done.db", "pruned.db"}}) {
    const auto out = std::string("of_") + first;
    store::merge(file(out), {file(first), file(second)});
    EXPECT_EQ(csv(file(out), "SELECT done, pruned, runs FROM results"), "3,0,3\n") << first;
    EXPECT_EQ(csv(file(out), "SELECT rank, kept FROM rungs"), "2,0\n");
    const auto once = store::dump(file(out));
    store::merge(file(out), {file(first), file(second)});
    EXPECT_EQ(store::dump(file(out)), once);
  }
}

TEST_F(Merging, APrunedPointStaysWhereTheOtherHasFewerReplicates) {
  const auto fill = [](store::Store store, record::Status status, std::uint64_t replicates) {
    auto point = point_record(store.register_experiment(experiment_record()), 0);
    point.replicates = replicates;
    const auto id = store.add_point(point);
    auto chunk = chunk_record(id, 0, replicates);
    chunk.pieces.clear();
    for (auto& run : chunk.runs) run.status = status;
    store.write(chunk);
    store.finish(id, replicates, {});
  };
  fill(store::Store::open(file("pruned.db")), record::Status::pruned, 3);
  fill(store::Store::open(file("done.db")), record::Status::done, 2);
  store::merge(file("pruned.db"), {file("done.db")});
  EXPECT_EQ(csv(file("pruned.db"),
                "SELECT finished, runs, pruned FROM results JOIN points USING "
                "(point_id)"),
            "1,3,3\n");
}

TEST_F(Merging, ChecksAllItsFilesBeforeItBegins) {
  {
    auto store = store::Store::open(file("a.db"));
    store_sweep(store);
  }
  store::Store::open(file("out.db"));
  EXPECT_THROW(store::merge(file("out.db"), {file("a.db"), file("out.db")}), Error);
  EXPECT_EQ(csv(file("out.db"), "SELECT count(*) FROM runs"), "0\n");
}

TEST_F(Merging, KeepsTheInvocationsOfAPoint) {
  {
    auto a = store::Store::open(file("a.db")), b = store::Store::open(file("b.db"));
    a.begin_invocation({{"host", "a"}});
    store_sweep(a);
    b.begin_invocation({{"host", "b"}});
    store_sweep(b, false, true, "another");
    b.begin_invocation({{"host", "idle"}});
  }
  const std::string hosts =
      "SELECT r.experiment, h.value, count(*) FROM point_invocations i JOIN results r USING "
      "(point_id) JOIN provenance h USING (invocation) WHERE h.key = 'host' GROUP BY 1, 2";
  store::merge(file("out.db"), {file("a.db"), file("b.db")});
  EXPECT_EQ(csv(file("out.db"), hosts), "another,b,4\nrate-sweep,a,4\n");
  store::merge(file("out.db"), {file("b.db"), file("a.db")});
  EXPECT_EQ(csv(file("out.db"), hosts), "another,b,4\nrate-sweep,a,4\n");
  EXPECT_EQ(csv(file("out.db"), "SELECT count(DISTINCT invocation) FROM provenance"), "3\n");
}

TEST_F(Merging, GivesNewIds) {
  {
    auto a = store::Store::open(file("a.db")), b = store::Store::open(file("b.db"));
    const auto one = a.register_experiment(experiment_record("one"));
    a.write(chunk_record(a.add_point(point_record(one, 0)), 0, 3));
    const auto two = b.register_experiment(experiment_record("two"));
    b.write(chunk_record(b.add_point(point_record(two, 0)), 0, 2));
  }
  store::merge(file("out.db"), {file("a.db"), file("b.db")});
  EXPECT_EQ(csv(file("out.db"), "SELECT experiment, point_id, runs FROM results"),
            "one,1,3\ntwo,2,2\n");
  EXPECT_EQ(csv(file("out.db"), "SELECT DISTINCT run_id FROM curves"),
            "1000000\n1000001\n1000002\n2000000\n2000001\n");
  EXPECT_EQ(csv(file("out.db"),
                "SELECT text FROM parameters WHERE point_id = 2 AND "
                "path = 'optimizer'"),
            "sgd\n");
}

TEST_F(Merging, PutsTheChunksOfAPointTogether) {
  {
    auto a = store::Store::open(file("a.db")), b = store::Store::open(file("b.db"));
    for (auto* store : {&a, &b})
      store->add_point(point_record(store->register_experiment(experiment_record()), 0));
    a.write(chunk_record(1, 0, 3));
    b.write(chunk_record(1, 3, 4));
    b.write(chunk_record(1, 7, 3));
  }
  store::merge(file("a.db"), {file("b.db")});
  auto store = store::Store::open(file("a.db"));
  EXPECT_EQ(store.stored_replicates(1).size(), 10u);
  EXPECT_EQ(store.stored_chunks(1).size(), 3u);
}

TEST_F(Merging, LeavesChunksThatOverlap) {
  {
    auto a = store::Store::open(file("a.db")), b = store::Store::open(file("b.db"));
    for (auto* store : {&a, &b})
      store->add_point(point_record(store->register_experiment(experiment_record()), 0));
    a.write(chunk_record(1, 0, 3));
    b.write(chunk_record(1, 2, 4));
    b.write(chunk_record(1, 6, 2));
  }
  store::merge(file("a.db"), {file("b.db")});
  auto store = store::Store::open(file("a.db"));
  EXPECT_EQ(store.stored_replicates(1), (std::vector<std::uint64_t>{0, 1, 2, 6, 7}));
  EXPECT_EQ(store.stored_chunks(1).size(), 2u);
}

TEST_F(Merging, TakesAFinishedPointWhole) {
  {
    auto a = store::Store::open(file("a.db")), b = store::Store::open(file("b.db"));
    store_sweep(b);
    a.add_point(point_record(a.register_experiment(experiment_record()), 0));
    a.write(chunk_record(1, 0, 3));
  }
  store::merge(file("a.db"), {file("b.db")});
  EXPECT_EQ(store::dump(file("a.db")), store::dump(file("b.db")));
  store::merge(file("b.db"), {file("a.db")});
  EXPECT_EQ(store::dump(file("a.db")), store::dump(file("b.db")));
}

TEST_F(Merging, ReportsRunsThatContradict) {
  {
    auto a = store::Store::open(file("a.db")), b = store::Store::open(file("b.db"));
    for (auto* store : {&a, &b})
      store->add_point(point_record(store->register_experiment(experiment_record()), 0));
    a.write(chunk_record(1, 0, 5));
    auto chunk = chunk_record(1, 0, 5);
    chunk.runs[3].test_loss = std::nextafter(chunk.runs[3].test_loss, 0);
    chunk.runs[2].train_seconds = 99;  // no contradiction
    b.write(chunk);
    b.add_point(point_record(1, 1));
  }
  const auto before = store::dump(file("a.db"));
  try {
    store::merge(file("a.db"), {file("b.db")});
    FAIL() << "was merged";
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), HasSubstr("b.db: error: 1 of its runs have other results"));
    EXPECT_THAT(error.what(), HasSubstr("replicate 3 of point 1 of 'rate-sweep'"));
  }
  EXPECT_EQ(store::dump(file("a.db")), before);
}

TEST_F(Merging, KeepsWhatWasSuperseded) {
  {
    auto a = store::Store::open(file("a.db")), b = store::Store::open(file("b.db"));
    const auto old = a.register_experiment(experiment_record());
    a.write(chunk_record(a.add_point(point_record(old, 0, "a")), 0, 2));
    const auto renewed = b.register_experiment(experiment_record());
    b.add_point(point_record(renewed, 0, "x"));
    b.write(chunk_record(b.add_point(point_record(renewed, 0, "y")), 0, 1));
  }
  store::merge(file("a.db"), {file("b.db")});
  EXPECT_EQ(csv(file("a.db"), "SELECT content_hash, superseded_by FROM points"),
            "content0a,3\ncontent0x,3\ncontent0y,\n");
  EXPECT_EQ(csv(file("a.db"), "SELECT point_id, runs FROM results"), "3,1\n");
  EXPECT_EQ(csv(file("a.db"), "SELECT count(*) FROM runs"), "3\n");
  // What each was made from comes along, once where it is the same.
  EXPECT_EQ(csv(file("a.db"),
                "SELECT point_id, name, hash FROM point_inputs JOIN inputs USING (input_id) "
                "WHERE kind = 'build'"),
            "1,descent,builda\n2,descent,buildx\n3,descent,buildy\n");
  EXPECT_EQ(csv(file("a.db"), "SELECT count(*) FROM inputs WHERE kind = 'data'"), "1\n");
}

TEST_F(Merging, RefusesItselfAndWhatIsNoStore) {
  store::Store::open(file("a.db"));
  EXPECT_THROW(store::merge(file("a.db"), {file("a.db")}), Error);
  EXPECT_THROW(store::merge(file("a.db"), {file("none.db")}), StoreError);
  EXPECT_FALSE(std::filesystem::exists(file("none.db")));
  EXPECT_THROW(store::merge(file("made.db"), {file("a.db"), file("none.db")}), StoreError);
  EXPECT_FALSE(std::filesystem::exists(file("made.db"))) << "an error made an empty store";
}

}  // namespace
}  // namespace descent
