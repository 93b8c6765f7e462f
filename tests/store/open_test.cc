// SPDX-License-Identifier: MIT
// Files that are not what they should be: every one a StoreError that says what to do.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include <fstream>

#include "fixture.h"
#include "plain_user.h"
#include "store/database.h"
#include "store/dump.h"
#include "store/migration.h"
#include "store/query.h"

namespace descent {
namespace {

using testing::HasSubstr;
using Opening = StoreTest;

std::string refusal(const std::string& path, bool reading = false) {
  try {
    if (reading)
      store::Reader::open(path, 0.05);
    else
      store::Store::open(path, 0.05);
  } catch (const StoreError& error) {
    return error.what();
  }
  return "was opened";
}

void change(const std::string& path, const std::string& sql) {
  SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
}

TEST_F(Opening, MakesAStoreInWalMode) {
  store::Store::open(file());
  SQLite::Database database(file());
  EXPECT_EQ(database.execAndGet("PRAGMA journal_mode").getString(), "wal");
  EXPECT_EQ(store::integer(database, "PRAGMA user_version"), store::schema_version);
  EXPECT_EQ(store::integer(database, "PRAGMA application_id"), store::application_id);
}

TEST_F(Opening, TakesAnEmptyFileForANewStore) {
  std::ofstream(file()).flush();
  EXPECT_THAT(refusal(file(), true), HasSubstr("results.db: error: holds nothing yet"));
  store::Store::open(file());
  EXPECT_EQ(refusal(file(), true), "was opened");
}

TEST_F(Opening, TakesOddNamesForFiles) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  for (const auto* name : {":memory:", "file:a.db?mode=memory", "100% #1.db"}) {
    { store::Store::open(name).register_experiment(experiment_record()); }
    EXPECT_TRUE(std::filesystem::exists(file(name))) << name;
    EXPECT_EQ(store::query(name, "SELECT name FROM experiments", store::Format::csv),
              "name\r\nrate-sweep\r\n");
  }
  std::filesystem::current_path(before);
}

TEST_F(Opening, RefusesASchemaItDoesNotKnow) {
  store::Store::open(file());
  for (const auto& version :
       std::vector<std::string>{"0", std::to_string(store::schema_version + 1), "99"}) {
    change(file(), "PRAGMA user_version = " + version);
    EXPECT_THAT(refusal(file()), HasSubstr("results.db: error: has schema version " + version));
    EXPECT_THAT(refusal(file(), true), HasSubstr("use the descent that made it"));
  }
}

TEST_F(Opening, RefusesGarbage) {
  std::ofstream(file()) << std::string(4096, 'x');
  EXPECT_THAT(refusal(file()), HasSubstr("results.db: error: is not a store"));
  EXPECT_THAT(refusal(file(), true), HasSubstr("is not a store"));
}

TEST_F(Opening, RefusesAnotherProgramsDatabase) {
  change(file(), "CREATE TABLE songs (title)");
  EXPECT_THAT(refusal(file()), HasSubstr("not a store of descent"));
  EXPECT_THAT(refusal(file(), true), HasSubstr("not a store of descent"));
  SQLite::Database database(file());
  EXPECT_EQ(store::integer(database, "SELECT count(*) FROM sqlite_schema"), 1)
      << "it is left as it was";
}

TEST_F(Opening, RefusesADirectory) {
  EXPECT_THAT(refusal(folder_.path()), HasSubstr("is a directory"));
  EXPECT_THAT(refusal(folder_.path(), true), HasSubstr("is a directory"));
}

TEST_F(Opening, RefusesAFolderThatDoesNotExist) {
  EXPECT_THAT(refusal(file("no/such/results.db")), HasSubstr("does not exist"));
  EXPECT_THAT(refusal(""), HasSubstr("needs a file name"));
}

TEST_F(Opening, DoesNotMakeAFileToRead) {
  EXPECT_THAT(refusal(file(), true), HasSubstr("does not exist"));
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(Opening, RefusesALockedStore) {
  store::Store::open(file());
  SQLite::Database other(file(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  auto store = store::Store::open(file(), 0.05);
  try {
    store.register_experiment(experiment_record());
    FAIL() << "was written";
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), HasSubstr("results.db: error: is locked by another process"));
  }
  other.exec("ROLLBACK");
  store.register_experiment(experiment_record());
}

TEST_F(Opening, RefusesToMakeAStoreThatAnotherProcessIsMaking) {
  change(file(), "PRAGMA journal_mode = WAL");
  SQLite::Database other(file(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN EXCLUSIVE");
  EXPECT_THAT(refusal(file()), HasSubstr("is locked"));
}

class ReadOnly : public StoreTest {
 protected:
  void SetUp() override {
    {
      auto store = store::Store::open(file());
      store_sweep(store);
    }
    std::filesystem::permissions(file(), std::filesystem::perms(0444));
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0555));
  }
  void TearDown() override {
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
  }

  const PlainUser user_;
};

TEST_F(ReadOnly, IsRefusedForWriting) {
  EXPECT_THAT(refusal(file()), HasSubstr("results.db: error: cannot be written"));
}

TEST_F(ReadOnly, IsReadWithoutTheHelperFilesOfWal) {
  EXPECT_EQ(store::query(file(), "SELECT count(*) AS n FROM runs", store::Format::csv),
            "n\r\n40\r\n");
}

// As a run leaves it that was killed; without the log the store would be empty, or old.
class ReadOnlyWithLog : public ReadOnly {
 protected:
  void SetUp() override {
    {
      auto store = store::Store::open(file("live.db"));
      store_sweep(store);
      for (const std::string end : {"", "-wal"})
        std::filesystem::copy_file(file("live.db") + end, file() + end);
    }
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0555));
  }
};

