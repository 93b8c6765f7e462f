// SPDX-License-Identifier: MIT
// Damaged, locked and read-only stores: an error that says what to do, and never a crash.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <random>

#include "fixture.h"
#include "store/database.h"
#include "store/dump.h"
#include "store/merge.h"

namespace descent {
namespace {

using testing::HasSubstr;

class Damage : public StoreTest {
 protected:
  Damage() {
    {
      auto store = store::Store::open(file("whole.db"));
      store_sweep(store);
    }
    std::ifstream whole(file("whole.db"), std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(whole), {});
  }

  void place(const std::string& bytes) const {
    for (const auto* end : {"", "-wal", "-shm"})
      for (const auto& path : {file(), file("merged.db")}) std::filesystem::remove(path + end);
    std::ofstream(file(), std::ios::binary) << bytes;
  }

  // What each way of using the store makes of it: refused with an Error that names it, or not.
  enum class Noticed { nowhere, somewhere };
  Noticed use() const {
    auto noticed = Noticed::nowhere;
    const auto attempt = [&](auto&& f) {
      try {
        f();
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("error: "));
        last_ = error.what();
        noticed = Noticed::somewhere;
      }
    };
    attempt([&] { store::query(file(), "SELECT * FROM results", store::Format::json); });
    attempt([&] {
      store::query(file(), "SELECT count(*), sum(value) FROM curves", store::Format::csv);
    });
    attempt([&] {
      auto store = store::Store::open(file());
      const auto id = store.register_experiment(experiment_record());
      store.stored_chunks(store.add_point(point_record(id, 0)));
    });
    attempt([&] { store::merge(file("merged.db"), {file()}); });
    attempt([&] { store::dump(file()); });
    return noticed;
  }

  // Every flipped bit is reported by some use, or changes a value that nothing can verify.
  void flip(int times, unsigned seed) {
    std::mt19937_64 random(seed);
    int refused = 0, passed = 0;
    for (int i = 0; i < times; ++i) {
      auto bytes = bytes_;
      bytes[random() % bytes.size()] ^= char(1 << random() % 8);
      place(bytes);
      use() == Noticed::somewhere ? ++refused : ++passed;
    }
    EXPECT_GT(refused, 0);
    EXPECT_GT(passed, 0);
    std::cout << refused << " of " << times << " flipped bits were reported, " << passed
              << " were in values\n";
  }

  std::string bytes_;
  mutable std::string last_;  // the last message
};

TEST_F(Damage, IsNotSeenWhereThereIsNone) {
  place(bytes_);
  EXPECT_EQ(use(), Noticed::nowhere) << last_;
}

TEST_F(Damage, OfAnyBitIsAnErrorOrHarmless) { flip(60, 11); }

using DamageSlow = Damage;
TEST_F(DamageSlow, OfThreeHundredBits) { flip(300, 14); }

using DamageExhaustive = Damage;
TEST_F(DamageExhaustive, OfAThousandBits) { flip(1000, 13); }

// Of pages, headers, cells and trees nothing can be changed unnoticed.
TEST_F(Damage, OfAWholePageIsReported) {
  std::mt19937_64 random(12);
  constexpr std::size_t page = 4096;
  const auto pages = bytes_.size() / page;
  for (std::size_t i = 1; i < pages; i += 1 + pages / 20) {
    auto bytes = bytes_;
    for (std::size_t k = 0; k < page; ++k) bytes[i * page + k] = char(random());
    place(bytes);
    EXPECT_EQ(use(), Noticed::somewhere) << "page " << i;
  }
}

TEST_F(Damage, ByTruncationIsReported) {
  for (std::size_t size = 1; size < bytes_.size(); size += 1 + bytes_.size() / 40) {
    place(bytes_.substr(0, size));
    EXPECT_EQ(use(), Noticed::somewhere) << size << " bytes";
  }
}

TEST_F(Damage, IsReportedWithTheFile) {
  place(bytes_.substr(0, bytes_.size() / 2));
  try {
    store::Store::open(file());
    FAIL() << "was opened";
  } catch (const StoreError& error) {
    EXPECT_THAT(error.what(), HasSubstr("results.db: error: is damaged"));
    EXPECT_THAT(error.what(), HasSubstr(".recover"));
  }
}

TEST_F(Damage, CanBeChecked) {
  EXPECT_EQ(store::query(file("whole.db"), "PRAGMA integrity_check", store::Format::csv),
            "integrity_check\r\nok\r\n");
}

TEST_F(Damage, IsNotWhatAForeignStoreMayBring) {
  const auto refusal = [&](const std::string& sql) -> std::string {
    place(bytes_);
    {
      SQLite::Database foreign(file(), SQLite::OPEN_READWRITE);
      foreign.exec("PRAGMA ignore_check_constraints = ON");
      foreign.exec(sql);
    }
    std::filesystem::remove(file("merged.db"));
    store::Store::open(file("merged.db"));
    const auto before = store::dump(file("merged.db"));
    try {
      store::merge(file("merged.db"), {file()});
    } catch (const StoreError& error) {
      EXPECT_EQ(store::dump(file("merged.db")), before);
      return error.what();
    }
    return "was merged";
  };
  EXPECT_THAT(refusal("UPDATE experiments SET swept = '[1'"), HasSubstr("results.db: error: "));
  EXPECT_THAT(refusal("UPDATE experiments SET swept = '[1]'"), HasSubstr("results.db: error: "));
  EXPECT_THAT(refusal("DROP TABLE effects"), HasSubstr("its table 'effects' is missing"));
  EXPECT_THAT(refusal("DROP TABLE weights; CREATE VIEW weights AS SELECT 1 AS run_id, 'w' AS name, "
                      "0 AS row, 0 AS col, 1.0 AS value"),
              HasSubstr("its table 'weights' is missing or has another definition"));
  EXPECT_THAT(refusal("UPDATE points SET replicates = -5"), HasSubstr("results.db: error: "));
}

using Held = StoreTest;

TEST_F(Held, ByAnotherProcessIsReportedWithItsNumber) {
  { store::Store::open(file()); }
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const auto holder = fork();
  if (holder == 0) {
    SQLite::Database database(file(), SQLite::OPEN_READWRITE);
    database.exec("BEGIN EXCLUSIVE");
    if (write(ready[1], "r", 1) != 1) _exit(1);
    for (;;) pause();
  }
  char byte;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  std::string message;
  try {
    store::Store::open(file(), 0.05).register_experiment(experiment_record());
  } catch (const StoreError& error) {
    message = error.what();
  }
  kill(holder, SIGKILL);
  waitpid(holder, nullptr, 0);
  EXPECT_THAT(message, HasSubstr("results.db: error: is locked by another process"));
  if (message.find("(process ") != message.npos) {  // where the system tells who
    EXPECT_THAT(message, HasSubstr("(process " + std::to_string(holder)));
  }
  store::Store::open(file(), 0.05).register_experiment(experiment_record());
  close(ready[0]);
  close(ready[1]);
}

TEST_F(Held, DurableIsPassedToSqlite) {
  const auto synchronous = [&](bool durable) {
    store::StoreOptions options;
    options.durable = durable;
    auto database = store::open_for_writing(file(), options);
    return store::integer(database, "PRAGMA synchronous");
  };
  EXPECT_EQ(synchronous(false), 1) << "NORMAL";
  EXPECT_EQ(synchronous(true), 2) << "FULL";
}

}  // namespace
}  // namespace descent
