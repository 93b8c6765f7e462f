// SPDX-License-Identifier: MIT
// Calls of the system fail, one after another: every write, lock, fork and allocation of a run, of
// a resumed run and of a merge. Each fault is a message and an exit code, leaves the store intact,
// and the same command then ends with the same store.
#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>

#include "cli/faults.h"

namespace descent {
namespace {

namespace fs = std::filesystem;

#ifndef __SANITIZE_ADDRESS__  // which wants to be loaded first, and has malloc for itself

struct Fault {
  std::string call;
  int error;  // 0: the process is killed
};

// A command that writes a.db, which begins as a copy of another store, or with none.
struct Scenario {
  std::string name;
  std::vector<std::string> command;
  std::string begins_as;
};

constexpr std::uint64_t all_of_them = ~std::uint64_t(0);

class InjectedFaults : public Faults {
 protected:
  InjectedFaults() {
    fs::create_symlink(build_path("tests/shims/fails_calls.so"), path("fails_calls.so"));
    write("small.yaml", small_experiment);
    make({"run", "small.yaml", "--db", "part.db", "--set", "replicates=1"});
    make({"run", "small.yaml", "--db", "other.db", "--set", "optimizer={grid: [sgd, adamw]}"});
  }

  std::vector<Scenario> scenarios() const {
    const Words run = {"run", "small.yaml", "--db", "a.db", "-q", "--workers", "1"};
    return {{"run", run, ""},
            {"resume", run, "part.db"},
            {"merge", {"merge", "a.db", "part.db", "other.db"}, ""}};
  }

  // Each fault at so many of its calls, spread over all of them.
  void sweep(const std::vector<Fault>& faults, std::uint64_t most) const {
    std::uint64_t injected = 0;
    for (const auto& scenario : scenarios()) {
      begin(scenario);
      EXPECT_EQ(descent(scenario.command).code, 0);
      fs::copy_file(path("a.db"), path("whole.db"), fs::copy_options::overwrite_existing);
      for (const auto& fault : faults) {
        const auto calls = count(scenario, fault.call);
        const auto times = std::min(calls, most);
        for (std::uint64_t i = 0; i < times; ++i, ++injected)
          inject(scenario, fault, 1 + i * calls / times);
      }
    }
    EXPECT_GT(injected, 0u);
    std::cout << injected << " faults\n";
  }

 private:
  void make(const Words& command) const { ASSERT_EQ(descent(command).code, 0); }

  void begin(const Scenario& scenario) const {
    remove("a.db");
    fs::remove(path("a.db-journal"));
    if (!scenario.begins_as.empty()) fs::copy_file(path(scenario.begins_as), path("a.db"));
  }

  Result run_with(const Scenario& scenario, const std::string& call, std::uint64_t number,
                  int error) const {
    auto request = invocation(scenario.command);
    request.environment = {{"LD_PRELOAD", "./fails_calls.so"},
                           {"FAIL_CALL", call},
                           {"FAIL_NUMBER", std::to_string(number)},
                           {"FAIL_ERROR", std::to_string(error)},
                           {"FAIL_COUNT", "count"}};
    return run(request);
  }

  std::uint64_t count(const Scenario& scenario, const std::string& call) const {
    begin(scenario);
    fs::remove(path("count"));
    EXPECT_EQ(run_with(scenario, call, 0, 0).code, 0);
    std::uint64_t calls = 0;
    std::ifstream(path("count")) >> calls;
    return calls;
  }

  void inject(const Scenario& scenario, const Fault& fault, std::uint64_t number) const {
    SCOPED_TRACE(
        fmt::format("{}: {} {} fails with {}", scenario.name, fault.call, number, fault.error));
    begin(scenario);
    const auto result = run_with(scenario, fault.call, number, fault.error);
    if (fault.error == 0)
      EXPECT_EQ(result.code, 128 + SIGKILL);
    else
      expect_reported(result);
    if (fs::exists(path("a.db")) && fs::file_size(path("a.db")) > 0) {
      const auto found = integrity("a.db");
      EXPECT_TRUE(found.empty() || found == "integrity_check\r\nok\r\n") << found;
    }
    const auto again = descent(scenario.command);
    EXPECT_EQ(again.code, 0) << again.err;
    expect_whole("a.db");
  }

  // It went well in spite of the fault, or the message says what did not.
  static void expect_reported(const Result& result) {
    EXPECT_TRUE(result.code == 0 || result.code == 2 || result.code == 3)
        << result.code << ": " << result.err;
    EXPECT_EQ(result.code == 0, !contains(result.err, "error: ")) << result.err;
    EXPECT_FALSE(contains(result.err, "This is a bug")) << result.err;
    // A CHECK with json_valid() does not hold where its memory runs out.
    EXPECT_TRUE(contains(result.err, "CHECK constraint") || !contains(result.err, "SQLite says"))
        << result.err;
  }
};

TEST_F(InjectedFaults, OfWritesAreReportedAndLoseNothing) {
  sweep({{"write", ENOSPC}, {"write", EIO}, {"write", 0}}, 3);
}

TEST_F(InjectedFaults, OfLocksAreReportedAndLoseNothing) { sweep({{"lock", ENOLCK}}, 4); }

TEST_F(InjectedFaults, OfAllocationsAreReportedAndLoseNothing) {
  sweep({{"allocation", ENOMEM}}, 5);
}

TEST_F(InjectedFaults, OfForksAreReportedAndLoseNothing) { sweep({{"fork", EAGAIN}}, 1); }

// Suites of their own, which ctest runs side by side: a lock that fails is waited for.
using FaultsOfWritesExhaustive = InjectedFaults;
TEST_F(FaultsOfWritesExhaustive, AtEveryWrite) {
  sweep({{"write", ENOSPC}, {"write", EIO}, {"write", 0}}, all_of_them);
}

using FaultsOfLocksExhaustive = InjectedFaults;
TEST_F(FaultsOfLocksExhaustive, AtEveryLock) { sweep({{"lock", ENOLCK}}, all_of_them); }

using FaultsOfProcessesExhaustive = InjectedFaults;
TEST_F(FaultsOfProcessesExhaustive, AtEveryFork) { sweep({{"fork", EAGAIN}}, all_of_them); }
TEST_F(FaultsOfProcessesExhaustive, AtThreeHundredAllocationsOfEachCommand) {
  sweep({{"allocation", ENOMEM}}, 300);
}

#endif

}  // namespace
}  // namespace descent
