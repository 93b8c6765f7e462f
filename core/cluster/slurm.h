// SPDX-License-Identifier: MIT
// The commands of Slurm that a job needs: sbatch, squeue, scontrol. No library, no accounting.
#pragma once

#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace descent::cluster {

class Job;

// The scheduler refused a submission: what() has its words. Exit code 5.
class SchedulerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Submits the round: an array of shares, unless it is submitted already, and the collector behind
// it. Notes their ids in the job.
void submit_round(Job& job);

// Whether squeue knows the job, or cannot be asked; an array while one task is left.
bool is_queued(const std::string& id);
// The jobs of the round. Not another one that got the same id, as where a controller lost its
// state.
bool is_array_queued(const Job& job);
bool is_collector_queued(const Job& job);

// Asks for the states of the tasks and the collector of the round, while the caller does something
// else: Slurm takes most of the time of `descent status`. A controller that is gone or busy is
// given five seconds.
class QueueRequest {
 public:
  explicit QueueRequest(const Job& job);
  ~QueueRequest();
  QueueRequest(const QueueRequest&) = delete;
  QueueRequest& operator=(const QueueRequest&) = delete;

  // "36 PENDING (Priority), 5 RUNNING"; "": the round is not in the queue.
  std::string answer();

 private:
  std::FILE* pipe_ = nullptr;
};

// The round of which a submission was not noted, as by a crash in between: its ids, by the name.
void adopt_round(Job& job);

// This machine by the name under which it can be excluded, which need not be its host name.
std::string node_name();

std::uint64_t most_shares(bool by_hand);  // of an array

}  // namespace descent::cluster
