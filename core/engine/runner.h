// SPDX-License-Identifier: MIT
// Runs a plan into a store: stored results are not computed again, finished chunks are committed in
// batches, and a stop loses at most the chunks under way.
#pragma once

#include <array>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "engine/assignment.h"
#include "engine/chunk.h"
#include "engine/halving.h"
#include "engine/plan.h"
#include "engine/point_work.h"
#include "engine/training_session.h"
#include "store/store.h"

namespace descent::engine {

struct Outcome;

struct RunOptions {
  unsigned workers = 1;
  bool fresh = false;             // train everything again, even what is stored
  bool progress = false;          // draw the progress line
  double patience_seconds = 600;  // for another program that holds the store's lock
  std::function<void(const Outcome&)> after_commit = {};  // when results have been stored
};

struct Outcome {
  std::uint64_t planned = 0;          // runs, including those that `until` added
  std::uint64_t stored = 0;           // of these, stored before
  std::uint64_t stored_not_done = 0;  // of the stored ones, those with another status than done
  std::array<std::uint64_t, record::status_count>
      by_status{};  // of the runs trained now, indexed by Status
  // That reached replicates.max with standard errors above those that `until` asks for.
  std::uint64_t imprecise_points = 0;
  double seconds = 0;
  bool interrupted = false;

  std::uint64_t trained() const;
  bool all_done() const {
    return stored_not_done == 0 &&
           trained() == count(record::Status::done) + count(record::Status::pruned);
  }
  std::uint64_t count(record::Status status) const { return by_status[std::size_t(status)]; }
};

class Runner {
 public:
  // Registers the plan's experiments and points.
  Runner(const Plan& plan, store::Store& store, RunOptions options);

  // Registers and trains only what is assigned, for another store, in which the points have the
  // given ids.
  Runner(const Plan& plan, store::Store& store, RunOptions options,
         const std::vector<Assignment>& assigned);

  // Returns early, with everything finished so far stored, when stop becomes non-zero.
  Outcome run(const volatile std::sig_atomic_t& stop);

  // What the store lacks and can be trained without a decision that is still open: a rung, the
  // goal of `until`. In the order of the plan; a point that lacks nothing is finished. Nothing: the
  // plan is complete.
  std::vector<Assignment> lacking();

  std::uint64_t planned() const { return outcome_.planned; }  // runs, once lacking() has looked

  // By plan position; 0: not registered.
  const std::vector<std::int64_t>& point_ids() const { return point_ids_; }

 private:
  Runner(const Plan& plan, store::Store& store, RunOptions options, Assigned assigned);

  bool is_mine(std::uint64_t position, const Halving& halving) const;
  PointWork find_missing(std::uint64_t position);
  TrainingSession::Options session_options();
  bool complete(std::uint64_t position, PointWork& work, Progress& progress);
  bool is_finished_by_others(std::uint64_t position, const PointWork& work);
  bool grow(std::uint64_t position, PointWork& work, Progress& progress);
  bool make_request(std::uint64_t position, PointWork& work, ChunkRequest& request);
  void count_stored(const Halving& halving);
  void count_stored(std::uint64_t position, const Halving& halving);
  void check_room() const;
  void wait_for_others(double seconds);
  void train(const volatile std::sig_atomic_t& stop);
  bool next(ChunkRequest& request);
  bool accept(const ChunkResult& result, Progress& progress);
  bool commit(std::vector<ChunkResult>& arrived, Progress& progress);
  void store(ChunkResult& result);
  void count_what_others_stored();
  void finish_stored(PointWork& work);

  const Plan& plan_;
  store::Store& store_;
  RunOptions options_;
  Outcome outcome_;
  Assigned assigned_;
  std::vector<std::int64_t> point_ids_;
  std::map<std::uint64_t, PointWork> work_;  // under way, by position in the plan
  std::uint64_t cursor_ = 0;                 // position of the next point
  std::vector<std::uint64_t> extended_;      // positions of points that got more chunks
  std::uint64_t missing_runs_ = 0;
  std::vector<std::uint64_t> incomplete_;  // positions of points that were not complete at first
  std::uint64_t incomplete_not_done_ = 0;  // of their runs that we know of: not well ended
};

}  // namespace descent::engine
