// SPDX-License-Identifier: MIT
// How far a job is, from the progress files of its shares. Opens no store and asks nobody.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cluster/job.h"

namespace descent::cluster {

struct Status {
  std::string name;  // of the experiment files
  unsigned round = 0;
  std::uint64_t planned = 0, trained = 0, not_done = 0;           // runs
  std::uint64_t shares = 0, shares_done = 0, shares_running = 0;  // of the round
  double seconds_left = -1;                                       // negative: not known
  std::vector<std::string> notes;  // shares that may have problems, a line each
  std::string arithmetic;
  bool is_done = false;
};

Status status_of(const Job& job);

}  // namespace descent::cluster
