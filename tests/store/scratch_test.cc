// SPDX-License-Identifier: MIT
// Accumulators are in a file of their own next to the store; whatever happens to it, nothing wrong
// is read.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "store/fixture.h"
#include "store/merge.h"

namespace descent {
namespace {

namespace fs = std::filesystem;

class Scratch : public StoreTest {
 protected:
  // A store with one point.
  store::Store open(const std::string& name = "results.db") const {
    auto store = store::Store::open(file(name));
    store.add_point(point_record(store.register_experiment(experiment_record()), 0));
    return store;
  }

  static store::ChunkRecord chunk(std::uint64_t first, std::vector<std::string> pieces) {
    auto record = chunk_record(1, first, 1);
    record.pieces = std::move(pieces);
    return record;
  }

  std::string scratch(const std::string& name = "results.db") const {
    return file(name) + "-scratch";
  }
};

TEST_F(Scratch, KeepsThePiecesOfChunks) {
  auto store = open();
  EXPECT_TRUE(store.write(chunk(0, {"one", "", "three"})));
  EXPECT_TRUE(store.write(chunk(1, {"four"})));
  EXPECT_EQ(store.chunk_piece(1, {0, 1}, 0), "one");
  EXPECT_EQ(store.chunk_piece(1, {0, 1}, 1), "");
  EXPECT_EQ(store.chunk_piece(1, {0, 1}, 2), "three");
  EXPECT_EQ(store.chunk_piece(1, {1, 1}, 0), "four");
  EXPECT_EQ(store.chunk_piece(1, {0, 1}, 3), std::nullopt) << "there is no fourth piece";
  EXPECT_EQ(store.chunk_piece(1, {0, 2}, 0), std::nullopt) << "a chunk of other replicates";
}

TEST_F(Scratch, LeavesTheStoreAsSmallAsItsResults) {
  {
    auto store = open();
    const auto before = fs::file_size(file());
    for (std::uint64_t r = 0; r < 5; ++r) store.write(chunk(r, {std::string(1 << 20, 'x')}));
    EXPECT_GE(fs::file_size(scratch()), 5u << 20);
    store.finish(1, 5, {});
    store.remove_scratch_if_empty();
    EXPECT_FALSE(fs::exists(scratch()));
    EXPECT_LT(fs::file_size(file()), before + (1 << 18));
  }
  SQLite::Database database(file());
  EXPECT_EQ(database.execAndGet("PRAGMA freelist_count").getInt(), 0);
}

TEST_F(Scratch, StaysWhileAPointNeedsIt) {
  auto store = open();
  store.write(chunk(0, {"one"}));
  store.remove_scratch_if_empty();
  EXPECT_EQ(store.chunk_piece(1, {0, 1}, 0), "one");
}

TEST_F(Scratch, UsesRoomAgain) {
  auto store = open();
  for (std::uint64_t r = 0; r < 3; ++r) store.write(chunk(r, {std::string(10'000, char('a' + r))}));
  const auto size = fs::file_size(scratch());
  store.drop_chunk(1, 1);
  store.write(chunk(3, {std::string(9'000, 'd')}));
  EXPECT_EQ(fs::file_size(scratch()), size) << "it fits where the dropped one was";
  store.drop_chunk(1, 0);
  store.write(chunk(4, {std::string(10'000, 'e')}));
  EXPECT_EQ(fs::file_size(scratch()), size);
  for (const auto& [first, letter, count] :
       {std::tuple{2u, 'c', 10'000}, {3u, 'd', 9'000}, {4u, 'e', 10'000}})
    EXPECT_EQ(store.chunk_piece(1, {first, 1}, 0), std::string(std::size_t(count), letter));
}

TEST_F(Scratch, ThatIsGoneHoldsNoChunks) {
  auto store = open();
  store.write(chunk(0, {"one"}));
  fs::remove(scratch());
  EXPECT_TRUE(store.stored_chunks(1).empty());
  EXPECT_EQ(store.chunk_piece(1, {0, 1}, 0), std::nullopt);
  auto again = chunk(0, {"again"});
  again.runs.clear();  // they are stored
  EXPECT_TRUE(store.write(again)) << "the row of what is lost is in the way";
  EXPECT_EQ(store.chunk_piece(1, {0, 1}, 0), "again");
}

TEST_F(Scratch, OfAnotherStoreIsNotTakenForThisOnes) {
  auto one = open("a.db"), other = open("b.db");
  one.write(chunk(0, {"abcd"}));
  other.write(chunk(0, {"efgh"}));
  fs::copy_file(scratch("b.db"), scratch("a.db"), fs::copy_options::overwrite_existing);
  EXPECT_TRUE(one.stored_chunks(1).empty());
  EXPECT_EQ(one.chunk_piece(1, {0, 1}, 0), std::nullopt);
}

TEST_F(Scratch, IsCheckedByteForByte) {
  auto store = open();
  store.write(chunk(0, {"one", "two"}));
  for (std::uintmax_t at = 0, size = fs::file_size(scratch()); at < size; ++at) {
    std::fstream bytes(scratch(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(std::streamoff(at));
    const char before = char(bytes.get());
    bytes.seekp(std::streamoff(at)).put(char(before ^ 1)).flush();
    const auto first = store.chunk_piece(1, {0, 1}, 0), second = store.chunk_piece(1, {0, 1}, 1);
    EXPECT_FALSE(first && second) << "byte " << at;
    EXPECT_EQ(first.value_or("one"), "one");
    EXPECT_EQ(second.value_or("two"), "two");
    bytes.seekp(std::streamoff(at)).put(before).flush();
  }
  EXPECT_EQ(store.chunk_piece(1, {0, 1}, 1), "two");
  fs::resize_file(scratch(), fs::file_size(scratch()) - 1);
  EXPECT_TRUE(store.stored_chunks(1).empty());
}

TEST_F(Scratch, OfASourceIsMerged) {
  {
    auto a = open("a.db"), b = open("b.db");
    a.write(chunk(0, {"a0", "a0+"}));
    b.write(chunk(1, {"b1", "b1+"}));
    b.write(chunk(2, {"b2"}));
  }
  store::merge(file("a.db"), {file("b.db")});
  auto store = store::Store::open(file("a.db"));
  EXPECT_EQ(store.chunk_piece(1, {0, 1}, 1), "a0+");
  EXPECT_EQ(store.chunk_piece(1, {1, 1}, 1), "b1+");
  EXPECT_EQ(store.chunk_piece(1, {2, 1}, 0), "b2");
}

TEST_F(Scratch, ThatASourceLostIsNotMerged) {
  {
    auto a = open("a.db"), b = open("b.db");
    b.write(chunk(1, {"b1"}));
  }
  fs::remove(scratch("b.db"));
  store::merge(file("a.db"), {file("b.db")});
  auto store = store::Store::open(file("a.db"));
  EXPECT_TRUE(store.stored_chunks(1).empty());
  EXPECT_EQ(store.stored_replicates(1), std::vector<std::uint64_t>{1});
}

// Rows that somebody made up.
TEST_F(Scratch, IsNotReadWhereARowLies) {
  open().write(chunk(0, {"one"}));
  for (const auto* row : {"bytes_at = 9223372036854775807", "size = 9223372036854775807",
                          "size = 1", "bytes_at = 1, size = 4", "hash = 0"}) {
    fs::copy_file(file(), file("b.db"), fs::copy_options::overwrite_existing);
    fs::copy_file(scratch(), scratch("b.db"), fs::copy_options::overwrite_existing);
    SQLite::Database(file("b.db"), SQLite::OPEN_READWRITE)
        .exec(std::string("UPDATE chunks SET ") + row);
    EXPECT_TRUE(store::Store::open(file("b.db")).stored_chunks(1).empty()) << row;
  }
}

}  // namespace
}  // namespace descent