TEST_F(ReadOnlyWithLog, IsNotReadWithoutIt) {
  try {
    store::query(file(), "SELECT count(*) FROM runs", store::Format::csv);
    FAIL() << "was read";
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), HasSubstr("results.db-wal', which cannot be read in a folder"));
  }
}

TEST_F(Opening, MigratesAnOlderStoreWholeAndRemakesItsViews) {
  {
    auto store = store::Store::open(file());
    store_sweep(store);
  }
  SQLite::Database database(file(), SQLite::OPEN_READWRITE);
  const std::vector<store::Migration> steps = {
      {store::schema_version, "ALTER TABLE experiments ADD COLUMN author TEXT NOT NULL DEFAULT ''"},
      {store::schema_version + 1, "ALTER TABLE experiments RENAME COLUMN author TO authors"}};
  store::migrate(database, steps, store::schema_version + 2);
  EXPECT_EQ(store::integer(database, "PRAGMA user_version"), store::schema_version + 2);
  EXPECT_EQ(store::integer(database, "SELECT count(*) FROM experiments WHERE authors = ''"), 1);
  EXPECT_EQ(store::integer(database, "SELECT sum(runs) FROM rate_sweep"), 40);
  store::migrate(
      database, steps,
      store::schema_version + 2);  // nothing is left to do; a second ADD COLUMN would throw
}

// They had these names before there were views of them, and one of them the next best, too.
TEST_F(Opening, MakesRoomForNewViews) {
  {
    auto store = store::Store::open(file());
    store.register_experiment(experiment_record("one"));
    store.register_experiment(experiment_record("two"));
  }
  {
    SQLite::Database database(file(), SQLite::OPEN_READWRITE);
    database.exec(
        "UPDATE experiments SET name = 'scores', view_name = 'scores' WHERE name = 'one';"
        "UPDATE experiments SET name = 'experiment-scores', view_name = 'experiment_scores' "
        "WHERE name = 'two';");
    store::migrate(database, {{store::schema_version, ""}}, store::schema_version + 1);
  }
  change(file(), "PRAGMA user_version = " + std::to_string(store::schema_version));
  EXPECT_EQ(store::query(file(), "SELECT view_name FROM experiments ORDER BY experiment_id",
                         store::Format::csv),
            "view_name\r\nexperiment_experiment_scores\r\nexperiment_scores\r\n");
}

TEST_F(Opening, StartsAMigrationAtTheStoresOwnVersion) {
  store::Store::open(file());
  SQLite::Database database(file(), SQLite::OPEN_READWRITE);
  const int next = store::schema_version + 1;
  database.exec("PRAGMA user_version = " + std::to_string(next));
  store::migrate(
      database, {{store::schema_version, "DROP TABLE runs"}, {next, "CREATE TABLE remarks (text)"}},
      next + 1);
  EXPECT_EQ(store::integer(database, "SELECT count(*) FROM remarks"), 0);
  EXPECT_EQ(store::integer(database, "SELECT count(*) FROM runs"), 0);
}

TEST_F(Opening, LeavesAStoreAsItWasWhenAMigrationFails) {
  {
    auto store = store::Store::open(file());
    store_sweep(store);
  }
  const auto before = store::dump(file());
  {
    SQLite::Database database(file(), SQLite::OPEN_READWRITE);
    EXPECT_THROW(store::migrate(database,
                                {{store::schema_version, "DROP TABLE weights"},
                                 {store::schema_version + 1, "DROP TABLE no_such"}},
                                store::schema_version + 2),
                 SQLite::Exception);
    EXPECT_EQ(store::integer(database, "PRAGMA user_version"), store::schema_version);
  }
  EXPECT_EQ(store::dump(file()), before);
}

}  // namespace
}  // namespace descent
