// SPDX-License-Identifier: MIT
// What surrounds the processes of a run: suspension, signals of schedulers, limits of memory, other
// processors, files that are written over.
#include <signal.h>

#include <filesystem>

#include "cli/faults.h"

namespace descent {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

class Surroundings : public Faults {
 protected:
  bool appears(const std::string& file) const {
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    while (!fs::exists(path(file)) && Clock::now() < deadline) pause(0.002);
    return fs::exists(path(file));
  }

  std::string answer(const std::string& store, const std::string& sql) const {
    auto text = descent({"sql", store, sql, "--format", "csv"}).out;
    std::erase(text, '\r');
    return text.substr(text.find('\n') + 1);
  }
};

// As docker pause and batch systems do it: everybody sleeps for longer than the limit of a run. The
// worker wakes up first and finds that the time is over.
TEST_F(Surroundings, TimeInWhichEverybodyIsSuspendedCountsInNoRun) {
  write("small.yaml", small_experiment);
  auto request =
      invocation({"run", "small.yaml", "--db", "a.db", "-q", "--workers", "1", "--plugins",
                  test_plugins(), "--set", "optimizer=waits", "--set", "train.timeout=3s"});
  request.environment["WAITS_IN"] = path("");
  Process process(request);
  ASSERT_TRUE(appears("waiting"));
  const auto workers = children_of(process.pid());
  ASSERT_EQ(workers.size(), 1u);
  process.signal(SIGSTOP);
  ::kill(workers[0], SIGSTOP);
  pause(4);
  write("go", "");
  ::kill(workers[0], SIGCONT);
  pause(0.1);
  process.signal(SIGCONT);
  const auto result = process.wait();
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(answer("a.db", "SELECT status, count(*) FROM runs GROUP BY 1"), "done,3\n");
}

// A scheduler that ends a job signals all of its processes, in any order.
TEST_F(Surroundings, ASignalToWorkersBeforeTheParentCostsNoRun) {
  complete("whole.db");
  for (const int number : {SIGTERM, SIGHUP, SIGUSR1, SIGXCPU}) {
    remove("a.db");
    Process process(grid_run("a.db"));
    const auto deadline = Clock::now() + std::chrono::seconds(30);
    while (children_of(process.pid()).size() < 2 && Clock::now() < deadline) pause(0.002);
    pause(0.05);
    for (const auto worker : children_of(process.pid())) ::kill(worker, number);
    pause(0.05);
    process.signal(SIGTERM);
    const int code = process.wait().code;
    EXPECT_TRUE(code == 130 || code == 1) << code;
    EXPECT_EQ(answer("a.db", "SELECT count(*) FROM runs WHERE status = 'crashed'"), "0\n");
    complete("a.db");
    expect_whole("a.db");
  }
}

#ifndef __SANITIZE_ADDRESS__  // which takes terabytes of address space
// Between what the program needs to start and what its first product needs.
TEST_F(Surroundings, TooLittleAddressSpaceForProductsIsAnError) {
  write("small.yaml", small_experiment);
  bool refused = false;
  for (const std::string limit : {"-v 60000", "-v 100000", "-v 130000", "-v 160000", "-v 200000",
                                  "-v 260000", "-d 4000", "-d 20000", "-d 60000", "-d 140000"}) {
    const auto result =
        here("ulimit " + limit + "; timeout 60 " + program() +
             " run small.yaml --set 'model.layers=[{linear: 20}, tanh, {linear: 1}]' "
             "--db a.db -q --workers 1");
    EXPECT_NE(result.code, 124) << limit << ": it hangs";
    EXPECT_TRUE(result.code == 0 || !result.text.empty()) << limit << " ends without a word";
    if (contains(result.text, "error: there is too little address space: matrix products need ")) {
      refused = true;
      EXPECT_EQ(result.code, 2);
    }
    remove("a.db");
  }
  EXPECT_TRUE(refused);
}
#endif

// OpenBLAS chooses its kernels by processor, or as OPENBLAS_CORETYPE says.
TEST_F(Surroundings, RunsOfTwoKindsOfProcessorAreMixedOnlyWhenAsked) {
  write("small.yaml", small_experiment);
  const auto run_on = [&](const std::string& core, const std::string& store, Words more = {}) {
    auto request = invocation({"run", "small.yaml", "--db", store, "-q"});
    request.arguments.insert(request.arguments.end(), more.begin(), more.end());
    request.environment["OPENBLAS_CORETYPE"] = core;
    return run(request);
  };
  EXPECT_EQ(run_on("Prescott", "a.db").code, 0);
  EXPECT_EQ(run_on("", "b.db").code, 0);
  const std::string arithmetic = "SELECT value FROM provenance WHERE key = 'arithmetic'";
  const auto a = answer("a.db", arithmetic), b = answer("b.db", arithmetic);
  EXPECT_EQ(a.size(), 33u);
  if (a == b) GTEST_SKIP() << "the BLAS has one kernel";
  const auto refused = run_on("", "a.db", {"--set", "replicates=4"});
  EXPECT_EQ(refused.code, 3);
  EXPECT_TRUE(contains(refused.err, "a.db: error: holds runs of this build with other arithmetic"))
      << refused.err;
  EXPECT_EQ(answer("a.db", "SELECT count(*) FROM runs"), "6\n");
  EXPECT_EQ(answer("a.db", "SELECT count(DISTINCT invocation) FROM provenance"), "1\n");
  EXPECT_EQ(run_on("Prescott", "a.db").code, 0);
  EXPECT_EQ(descent({"merge", "all.db", "a.db", "b.db"}).code, 3);
  EXPECT_EQ(run_on("", "a.db", {"--set", "replicates=4", "--any-cpu"}).code, 0);
  EXPECT_EQ(answer("a.db", "SELECT count(*) FROM runs"), "8\n");
}

// As cp does it. What is stored is of the code that its hash names.
TEST_F(Surroundings, APluginWrittenOverDuringARunStaysWhatItWas) {
  fs::create_directories(path("plugins/optimizers"));
  const auto mine = path("plugins/optimizers/waits.so");
  fs::copy(test_plugins() + "/optimizers/waits.so", mine);
  write("small.yaml", small_experiment);
  auto request = invocation({"run", "small.yaml", "--db", "a.db", "-q", "--workers", "2",
                             "--plugins", "plugins", "--set", "optimizer=waits"});
  EXPECT_EQ(run(request).code, 0);
  fs::rename(path("a.db"), path("whole.db"));
  request.environment["WAITS_IN"] = path("");
  Process process(request);
  ASSERT_TRUE(appears("waiting"));
  std::ofstream(mine, std::ios::binary | std::ios::trunc) << "other";
  write("go", "");
  const auto result = process.wait();
  EXPECT_EQ(result.code, 0) << result.err;
  expect_whole("a.db");
}

}  // namespace
}  // namespace descent
