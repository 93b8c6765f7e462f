// SPDX-License-Identifier: MIT
// What the program says of itself, and of words it does not know.
#include <cstdio>

#include "cli/desk.h"

namespace descent {
namespace {

using Help = Desk;

const std::vector<std::string> commands{"run",    "plan",    "sql",     "show",    "report",
                                        "plot",   "export",  "compare", "plugins", "merge",
                                        "schema", "predict", "model"};

TEST_F(Help, NamesEveryCommandAndEveryExitCode) {
  for (const std::string option : {"--help", "-h", "help"}) {
    const auto result = descent({option});
    EXPECT_EQ(result.code, 0);
    EXPECT_EQ(result.err, "");
    for (const auto& command : commands) EXPECT_TRUE(contains(result.out, "\n  " + command + " "));
    for (const std::string code : {"0 all done", "1 some runs", "2 usage", "3 store error", "130"})
      EXPECT_TRUE(contains(result.out, code)) << code;
    EXPECT_TRUE(contains(result.out, "example:"));
  }
}

TEST_F(Help, OfEveryCommandHasUsageAndAnExampleThatNamesIt) {
  for (const auto& command : commands)
    for (const std::string option : {"--help", "-h"}) {
      SCOPED_TRACE(command);
      const auto result = descent({command, option});
      EXPECT_EQ(result.code, 0);
      EXPECT_EQ(result.err, "");
      EXPECT_TRUE(result.out.starts_with("usage: descent " + command));
      EXPECT_TRUE(contains(result.out, "example:\n  descent " + command)) << result.out;
      EXPECT_TRUE(contains(result.out, "--help"));
    }
}

TEST_F(Help, ComesBeforeAnythingIsRead) {
  EXPECT_EQ(descent({"run", "absent.yaml", "--help"}).code, 0);
}

TEST_F(Help, VersionIsOneLineWithANumber) {
  const auto result = descent({"--version"});
  EXPECT_EQ(result.code, 0);
  int major, minor, patch;
  EXPECT_EQ(std::sscanf(result.out.c_str(), "descent %d.%d.%d (", &major, &minor, &patch), 3)
      << result.out;
  EXPECT_EQ(result.out.find('\n'), result.out.size() - 1);
}

TEST_F(Help, IsPrintedAsAnErrorWithoutACommand) {
  const auto result = descent({});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(contains(result.err, "usage: descent COMMAND"));
}

struct Unknown {
  std::vector<std::string> arguments;
  std::string message;
};

class UnknownWord : public Desk, public testing::WithParamInterface<Unknown> {};

TEST_P(UnknownWord, IsAUsageErrorThatNamesTheNearest) {
  const auto result = descent(GetParam().arguments);
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "error: " + GetParam().message + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    All, UnknownWord,
    testing::Values(
        Unknown{{"rnu"}, "command 'rnu' is not known; did you mean 'run'?"},
        Unknown{{"--versoin"},
                "command '--versoin' is not known; valid: run, plan, data, sql, show, "
                "report, plot, export, compare, plugins, merge, schema, submit, share, status, "
                "predict, model"},
        Unknown{{"run", "a.yaml", "--worker", "2"},
                "option '--worker' is not known; did you mean '--workers'?"},
        Unknown{{"run", "a.yaml", "--frsh"},
                "option '--frsh' is not known; did you mean '--fresh'?"},
        Unknown{{"plan", "a.yaml", "--jsn"}, "option '--jsn' is not known; did you mean '--json'?"},
        Unknown{{"sql", "a.db", "SELECT 1", "--fromat", "csv"},
                "option '--fromat' is not known; did you mean '--format'?"},
        Unknown{{"plugins", "list", "--kid", "loss"},
                "option '--kid' is not known; did you mean '--kind'?"},
        Unknown{{"plugins", "show", "sdg"}, "plugin 'sdg' is not known; did you mean 'sgd'?"},
        Unknown{{"plugins", "list", "--kind", "optimiser"},
                "kind 'optimiser' is not known; did you mean 'optimizer'?"},
        Unknown{{"merge", "a.db", "b.db", "--hepl"},
                "option '--hepl' is not known; did you mean '--help'?"},
        Unknown{{"schema", "--plugin", "x"},
                "option '--plugin' is not known; did you mean '--plugins'?"}));

TEST_F(Help, ArgumentsThatAreMissingAreReportedWithTheWayToHelp) {
  for (const Words& arguments : std::vector<Words>{{"run"},
                                                   {"plan"},
                                                   {"sql"},
                                                   {"sql", "a.db"},
                                                   {"sql", "a.db", "q", "--list"},
                                                   {"show"},
                                                   {"export"},
                                                   {"merge"},
                                                   {"merge", "a.db"},
                                                   {"compare"},
                                                   {"compare", "a.db"},
                                                   {"plugins"},
                                                   {"plugins", "show"},
                                                   {"schema", "x"},
                                                   {"run", "--db"}}) {
    const auto result = descent(arguments);
    EXPECT_EQ(result.code, 2) << arguments[0];
    EXPECT_TRUE(contains(result.err, "--help")) << result.err;
  }
}

}  // namespace
}  // namespace descent
