// SPDX-License-Identifier: MIT
// One line on a terminal while a grid runs: runs done, runs a second, time left, failures.
#pragma once

#include <chrono>
#include <cstdint>

namespace descent::engine {

class Progress {
 public:
  // total: runs to do. Prints nothing unless shown; the line goes to standard error.
  Progress(std::uint64_t total, bool shown);
  ~Progress();  // ends the line

  void add(std::uint64_t runs, std::uint64_t not_done);
  void expect(std::uint64_t runs) { total_ += runs; }  // more runs than planned
  void draw();  // called often: redraws at most ten times a second

 private:
  std::uint64_t total_, done_ = 0, not_done_ = 0;
  bool shown_, drawn_ = false;
  std::chrono::steady_clock::time_point start_, last_;
};

}  // namespace descent::engine
