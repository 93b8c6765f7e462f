// SPDX-License-Identifier: MIT
// The pool by itself, with workers that train nothing.
#include "engine/pool.h"

#include <gtest/gtest.h>
#include <sys/time.h>

#include <chrono>
#include <thread>

namespace descent::engine {
namespace {

using std::chrono::milliseconds;

ChunkResult result_of(const Task& task) {
  return {task.point, task.chunk, task.first, task.count, std::vector<record::Run>(task.count), {}};
}

void die_in(milliseconds delay) {
  itimerval timer{};
  timer.it_value.tv_usec = delay.count() * 1000;
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

// As with `until`: whether more tasks exist is known when a result arrives. Here the last result is
// read from a worker that is already dead, because the parent was busy while it ended.
TEST(Pool, TrainsWhatTheLastResultOfADeadWorkerAsksFor) {
  const auto train = [](const Task& task, const RunHooks&) {
    if (task.chunk == 1) {
      std::this_thread::sleep_for(milliseconds(100));
      die_in(milliseconds(100));
    }
    return result_of(task);
  };
  Pool::Options options;
  options.timeout = [](std::uint64_t) { return 0.0; };
  Pool pool(std::move(options), train);

  std::uint64_t available = 2, given = 0;
  std::vector<std::uint64_t> arrived;
  const auto next = [&](Task& task) {
    if (given == available) return false;
    task = Task();
    task.chunk = given++;
    task.count = 1;
    return true;
  };
  const auto on_result = [&](ChunkResult&& result) {
    arrived.push_back(result.chunk);
    if (result.chunk == 0) std::this_thread::sleep_for(milliseconds(600));
    if (result.chunk == 1) available = 3;
  };
  volatile std::sig_atomic_t stop = 0;
  EXPECT_TRUE(pool.run(
      next, on_result, [] {}, stop));
  EXPECT_EQ(arrived, (std::vector<std::uint64_t>{0, 1, 2}));
}

}  // namespace
}  // namespace descent::engine
