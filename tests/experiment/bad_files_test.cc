// SPDX-License-Identifier: MIT
// Files that are no experiments, by accident or by malice: each is reported with the reason, before
// the time limit of the test.
#include <fcntl.h>
#include <sys/stat.h>

#include "experiment/support.h"
#include "plain_user.h"

namespace descent::testing {
namespace {

std::string repeated(const std::string& part, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += part;
  return all;
}

class BadFiles : public ExperimentFile {
 protected:
  // Why a file is refused.
  std::string refused(const std::string& file) {
    try {
      experiment::Experiment::read(file, {}, catalog_);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(BadFiles, AliasesThatMultiply) {
  std::string bomb = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
  for (int i = 1; i < 60; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before +
            repeated(", " + before, 9) + "]\n";
  }
  EXPECT_EQ(problems(bomb), Texts{"6:5: has more than 1000000 values after aliases are expanded"});
}

TEST_F(BadFiles, MergesThatMultiply) {
  std::string bomb = "x-a: &a {";
  for (int i = 0; i < 5000; ++i) bomb += "k" + std::to_string(i) + ": 1, ";
  bomb += "}\nx-b: [" + repeated("{<<: *a}, ", 5000) + "]\n";
  EXPECT_EQ(problems(bomb + text()),
            Texts{"2:6: has more than 1000000 values after aliases are expanded"});
}

TEST_F(BadFiles, NestingWithoutEnd) {
  for (const std::string part : {"[", "{a: ", "- ", "? ", "[{a: [", "{? ["}) {
    const auto all = problems(repeated(part, 100'000));
    ASSERT_EQ(all.size(), 1u) << part;
    EXPECT_TRUE(all[0].ends_with(": values are nested more than 100 levels deep")) << all[0];
  }
  EXPECT_EQ(problems("x-a: " + repeated("[", 98) + "1" + repeated("]", 98) + "\n" + text()),
            Texts{});
  EXPECT_EQ(problems("x-a: " + repeated("[", 100) + "1" + repeated("]", 100) + "\n" + text()),
            Texts{"1:105: values are nested more than 100 levels deep"});
  const auto set = problems(text(), {"train=" + repeated("[", 100'000)});
  ASSERT_EQ(set.size(), 1u);
  EXPECT_TRUE(set[0].ends_with(": values are nested more than 100 levels deep"));
}

// Each alias is one level deeper than what it names.
TEST_F(BadFiles, NestingByAliases) {
  std::string file = "- &a0 [1]\n";
  for (int i = 1; i < 50'000; ++i)
    file += "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  EXPECT_EQ(problems(file), Texts{"100:3: values are nested more than 100 levels deep"});
}

TEST_F(BadFiles, AnAliasOfWhatItStandsIn) {
  EXPECT_EQ(problems("x-a: &a {b: *a}\n" + text()),
            Texts{"1:13: an alias is inside the node that it refers to"});
  EXPECT_EQ(problems("x-a: &a {<<: *a}\n" + text()).front(),
            "1:14: an alias is inside the node that it refers to");
  EXPECT_EQ(problems("seed: *nowhere\n"),
            Texts{"1:7: this is not YAML: a '*' begins the name of an anchor, and none of this "
                  "name is defined; put text that begins with '*' in quotes"});
}

TEST_F(BadFiles, MoreThanAnExperimentHolds) {
  const auto file = write("large.yaml", "description: " + std::string(50'000'000, 'x') + "\n");
  EXPECT_EQ(refused(file), file +
                               ": error: has 50000014 bytes; an experiment file has at most "
                               "4194304: name large data by `path`");
  write("part.yaml", "description: " + std::string(4'100'000, 'x') + "\n");
  EXPECT_EQ(problems("include: [part.yaml, part.yaml]\n" + text()).size(), 1u);
}

TEST_F(BadFiles, KeysWithoutEnd) {
  std::string file = text();
  for (int i = 0; i < 20'000; ++i) file += "k" + std::to_string(i) + ": 1\n";
  const auto all = problems(file);
  ASSERT_EQ(all.size(), 1001u);
  EXPECT_EQ(all.back(), "file: has 19000 more problems");
}

TEST_F(BadFiles, TextThatIsNotUtf8) {
  EXPECT_EQ(problems(text() + "description: caf\xe9\n"),
            Texts{"7:17: the byte 0xe9 is not UTF-8; save the file as UTF-8"});
  for (const std::string wrong :
       {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xe2\x82"})
    EXPECT_EQ(problems("description: " + wrong + "\n").size(), 1u);
  EXPECT_EQ(read("description: \xe2\x82\xac \xf0\x9f\x99\x82 caf\xc3\xa9\n" + text()).description(),
            "\xe2\x82\xac \xf0\x9f\x99\x82 caf\xc3\xa9");
  EXPECT_EQ(problems(text(), {"description=\xff"}),
            Texts{"--set description=\xff: the byte 0xff is not UTF-8; save the file as UTF-8"});
}

TEST_F(BadFiles, BytesThatAreNoText) {
  using namespace std::string_literals;
  EXPECT_EQ(problems("experiment: a\0b\n"s + text()),
            Texts{"1:14: the control character 0x00 is not allowed in a text file; is it UTF-16, "
                  "or not text at all?"});
  EXPECT_EQ(problems("a: \x1b[31m\n"),
            Texts{"1:4: the control character 0x1b is not allowed in a text file"});
  EXPECT_EQ(problems("\xff\xfe" + "e\0x\0"s),
            Texts{"1:1: the byte 0xff is not UTF-8; save the file "
                  "as UTF-8"});
}

TEST_F(BadFiles, OtherEditorsMarksAreUnderstood) {
  const auto plain = resolved(text());
  EXPECT_EQ(resolved("\xef\xbb\xbf" + text()), plain);
  std::string dos;
  for (const char c : text()) dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(resolved(dos), plain);
  EXPECT_EQ(read(dos).name(), "small");
  EXPECT_EQ(problems("\xef\xbb\xbfseed: x\n").back().substr(0, 4), "1:7:");
}

TEST_F(BadFiles, NothingAtAll) {
  const std::string empty = "is empty; an experiment starts with `experiment: NAME`";
  for (const std::string nothing : {"", "\n\n", "   ", "# a comment\n", "---\n", "\xef\xbb\xbf"})
    EXPECT_EQ(problems(nothing), Texts{"file: " + empty}) << nothing;
  EXPECT_EQ(refused("/dev/null"),
            "/dev/null: error: is a pipe or a device; an experiment must be a file that can be "
            "read again");
}

TEST_F(BadFiles, WhatIsNoFile) {
  EXPECT_EQ(refused(folder_.string()), folder_.string() + ": error: is a folder, not a file");
  const std::string why =
      ": error: is a pipe or a device; an experiment must be a file that can be read again";
  EXPECT_EQ(refused("/dev/zero"), "/dev/zero" + why);
  const auto pipe = (folder_ / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(refused(pipe), pipe + why);
  EXPECT_EQ(problems("include: pipe\n" + text()),
            Texts{"1:10: include: '" + pipe +
                  "' is a pipe or a device; an experiment must be a file that can be read again"});
  const auto locked = write("locked.yaml", text());
  ::chmod(locked.c_str(), 0);
  const PlainUser user;
  EXPECT_EQ(refused(locked), locked + ": error: cannot be read: Permission denied");
}

TEST_F(BadFiles, PointsWithoutEnd) {
  EXPECT_EQ(problems({{"seed", "{linspace: [1, 1000000, 1000000]}"},
                      {"optimizer", "{sgd: {lr: {linspace: [0, 1, 1000000]}}}"}}),
            Texts{"file: the grid has 10^12 points or more"});
}

}  // namespace
}  // namespace descent::testing
