// SPDX-License-Identifier: MIT
// Trains one share of a job's round into a part: what a task of an array does.
#pragma once

#include <csignal>
#include <cstdint>
#include <map>
#include <string>

#include "cluster/job.h"
#include "engine/plan.h"
#include "host/catalog.h"

namespace descent::cluster {

// How far a share is, as its file says.
struct ShareProgress {
  std::uint64_t planned = 0, trained = 0, not_done = 0;  // runs
  std::string host, node, error;                         // node: as Slurm calls the host
  std::int64_t pid = 0;
  double seconds = 0;           // of training
  std::int64_t written_at = 0;  // seconds since 1970
  bool is_done = false;
};

bool read_progress(const std::string& path, ShareProgress& progress);  // false: not there, or torn
void write_progress(const std::string& path, const ShareProgress& progress);

struct ShareOptions {
  unsigned workers = 1;
  bool progress = false;                     // draw the progress line
  std::map<std::string, std::string> facts;  // of the invocation
};

// Goes on from the part that is there. Trains on this machine's own disk, and saves the part every
// five minutes and at the end. Returns false when stop became non-zero; what was trained is saved
// in either case. Throws Error when this machine must not train it, StoreError when it cannot save.
bool train_share(const Job& job, std::uint64_t share, const ShareOptions& options,
                 const volatile std::sig_atomic_t& stop);

// Everything that a process needs to work on the experiments of a job. Changes the current folder
// to that of the job's files.
struct Workplace {
  explicit Workplace(const Job& job);
  host::Catalog catalog;
  std::vector<experiment::Experiment> experiments;
};

}  // namespace descent::cluster
