// SPDX-License-Identifier: MIT
// What a command prints arrives, or the exit code says that it did not.
#include "cli/desk.h"
#include "store/query.h"

namespace descent {
namespace {

class Output : public Desk {
 protected:
  // Every command that prints, on a store and a file that are there.
  std::vector<std::string> commands() const {
    run_small();
    return {"--help",
            "--version",
            "run --help",
            "run small.yaml --db small.db",
            "run small.yaml --db small.db --json",
            "run small.yaml --db new.db",
            "plan small.yaml",
            "plan small.yaml --json",
            "plan small.yaml --resolved",
            "plan small.yaml --db small.db --why-new",
            "plugins list",
            "plugins list --json",
            "plugins show sgd",
            "plugins flags",
            "show small.db",
            "show small.db small-grid",
            "sql small.db 'SELECT 1'",
            "sql small.db --list",
            "export small.db",
            "export small.db --format json",
            "compare small.db --baseline optimizer=adam",
            "merge merged.db small.db",
            "schema"};
  }
};

TEST_F(Output, ThatCannotBeWrittenIsAnErrorOfEveryCommand) {
  for (const auto& command : commands())
    for (const std::string to : {"> /dev/full", ">&-"}) {
      const auto spoken = here(program() + " " + command + " " + to);
      EXPECT_EQ(spoken.code, 2) << command << to << '\n' << spoken.text;
      EXPECT_TRUE(contains(spoken.text, "error: the output could not be written")) << spoken.text;
    }
}

TEST_F(Output, ThatIsNotThereNeedsNoPlace) {
  write("small.yaml", small_experiment);
  EXPECT_EQ(here(program() + " run small.yaml --db a.db --quiet >&-").code, 0);
  EXPECT_EQ(here(program() + " run small.yaml --db a.db --quiet <&- >&- 2>&-").code, 0);
}

// A terminal would obey what CSV cannot escape; a program reads back what is stored.
TEST_F(Output, OfCsvCommandsNoTerminal) {
  run_small();
  const auto line = program() +
                    " sql small.db \"SELECT char(27) || '[31m' || char(10) || char(155) AS a\" "
                    "--format csv";
  EXPECT_EQ(here(line).text, "a\r\n\"\x1b[31m\n\u009b\"\r\n");
  if (!terminals_can_be_opened()) GTEST_SKIP() << "no pseudo-terminals here";
  const auto shown = here("script -qec " + quoted(line) + " /dev/null </dev/null").text;
  EXPECT_TRUE(contains(shown, "\\x1b[31m") && contains(shown, "\\x9b")) << shown;
  EXPECT_FALSE(contains(shown, "\x1b") || contains(shown, "\u009b")) << shown;
}

// The next file that is opened would have the number of the closed stream.
TEST_F(Output, OfAClosedStreamEndsUpInNoFile) {
  write("small.yaml", small_experiment);
  here(program() + " run small.yaml --db whole.db --quiet");
  here(program() + " run small.yaml --db a.db <&- >&- 2>&-");
  EXPECT_EQ(descent({"sql", "a.db", "PRAGMA integrity_check", "--format", "csv"}).out,
            "integrity_check\r\nok\r\n");
  const std::string losses = "SELECT test_loss FROM runs ORDER BY run_id";
  EXPECT_EQ(store::query(path("a.db"), losses, store::Format::csv),
            store::query(path("whole.db"), losses, store::Format::csv));
}

}  // namespace
}  // namespace descent
