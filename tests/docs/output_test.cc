// SPDX-License-Identifier: MIT
// The comparison by which the pages are tested: what it lets pass and what it finds.
#include "docs/output.h"

#include <gtest/gtest.h>

namespace descent::docs {
namespace {

TEST(ShownOutput, MayDifferInTimesDigitsAndWidths) {
  EXPECT_TRUE(agrees({"100 trained in 0.32 s (100 done)"}, {"100 trained in 1.07 s (100 done)"}));
  EXPECT_TRUE(agrees({"  lr    loss", "----  ------", " 0.1  0.7072"},
                     {"  lr     loss", "----  -------", " 0.1  0.70724", ""}) == false);
  EXPECT_TRUE(agrees({"  lr    loss", "----  ------", " 0.1  0.7072"},
                     {"  lr     loss", "----  -------", " 0.1  0.70724   "}));
  EXPECT_TRUE(agrees({"estimated time: 0.3 s"}, {"estimated time: less than 0.1 s"}));
  EXPECT_TRUE(agrees({"1.3e-07"}, {"2.6e-07"}));
}

TEST(ShownOutput, MayNotDifferInCountsWordsAndFigures) {
  EXPECT_FALSE(agrees({"100 runs"}, {"99 runs"}));
  EXPECT_FALSE(agrees({"sgd done"}, {"sgd failed"}));
  EXPECT_FALSE(agrees({"loss 0.70"}, {"loss 0.72"}));
  EXPECT_FALSE(agrees({"one line"}, {"one line", "another"}));
  EXPECT_FALSE(agrees({"one line", "another"}, {"one line"}));
}

TEST(ShownOutput, ElidesLinesAndText) {
  EXPECT_TRUE(agrees({"first", "...", "last"}, {"first", "a", "b", "last"}));
  EXPECT_TRUE(agrees({"first", "...", "last"}, {"first", "last"}));
  EXPECT_FALSE(agrees({"first", "...", "last"}, {"first", "a", "b"}));
  EXPECT_TRUE(agrees({".../plugins/adam.so"}, {"/opt/descent/plugins/adam.so"}));
  EXPECT_FALSE(agrees({".../plugins/adam.so"}, {"/opt/descent/plugins/lion.so"}));
}

TEST(ShownOutput, KeepsItsElisionWhenUpdated) {
  EXPECT_EQ(updated({"first", "...", "last"}, {"1", "2", "3", "4  "}), Lines({"1", "...", "4"}));
  EXPECT_EQ(updated({"old"}, {"1", "2"}), Lines({"1", "2"}));
}

TEST(Page, GivesBlocksWithTheirNotesAndCommandsWithTheirOutput) {
  const Lines page{"text", "<!-- exit: 2 -->", "```console", "$ a \\", "  b", "out", "```"};
  const auto blocks = blocks_of(page);
  ASSERT_EQ(blocks.size(), 1u);
  EXPECT_EQ(blocks[0].language, "console");
  EXPECT_EQ(noted(blocks[0], "exit"), "2");
  const auto steps = steps_of(blocks[0]);
  ASSERT_EQ(steps.size(), 1u);
  EXPECT_EQ(steps[0].command, Lines({"a \\", "  b"}));
  EXPECT_EQ(steps[0].output, Lines({"out"}));
  EXPECT_EQ(lines_of(steps), blocks[0].lines);
}

TEST(Page, CompletesASnippetByTheKeysItLacks) {
  EXPECT_EQ(completed({"loss: l1"}, {"experiment: a", "loss: mse", "train:", "  epochs: 1"}),
            "loss: l1\nexperiment: a\ntrain:\n  epochs: 1\n");
}

}  // namespace
}  // namespace descent::docs
