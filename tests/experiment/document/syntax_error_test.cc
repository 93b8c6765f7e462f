// SPDX-License-Identifier: MIT
// Slips in YAML are reported on the line they are on, in words that say what to do.
#include "experiment/support.h"

namespace descent::testing {
namespace {

// 1 experiment, 2 data, 3 model, 4 loss; what follows begins in line 5.
std::string after_loss(const std::string& rest) {
  const auto all = text();
  return all.substr(0, all.find("optimizer:")) + rest;
}

using SyntaxErrors = ExperimentFile;

TEST_F(SyntaxErrors, NameTheLineOfAKeyWithoutAValue) {
  EXPECT_EQ(
      problems(after_loss("optimizer:\n  sgd:\n    lr:\n\n# a comment\ntrain: {epochs: 3}\n")),
      Texts{"7:5: optimizer.sgd.lr: expected a number in [0, 1000000], found nothing"});
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain:\n\n")),
            Texts{"6:1: train: expected a map of keys, found nothing"});
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain: {epochs: 3}\nseed: null\n")),
            Texts{"7:7: seed: expected a whole number >= 0, found nothing"});
}

TEST_F(SyntaxErrors, NameTheLineOfAnItemWithoutAValue) {
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain:\n  epochs: 3\nrecord:\n  decompose:\n  - "
                                "mse\n  -\n")),
            Texts{"11:3: record.decompose.1: expected none or mse or mae or nll or brier or "
                  "zero_one, found "
                  "nothing"});
}

TEST_F(SyntaxErrors, NameATabAsIndentation) {
  const std::string tab =
      "this is not YAML: a tab indents this line, which YAML forbids; indent with spaces";
  EXPECT_EQ(problems(after_loss("optimizer:\n  sgd:\n\tlr: 0.1\ntrain: {epochs: 3}\n")),
            Texts{"7:1: " + tab});
  EXPECT_EQ(problems(after_loss("optimizer:\n\tsgd:\n\t\tlr: 0.1\ntrain: {epochs: 3}\n")),
            Texts{"6:1: " + tab});
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain:\n  epochs: 3\n\tbatch: 3\n")),
            Texts{"8:1: " + tab});
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain:\n  \tepochs: 3\n  batch: 3\n")),
            Texts{"7:3: " + tab});
}

TEST_F(SyntaxErrors, NameTheLineThatIsIndentedDifferently) {
  const std::string start = "this is not YAML: this line is indented by ";
  EXPECT_EQ(problems(after_loss("optimizer:\n  sgd:\n    lr: 0.1\n   momentum: 0.9\n")),
            Texts{"8:4: " + start + "3 spaces, as no line above it is; use 0 or 2 or 4"});
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain:\n  epochs: 3\n batch: 2\nseed: 3\n")),
            Texts{"8:2: " + start + "1 space, as no line above it is; use 0 or 2"});
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain:\n epochs: 3\n  batch: 2\n")),
            Texts{"8:3: " + start +
                  "2 spaces, deeper than the line above, which already has its value; indent all "
                  "keys of a map equally"});
}

TEST_F(SyntaxErrors, NameTheLineOfAKeyWithoutItsColon) {
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain:\n  epochs 100\n  batch: 10\n")),
            Texts{"7:3: this is not YAML: a key ends with a colon, found 'epochs 100'; write "
                  "`epochs: 100`"});
  EXPECT_EQ(problems(after_loss("optimizer sgd\ntrain: {epochs: 3}\n")),
            Texts{"5:1: this is not YAML: a key ends with a colon, found 'optimizer sgd'; write "
                  "`optimizer: sgd`"});
  EXPECT_EQ(problems(after_loss("optimizer:\n  sgd\n    lr: 0.1\ntrain: {epochs: 3}\n")),
            Texts{"6:3: this is not YAML: a key ends with a colon, found 'sgd'; write `sgd:`"});
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain:\n  batch: 10\n  epochs 100\n")),
            (Texts{"7:3: train needs the key 'epochs', as in `epochs: 100`",
                   "8:3: unknown key 'epochs 100' in train; a key ends with a colon: "
                   "`epochs: 100`"}));
}

TEST_F(SyntaxErrors, SayThatAColonIsMissingBeforeABracket) {
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain {epochs: 3}\n")).back(),
            "6:1: unknown key 'train {epochs' in an experiment; a colon is missing after 'train': "
            "`train: {epochs: 3}`");
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain {epochs: 3, batch: 8}\n")),
            Texts{"6:1: this is not YAML: a colon is missing after 'train'; write `train: {epochs: "
                  "3, batch: 8}`"});
  EXPECT_EQ(problems(after_loss("optimizer {sgd: {lr: 0.1}}\ntrain: {epochs: 3}\n")),
            Texts{"5:1: this is not YAML: a colon is missing after 'optimizer'; write `optimizer: "
                  "{sgd: {lr: 0.1}}`"});
}

TEST_F(SyntaxErrors, SayThatABlankIsMissingAfterAColon) {
  EXPECT_EQ(problems(after_loss("optimizer:\n  sgd:\n    lr:0.1\ntrain: {epochs: 3}\n")),
            Texts{"7:5: optimizer.sgd: expected a map of keys, found 'lr:0.1'; a blank is missing "
                  "after the colon: `lr: 0.1`"});
  EXPECT_EQ(problems(after_loss("optimizer:\n  sgd: {lr:0.1}\ntrain: {epochs: 3}\n")),
            Texts{"6:9: unknown key 'lr:0.1' in optimizer 'sgd'; a blank is missing after the "
                  "colon: `lr: 0.1`"});
  const std::string blank = "this is not YAML: a blank is missing after the colon; write `lr: 0.1`";
  EXPECT_EQ(problems(after_loss("optimizer:\n  sgd:\n    lr:0.1\n    momentum: 0.9\n")),
            Texts{"7:5: " + blank});
  EXPECT_EQ(problems(after_loss("optimizer:\n  sgd:\n    momentum: 0.9\n    lr:0.1\n"
                                "train: {epochs: 3}\n")),
            Texts{"8:5: " + blank});
}

TEST_F(SyntaxErrors, AdviseQuotesForTextWithAColonOnly) {
  EXPECT_EQ(problems(after_loss("optimizer: sgd\ntrain: {epochs: 3}\ndescription: one: two\n")),
            Texts{"7:17: this is not YAML: a ':' is not allowed here; put text that contains "
                  "': ' in quotes"});
}

// Nothing of yaml-cpp's own words is left.
TEST_F(SyntaxErrors, OfTextThatNeedsQuotesSaySo) {
  const auto says = [&](const std::string& description, const std::string& advice) {
    const auto all = problems(after_loss("optimizer: sgd\ndescription: " + description + "\n"));
    ASSERT_FALSE(all.empty()) << description;
    EXPECT_NE(all[0].find(advice), std::string::npos) << all[0];
  };
  for (const std::string first : {"@foo", "`foo"})
    says(first, "text cannot begin with this character; put it in quotes");
  says("*x", "put text that begins with '*' in quotes");
  says("* x", "put text that begins with '*' in quotes");
  says("& x", "put text that begins with '&' in quotes");
  says("- a", "put text that begins with '-' in quotes");
  says("\"a\\qb\"", "write '\\\\', or use single quotes");
}

}  // namespace
}  // namespace descent::testing
