// SPDX-License-Identifier: MIT
// Successive halving (Jamieson and Talwalkar 2016, algorithm 1; the rungs of Li et al. 2020, ASHA):
// at a few epochs the points of an experiment are ranked, and those behind are not trained on. A
// rung is decided when all of it is there, in contrast to ASHA, so that the results do not depend
// on who came first: they are the same for any number of workers and interruptions.
#pragma once

#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "engine/plan.h"
#include "engine/task.h"
#include "store/store.h"

namespace descent {

class Halving {
 public:
  struct Options {
    unsigned workers = 1;
    bool progress = false;
  };

  // The store knows the plan's points by these ids.
  Halving(const Plan& plan, Store& store, const std::vector<std::int64_t>& point_ids,
          Options options);

  // Trains to the rungs what the store does not hold, and decides them. What was trained so far is
  // stored when stop becomes non-zero; then false is returned.
  bool run(const volatile std::sig_atomic_t& stop);

  const std::set<std::uint64_t>& pruned() const { return pruned_; }  // positions in the plan
  // Runs trained now, of the points that are pruned, by status; and by position whose they are.
  const std::array<std::uint64_t, status_count>& by_status() const { return by_status_; }
  bool trained(std::uint64_t position) const { return trained_.contains(position); }

 private:
  struct Rung {
    std::uint64_t number = 1, epoch = 0;
    const Prune* rule = nullptr;
    const volatile std::sig_atomic_t* stop = nullptr;
  };
  struct Contender {
    std::uint64_t position = 0;
    double value = 0;
  };

  bool halve(std::size_t experiment, const Prune& rule, const volatile std::sig_atomic_t& stop);
  bool decide(const Rung& rung, std::vector<std::uint64_t>& live);
  bool prune(const Rung& rung, const std::vector<Contender>& ranked, std::uint64_t kept);
  std::vector<Contender> ranked(const Rung& rung, const std::vector<std::uint64_t>& contenders);
  RungRecord record(const Rung& rung, std::uint64_t position) const;
  bool is_whole(std::uint64_t position);                           // trained to the end
  bool has_rows(const Rung& rung, std::uint64_t position);         // of runs up to this rung
  bool train(const Rung& rung, std::vector<std::uint64_t> which);  // to the rung
  void commit(const Rung& rung);
  void store(const Rung& rung, std::uint64_t position, std::vector<ChunkResult>& results);
  std::uint64_t runs_of(const std::vector<std::uint64_t>& positions) const;

  const Plan& plan_;
  Store& store_;
  const std::vector<std::int64_t>& point_ids_;
  Options options_;
  std::set<std::uint64_t> pruned_, trained_;
  std::array<std::uint64_t, status_count> by_status_{};
  // By position: chunks of points not all of whose chunks are there, and of those that wait.
  std::map<std::uint64_t, std::vector<ChunkResult>> arriving_, arrived_;
  std::map<std::uint64_t, std::array<std::uint64_t, status_count>> ends_;  // of trained points
  std::uint64_t arrived_runs_ = 0;
  std::chrono::steady_clock::time_point last_commit_;
};

}  // namespace descent
