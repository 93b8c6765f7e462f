// SPDX-License-Identifier: MIT
// Successive halving (Jamieson and Talwalkar 2016, algorithm 1; the rungs of Li et al. 2020, ASHA):
// at a few epochs the points of an experiment are ranked, and those behind are not trained on. In
// contrast to ASHA, a rung is decided only when all its values are known. So the results do not
// depend on the order of completion: they are the same for any number of workers and interruptions.
//
// A point is live while it competes. It leaves at a rung in one of four ways: it is ranked behind
// and pruned; it is ranked behind, but its runs had ended before or were trained to the end
// earlier, and stay; its training ends by the rung; or it is the last one of its group.
#pragma once

#include <array>
#include <csignal>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "engine/assignment.h"
#include "engine/plan.h"
#include "engine/training_session.h"
#include "store/store.h"

namespace descent::engine {

class Halving {
 public:
  // The store knows the plan's points by these ids.
  Halving(const Plan& plan, store::Store& store, const std::vector<std::int64_t>& point_ids,
          TrainingSession::Options options);

  // Trains what the store lacks up to each rung, and decides the rungs. Returns false when stop
  // became non-zero; what was trained until then is stored.
  bool run(const volatile std::sig_atomic_t& stop);

  // Instead of training what an undecided rung lacks, adds it to `lacking`. Experiments with such a
  // rung are undecided: of their points, nothing can be said yet.
  void find_lacking(std::vector<Assignment>& lacking);
  bool is_undecided(std::size_t experiment) const { return undecided_.contains(experiment); }

  // Trains those of the assignments that belong to rungs, for another store, which will decide.
  // Returns false when stop became non-zero.
  bool train(const std::vector<Assignment>& assignments, const volatile std::sig_atomic_t& stop);

  const std::set<std::uint64_t>& pruned() const { return pruned_; }  // positions in the plan

  // By status, the runs trained now of the point at this position that stay as they are: it was
  // pruned, or it was behind when all of its runs had already ended.
  using Counts = std::array<std::uint64_t, record::status_count>;
  Counts trained(std::uint64_t position) const;

 private:
  struct Rung {
    std::uint64_t number = 1, epoch = 0;
    const train::Prune* rule = nullptr;
    const volatile std::sig_atomic_t* stop = nullptr;
  };
  struct Contender {
    std::uint64_t position = 0;
    double value = 0;
  };
  // Chunks of a point that must be trained: for its score at the rung, or only for its rows.
  struct Missing {
    std::uint64_t position = 0;
    std::vector<statistics::ReplicateRange> chunks;
  };
  enum class Need { value, rows };

  // Points that compete, by the values they have in common (Prune::per); "": all points.
  using Groups = std::map<std::string, std::vector<std::uint64_t>>;

  bool halve(std::size_t experiment, const train::Prune& rule,
             const volatile std::sig_atomic_t& stop);
  bool decide(const Rung& rung, Groups& live);
  std::vector<Contender> ranked(const Rung& rung, const std::vector<std::uint64_t>& contenders);
  std::optional<double> value(const Rung& rung, std::uint64_t position);
  std::vector<Missing> unvalued(const Rung& rung, const std::vector<std::uint64_t>& positions);
  std::vector<Missing> without_rows(const Rung& rung, const std::vector<std::uint64_t>& positions);
  void record(const Rung& rung, const std::string& group, const std::vector<Contender>& ranked);
  void prune(const store::RungRecord& entry, std::uint64_t position, const std::string& reason);
  store::RungRecord entry(const Rung& rung, std::uint64_t position) const;
  void forget_pruned(std::uint64_t position);

  bool train(const Rung& rung, Need need, const std::vector<Missing>& missing);
  void store(const Rung& rung, Need need, const ChunkResult& result);

  const Plan& plan_;
  store::Store& store_;
  const std::vector<std::int64_t>& point_ids_;
  TrainingSession::Options options_;
  std::vector<Assignment>* lacking_ = nullptr;  // else what is missing is trained
  std::set<std::size_t> undecided_;
  // settled_: points with final rows, of which Runner trains nothing. These are the pruned ones,
  // and those behind that ended earlier unless they are decomposed: a rung stores no accumulators.
  std::set<std::uint64_t> pruned_, settled_;
  std::map<std::uint64_t, Counts> ends_;  // of runs trained now that are stored, by position
};

}  // namespace descent::engine
