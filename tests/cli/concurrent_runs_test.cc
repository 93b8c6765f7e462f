// SPDX-License-Identifier: MIT
// Several programs that write one store at the same time make the store that one makes alone.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "cli/faults.h"

namespace descent {
namespace {

using ConcurrentRuns = Faults;

TEST_F(ConcurrentRuns, SeveralRunsOfOneFileMakeOneStore) {
  complete("whole.db");
  for (const int count : {2, 4}) {
    remove("a.db");
    std::vector<std::unique_ptr<Process>> processes;
    for (int i = 0; i < count; ++i)
      processes.push_back(std::make_unique<Process>(grid_run("a.db", 1)));
    for (auto& process : processes) {
      const auto result = process->wait();
      EXPECT_EQ(result.code, 1) << result.err;
    }
    expect_whole("a.db");
  }
}

TEST_F(ConcurrentRuns, SeveralRunsThatPruneMakeOneStore) {
  write("grid.yaml", grid("pruned", "0.001, 0.003, 0.01, 0.03, 0.1") +
                         "prune: {asha: {min_epochs: 20, reduction: 2}}\n");
  complete("whole.db");
  for (const int count : {2, 3}) {
    remove("a.db");
    std::vector<std::unique_ptr<Process>> processes;
    for (int i = 0; i < count; ++i) {
      processes.push_back(std::make_unique<Process>(grid_run("a.db", 1)));
      pause(0.1 * i);  // one is behind the other
    }
    for (auto& process : processes) {
      const auto result = process->wait();
      EXPECT_EQ(result.code, 1) << result.err;
    }
    expect_whole("a.db");
  }
}

// Each drops the accumulators of the other when it finishes a point first.
TEST_F(ConcurrentRuns, RunsOfDifferentReplicatesMakeOneStore) {
  const auto with = [&](const std::string& store, const std::string& replicates) {
    auto request = grid_run(store, 1);
    request.arguments.insert(request.arguments.end(), {"--set", "replicates=" + replicates});
    return request;
  };
  EXPECT_EQ(run(with("whole.db", "30")).code, 1);
  Process few(with("a.db", "20")), more(with("a.db", "30"));
  EXPECT_EQ(few.wait().code, 1);
  EXPECT_EQ(more.wait().code, 1);
  EXPECT_EQ(run(with("a.db", "30")).code, 1);
  expect_whole("a.db");
  EXPECT_FALSE(std::filesystem::exists(path("a.db-scratch")));
}

TEST_F(ConcurrentRuns, RunsOfDifferentFilesMakeOneStore) {
  write("other.yaml", grid("others", "0.003, 0.02"));
  complete("whole.db");
  complete("whole.db", 2, "other.yaml");
  complete("turned.db", 2, "other.yaml");
  complete("turned.db");
  Process one(grid_run("a.db", 1)), other(grid_run("a.db", 1, "other.yaml"));
  EXPECT_EQ(one.wait().code, 1);
  EXPECT_EQ(other.wait().code, 1);
  const auto found = store::dump(path("a.db"));  // ids follow who came first
  EXPECT_TRUE(found == store::dump(path("whole.db")) || found == store::dump(path("turned.db")));
}

}  // namespace
}  // namespace descent
