// SPDX-License-Identifier: MIT
// A store that somebody else made: names that no run writes are not merged, and nothing in it
// commands a terminal.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include "store/fixture.h"
#include "store/merge.h"

namespace descent {
namespace {

using testing::HasSubstr;
using testing::Not;

class ForeignStore : public StoreTest {
 protected:
  ForeignStore() {
    auto store = store::Store::open(file("whole.db"));
    store_sweep(store);
    store.begin_invocation({{"command", "descent run"}});
  }

  // The store with a change made by other means; the checks of its tables are switched off.
  std::string changed(const std::string& sql) const {
    for (const auto* end : {"", "-wal", "-shm"}) std::filesystem::remove(file("b.db") + end);
    std::filesystem::copy_file(file("whole.db"), file("b.db"));
    SQLite::Database database(file("b.db"), SQLite::OPEN_READWRITE);
    database.exec("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; " + sql);
    return file("b.db");
  }
};

TEST_F(ForeignStore, WithImpossibleNamesIsNotMerged) {
  const std::string escape = "char(27)||'[31mred'";
  for (const auto& change : std::vector<std::string>{
           "experiments SET name = 'a'||" + escape, "experiments SET name = 'Upper'",
           "experiments SET name = ''", "experiments SET name = 'it''s'",
           "experiments SET swept = json_array('optimizer', 'a'||" + escape + ")",
           "plugins SET name = name||" + escape, "plugins SET kind = kind||" + escape,
           "inputs SET name = name||" + escape, "weights SET name = name||" + escape,
           "bias_variance SET metric = metric||" + escape,
           "points SET primary_metric = primary_metric||" + escape,
           "points SET content_hash = content_hash||" + escape,
           "provenance SET key = key||" + escape}) {
    const auto source = changed("UPDATE " + change);
    try {
      store::merge(file("a.db"), {source});
      ADD_FAILURE() << "was merged: " << change;
    } catch (const StoreError& error) {
      EXPECT_THAT(error.what(), HasSubstr("b.db: error: ")) << change;
      EXPECT_THAT(error.what(), HasSubstr("nothing of it was merged")) << change;
      EXPECT_THAT(error.what(), Not(HasSubstr("\x1b"))) << change;
    }
    EXPECT_EQ(csv(file("a.db"), "SELECT count(*) FROM experiments"), "0\n") << change;
  }
}

TEST_F(ForeignStore, WithFreeTextThatIsOddIsMerged) {
  store::merge(file("a.db"), {changed("UPDATE runs SET reason = char(27)||']0;owned'||char(7)")});
  EXPECT_EQ(csv(file("a.db"), "SELECT count(*) FROM runs"), "40\n");
}

TEST_F(ForeignStore, CommandsNoTerminal) {
  const auto source = changed(
      "UPDATE runs SET reason = "
      "char(27)||']0;'||char(7)||char(0x9b)||'31m'||char(0x85)||char(0x7f)||char(0x202e)");
  for (const auto format :
       {store::Format::table, store::Format::markdown, store::Format::latex, store::Format::json}) {
    const auto text =
        store::query(source, "SELECT reason, 1 AS \"a\x1b[1m\u009b\" FROM runs LIMIT 1", format);
    for (const auto* raw : {"\x1b", "\x07", "\u009b", "\u0085", "\x7f", "\u202e"})
      EXPECT_THAT(text, Not(HasSubstr(raw)));
  }
}

TEST_F(ForeignStore, GivesProgramsItsTextAsItIs) {
  const auto source = changed("UPDATE runs SET reason = char(27)||char(0x9b)||'\"é\x7f'");
  const std::string sql = "SELECT reason FROM runs LIMIT 1", reason = "\x1b\u009b\"é\x7f";
  EXPECT_EQ(nlohmann::json::parse(store::query(source, sql, store::Format::json))[0]["reason"],
            reason);
  EXPECT_EQ(csv(source, sql), "\"\x1b\u009b\"\"é\x7f\"\n") << "RFC 4180 has no other escapes";
}

}  // namespace
}  // namespace descent
