// SPDX-License-Identifier: MIT
// What an optimizer notes under names of its own is in the view curves.
#include "engine/laboratory.h"
#include "store/merge.h"

namespace descent {
namespace {

class Notes : public Laboratory {
 protected:
  static std::string line(const std::string& optimizer, const std::string& rest = "") {
    return "experiment: noted\nseed: 1\n"
           "data: {synthetic: {function: 2*x + 1, x: {uniform: [0, 1]}, train: 32, test: 8}}\n"
           "model: {layers: [{linear: auto}]}\n"
           "loss: mse\ntrain: {epochs: 10, batch: 8}\nreplicates: 2\noptimizer: " +
           optimizer + "\n" + rest;
  }
};

// 4 steps an epoch; the last note of a step is that of the step.
TEST_F(Notes, AreInTheCurvesAtRecordedEpochs) {
  EXPECT_TRUE(run(line("notes_steps", "record: {every: 5}\n"), "a.db").all_done());
  const auto rows = ask("a.db",
                        "SELECT epoch, value, step FROM curves WHERE metric = 'optimizer.t' AND "
                        "run_id % 1000000 = 1 ORDER BY epoch");
  ASSERT_EQ(rows.size(), 2u) << "before the first step there is no note";
  EXPECT_EQ(number("a.db", "SELECT value FROM curves WHERE metric = 'optimizer.t' AND epoch = 5"),
            20);
  EXPECT_EQ(
      number("a.db", "SELECT count(*) FROM curves WHERE metric = 'optimizer.t' AND value = step"),
      4);
  EXPECT_EQ(number("a.db",
                   "SELECT count(*) FROM curves WHERE metric = 'optimizer.nothing' AND value IS "
                   "NULL"),
            4)
      << "no number is NULL";
}

TEST_F(Notes, AreNotTakenBetweenEpochs) {
  EXPECT_TRUE(run(line("notes_steps", "record: {every: {steps: 2}}\n"), "a.db").all_done());
  EXPECT_GT(number("a.db", "SELECT count(*) FROM step_rows"), 0);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM notes WHERE name = 't' AND value <> 4 * epoch"),
            0);
}

TEST_F(Notes, AreTheSameWhateverTheWorkersAndInAMerge) {
  const auto text = line("notes_steps");
  run(text, "one.db", 1);
  run(text, "two.db", 2);
  EXPECT_EQ(store::dump(path("one.db")), store::dump(path("two.db")));
  store::merge(path("merged.db"), {path("one.db")}, {});
  EXPECT_GT(number("one.db", "SELECT count(*) FROM notes WHERE name = 't'"), 0);
  EXPECT_EQ(number("merged.db", "SELECT count(*) FROM notes"),
            number("one.db", "SELECT count(*) FROM notes"));
}

TEST_F(Notes, AreForgottenWithTheirRuns) {
  const auto text = line("notes_steps");
  run(text, "a.db");
  const auto before = number("a.db", "SELECT count(*) FROM notes");
  run(text, "a.db", 2, true);
  EXPECT_EQ(number("a.db", "SELECT count(*) FROM notes"), before);
}

// The wrapped rule notes through the wrapper.
TEST_F(Notes, OfAWrappedOptimizerAreStored) {
  EXPECT_TRUE(run(line("{lookahead: {base: notes_steps}}"), "a.db").all_done());
  EXPECT_EQ(number("a.db", "SELECT max(value) FROM curves WHERE metric = 'optimizer.t'"), 40);
}

}  // namespace
}  // namespace descent
