// SPDX-License-Identifier: MIT
// Parts: what is saved is whole or recognized as damaged, and merging them gives the store of one
// writer.
#include "store/part.h"

#include <gmock/gmock.h>

#include <fstream>

#include "base/file.h"
#include "fixture.h"
#include "store/dump.h"
#include "store/merge.h"

namespace descent {
namespace {

using testing::HasSubstr;

class Parts : public StoreTest {
 protected:
  // All four points, and nothing trained.
  void register_all(const std::string& path) const {
    auto store = store::Store::open(path);
    const auto experiment = store.register_experiment(experiment_record());
    for (std::uint64_t i = 0; i < 4; ++i) store.add_point(point_record(experiment, i));
    store.describe_points(experiment);
  }

  // A store that has these points alone, under the ids of the whole.
  static std::vector<std::int64_t> register_some(store::Store& store,
                                                 const std::vector<std::uint64_t>& points) {
    const auto experiment = store.register_experiment(experiment_record());
    std::vector<std::int64_t> ids;
    for (const auto i : points) {
      auto record = point_record(experiment, i);
      record.point_id = std::int64_t(i) + 1;
      ids.push_back(store.add_point(record));
    }
    return ids;
  }

  static store::ChunkRecord chunk(std::int64_t point, std::uint64_t first,
                                  record::Status status = record::Status::done) {
    store::ChunkRecord record{point, first, 5, {}, {}};
    for (std::uint64_t r = first; r < first + 5; ++r) {
      record::Run run;
      run.replicate = r;
      run.status = status;
      run.epochs = run.steps = 2;
      run.train_loss = double(r);
      run.curve = {{1, record::Metric::train_loss, double(r) + 1},
                   {2, record::Metric::train_loss, double(r)}};
      record.runs.push_back(run);
    }
    return record;
  }

  void save(const std::string& name) const {
    store::save_part(file(name), file("scratch"), file(name + ".part"));
  }
  store::MergeReport merge(const std::string& name) const {
    return store::PartMerger(file("out.db")).merge(file(name + ".part"));
  }
};

TEST_F(Parts, AreTogetherTheStoreOfOneWriter) {
  register_all(file("out.db"));
  register_all(file("whole.db"));
  auto whole = store::Store::open(file("whole.db"));
  for (const auto& [name, points] : {std::pair("late", std::vector<std::uint64_t>{2, 3}),
                                     std::pair("early", std::vector<std::uint64_t>{0, 1})}) {
    {
      auto store = store::Store::open(file(name));
      for (const auto id : register_some(store, points))
        for (auto* one : {&store, &whole}) {
          for (const std::uint64_t first : {0u, 5u}) one->write(chunk(id, first));
          one->finish(id, 10, {});
        }
    }
    save(name);
    EXPECT_TRUE(store::is_whole_part(file(std::string(name) + ".part")));
    EXPECT_EQ(merge(name).runs, 20u);
    EXPECT_EQ(merge(name).runs, 0u) << "merging again changes nothing";
  }
  EXPECT_EQ(store::dump(file("out.db")), store::dump(file("whole.db")));
}

TEST_F(Parts, CarryTheAccumulatorsOfChunks) {
  register_all(file("out.db"));
  {
    auto store = store::Store::open(file("a"));
    const auto id = register_some(store, {1}).front();
    auto record = chunk(id, 5);
    record.pieces = {"first piece", std::string("with\0zero", 9)};
    ASSERT_TRUE(store.write(record));
  }
  save("a");
  EXPECT_EQ(merge("a").runs, 5u);
  auto out = store::Store::open(file("out.db"));
  EXPECT_EQ(out.stored_replicates(2), (std::vector<std::uint64_t>{5, 6, 7, 8, 9}));
  EXPECT_EQ(out.chunk_piece(2, {5, 5}, 0), "first piece");
  EXPECT_EQ(out.chunk_piece(2, {5, 5}, 1), std::string("with\0zero", 9));
}

TEST_F(Parts, BringRunsAndScoresOfUnfinishedPoints) {
  register_all(file("out.db"));
  const store::RungRecord rung{.point_id = 1, .epoch = 2, .metric = "train_loss", .replicates = 10};
  {
    auto store = store::Store::open(file("a"));
    const auto id = register_some(store, {0}).front();
    store.write(chunk(id, 0, record::Status::pruned));
    store.write_rung_chunk(rung, {0, 5, 7.5});
  }
  save("a");
  EXPECT_EQ(merge("a").runs, 5u);
  auto out = store::Store::open(file("out.db"));
  EXPECT_EQ(out.pruned_after(1), 2u);
  const auto scores = out.rung_chunks(rung);
  ASSERT_EQ(scores.size(), 1u);
  EXPECT_EQ(scores[0].score, 7.5);
}

TEST_F(Parts, AreRecognizedWhenDamaged) {
  {
    auto store = store::Store::open(file("a"));
    store.write(chunk(register_some(store, {0}).front(), 0));
  }
  save("a");
  const auto part = file("a.part");
  const auto bytes = read_file(part).value();
  ASSERT_TRUE(store::is_whole_part(part));
  const auto put = [&](const std::string& text) { std::ofstream(part, std::ios::binary) << text; };
  for (const std::size_t at :
       {std::size_t(20), bytes.size() / 2, bytes.size() - 40, bytes.size() - 1}) {
    auto flipped = bytes;
    flipped[at] ^= 1;
    put(flipped);
    EXPECT_FALSE(store::is_whole_part(part)) << at;
  }
  for (const std::size_t size :
       {std::size_t(0), std::size_t(10), bytes.size() / 2, bytes.size() - 1}) {
    put(bytes.substr(0, size));
    EXPECT_FALSE(store::is_whole_part(part)) << size;
  }
  EXPECT_FALSE(store::is_whole_part(file("nowhere")));
}

TEST_F(Parts, OfOtherPointsAreRefused) {
  register_all(file("out.db"));
  {
    auto store = store::Store::open(file("a"));
    const auto experiment = store.register_experiment(experiment_record());
    store.write(chunk(store.add_point(point_record(experiment, 0, "other build")), 0));
  }
  save("a");
  const auto before = store::dump(file("out.db"));
  try {
    merge("a");
    FAIL();
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), HasSubstr("has other points than the store that it is a part of"));
  }
  EXPECT_EQ(store::dump(file("out.db")), before);
}

}  // namespace
}  // namespace descent
