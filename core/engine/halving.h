// SPDX-License-Identifier: MIT
// Successive halving (Jamieson and Talwalkar 2016, algorithm 1; the rungs of Li et al. 2020, ASHA):
// at a few epochs the points of an experiment are ranked, and those behind are not trained on. A
// rung is decided when all of it is there, in contrast to ASHA, so that the results do not depend
// on who came first: they are the same for any number of workers and interruptions.
#pragma once

#include <array>
#include <csignal>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/plan.h"
#include "engine/training_session.h"
#include "store/store.h"

namespace descent {

class Halving {
 public:
  // The store knows the plan's points by these ids.
  Halving(const Plan& plan, Store& store, const std::vector<std::int64_t>& point_ids,
          TrainingSession::Options options);

  // Trains to the rungs what the store does not hold, and decides them. What was trained so far is
  // stored when stop becomes non-zero; then false is returned.
  bool run(const volatile std::sig_atomic_t& stop);

  const std::set<std::uint64_t>& pruned() const { return pruned_; }  // positions in the plan

  // Runs trained now that stay as they are, by status, of the point at this position: of one that
  // is pruned, or that was behind when all of its runs had ended by themselves.
  using Counts = std::array<std::uint64_t, status_count>;
  Counts trained(std::uint64_t position) const;

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
  // Of a point, for what it is worth at the rung or only for its rows.
  struct Missing {
    std::uint64_t position = 0;
    std::vector<ReplicateRange> chunks;
  };
  enum class Need { value, rows };

  // Points that compete, by the values they have in common (Prune::per); "" of all.
  using Groups = std::map<std::string, std::vector<std::uint64_t>>;

  bool halve(std::size_t experiment, const Prune& rule, const volatile std::sig_atomic_t& stop);
  bool decide(const Rung& rung, Groups& live);
  std::vector<Contender> ranked(const Rung& rung, const std::vector<std::uint64_t>& contenders);
  std::optional<double> value(const Rung& rung, std::uint64_t position);
  std::vector<Missing> unvalued(const Rung& rung, const std::vector<std::uint64_t>& positions);
  std::vector<Missing> without_rows(const Rung& rung, const std::vector<std::uint64_t>& positions);
  void record(const Rung& rung, const std::string& group, const std::vector<Contender>& ranked);
  void prune(const RungRecord& entry, std::uint64_t position, const std::string& reason);
  RungRecord entry(const Rung& rung, std::uint64_t position) const;
  void forget_pruned(std::uint64_t position);

  bool train(const Rung& rung, Need need, const std::vector<Missing>& missing);
  void store(const Rung& rung, Need need, const ChunkResult& result);

  const Plan& plan_;
  Store& store_;
  const std::vector<std::int64_t>& point_ids_;
  TrainingSession::Options options_;
  std::set<std::uint64_t> pruned_, settled_;
  std::map<std::uint64_t, Counts> ends_;  // of runs trained now that are stored, by position
};

}  // namespace descent
