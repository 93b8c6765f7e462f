// SPDX-License-Identifier: MIT
// At most one process at a time decides what a job trains next, on whichever machine it runs.
#pragma once

#include <string>
#include <thread>

#include "cluster/job.h"

namespace descent::cluster {

// Held while it lives, and shown to be alive: the lock is a file that is touched every few seconds.
class JobLock {
 public:
  // Throws Error when somebody else holds it. Takes it over from somebody who has ended: the
  // process or Slurm job is gone, or has not touched it for a minute and a half. A job that
  // Slurm queued again waits that long for its first run, which may go on where its node only
  // seemed dead.
  explicit JobLock(const Job& job);
  ~JobLock();
  JobLock(const JobLock&) = delete;
  JobLock& operator=(const JobLock&) = delete;

 private:
  std::string path_, text_;
  std::jthread touching_;
};

}  // namespace descent::cluster
