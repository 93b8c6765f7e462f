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
      Reader::open(path, 0.05);
    else
      Store::open(path, 0.05);
  } catch (const StoreError& error) {
    return error.what();
  }
  return "was opened";
}

void change(const std::string& path, const std::string& sql) {
  SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
}

TEST_F(Opening, MakesAStoreInWalMode) {
  Store::open(file());
  SQLite::Database database(file());
  EXPECT_EQ(database.execAndGet("PRAGMA journal_mode").getString(), "wal");
  EXPECT_EQ(integer(database, "PRAGMA user_version"), schema_version);
  EXPECT_EQ(integer(database, "PRAGMA application_id"), application_id);
}

TEST_F(Opening, TakesAnEmptyFileForANewStore) {
  std::ofstream(file()).flush();
  EXPECT_THAT(refusal(file(), true), HasSubstr("results.db: error: holds nothing yet"));
  Store::open(file());
  EXPECT_EQ(refusal(file(), true), "was opened");
}

TEST_F(Opening, TakesOddNamesForFiles) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  for (const auto* name : {":memory:", "file:a.db?mode=memory", "100% #1.db"}) {
    { Store::open(name).register_experiment(experiment_record()); }
    EXPECT_TRUE(std::filesystem::exists(file(name))) << name;
    EXPECT_EQ(query(name, "SELECT name FROM experiments", Format::csv), "name\r\nrate-sweep\r\n");
  }
  std::filesystem::current_path(before);
}

TEST_F(Opening, RefusesASchemaItDoesNotKnow) {
  Store::open(file());
  for (const auto& version :
       std::vector<std::string>{"0", std::to_string(schema_version + 1), "99"}) {
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
  EXPECT_EQ(integer(database, "SELECT count(*) FROM sqlite_schema"), 1) << "it is left as it was";
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
  Store::open(file());
  SQLite::Database other(file(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  auto store = Store::open(file(), 0.05);
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
      auto store = Store::open(file());
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
  EXPECT_EQ(query(file(), "SELECT count(*) AS n FROM runs", Format::csv), "n\r\n40\r\n");
}

// As a run leaves it that was killed; without the log the store would be empty, or old.
class ReadOnlyWithLog : public ReadOnly {
 protected:
  void SetUp() override {
    {
      auto store = Store::open(file("live.db"));
      store_sweep(store);
      for (const std::string end : {"", "-wal"})
        std::filesystem::copy_file(file("live.db") + end, file() + end);
    }
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0555));
  }
};

TEST_F(ReadOnlyWithLog, IsNotReadWithoutIt) {
  try {
    query(file(), "SELECT count(*) FROM runs", Format::csv);
    FAIL() << "was read";
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), HasSubstr("results.db-wal', which cannot be read in a folder"));
  }
}

TEST_F(Opening, MigratesAnOlderStoreWholeAndRemakesItsViews) {
  {
    auto store = Store::open(file());
    store_sweep(store);
  }
  SQLite::Database database(file(), SQLite::OPEN_READWRITE);
  const std::vector<Migration> steps = {
      {schema_version, "ALTER TABLE experiments ADD COLUMN author TEXT NOT NULL DEFAULT ''"},
      {schema_version + 1, "ALTER TABLE experiments RENAME COLUMN author TO authors"}};
  migrate(database, steps, schema_version + 2);
  EXPECT_EQ(integer(database, "PRAGMA user_version"), schema_version + 2);
  EXPECT_EQ(integer(database, "SELECT count(*) FROM experiments WHERE authors = ''"), 1);
  EXPECT_EQ(integer(database, "SELECT sum(runs) FROM rate_sweep"), 40);
  migrate(database, steps,
          schema_version + 2);  // nothing is left to do; a second ADD COLUMN would throw
}

// They had these names before there were views of them, and one of them the next best, too.
TEST_F(Opening, MakesRoomForNewViews) {
  {
    auto store = Store::open(file());
    store.register_experiment(experiment_record("one"));
    store.register_experiment(experiment_record("two"));
  }
  {
    SQLite::Database database(file(), SQLite::OPEN_READWRITE);
    database.exec(
        "UPDATE experiments SET name = 'scores', view_name = 'scores' WHERE name = 'one';"
        "UPDATE experiments SET name = 'experiment-scores', view_name = 'experiment_scores' "
        "WHERE name = 'two';");
    migrate(database, {{schema_version, ""}}, schema_version + 1);
  }
  change(file(), "PRAGMA user_version = " + std::to_string(schema_version));
  EXPECT_EQ(query(file(), "SELECT view_name FROM experiments ORDER BY experiment_id", Format::csv),
            "view_name\r\nexperiment_experiment_scores\r\nexperiment_scores\r\n");
}

TEST_F(Opening, StartsAMigrationAtTheStoresOwnVersion) {
  Store::open(file());
  SQLite::Database database(file(), SQLite::OPEN_READWRITE);
  const int next = schema_version + 1;
  database.exec("PRAGMA user_version = " + std::to_string(next));
  migrate(database, {{schema_version, "DROP TABLE runs"}, {next, "CREATE TABLE notes (text)"}},
          next + 1);
  EXPECT_EQ(integer(database, "SELECT count(*) FROM notes"), 0);
  EXPECT_EQ(integer(database, "SELECT count(*) FROM runs"), 0);
}

TEST_F(Opening, LeavesAStoreAsItWasWhenAMigrationFails) {
  {
    auto store = Store::open(file());
    store_sweep(store);
  }
  const auto before = dump(file());
  {
    SQLite::Database database(file(), SQLite::OPEN_READWRITE);
    EXPECT_THROW(migrate(database,
                         {{schema_version, "DROP TABLE weights"},
                          {schema_version + 1, "DROP TABLE no_such"}},
                         schema_version + 2),
                 SQLite::Exception);
    EXPECT_EQ(integer(database, "PRAGMA user_version"), schema_version);
  }
  EXPECT_EQ(dump(file()), before);
}

}  // namespace
}  // namespace descent
