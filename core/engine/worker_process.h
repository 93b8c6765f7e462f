// SPDX-License-Identifier: MIT
// A worker's process as its parent sees it: forking it, its descriptors, and how it ended.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/worker.h"

namespace descent {

// The page and the log outlive the process: they say what it did last, and the next one gets them.
class WorkerProcess {
 public:
  WorkerProcess();
  ~WorkerProcess();  // kills it
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // REQUIRES: not started, or reaped. others: of the other workers, whose descriptors the fork
  // inherits and must not keep: a pipe stays open as long as anybody holds its other end.
  void start(const std::vector<const WorkerProcess*>& others, const ChunkTrainer& train,
             const MemoryLimit& memory);

  bool is_started() const { return pid_ > 0; }
  bool has_ended() const;    // dead, but not reaped yet
  bool holds_files() const;  // false of one that is about to end: it has given them back before
  void kill();               // and all that its plugins started, unless they left its group

  struct End {
    int status = 0;                 // of wait()
    std::uint64_t most_memory = 0;  // resident bytes
  };
  End reap();  // waits for it

  // Takes what was written off the front of bytes; what is left did not fit.
  void write(std::string& bytes);
  // Appends what is there; false at the end of the stream.
  bool read(std::string& bytes);

  int tasks() const { return tasks_; }      // -1: none
  int results() const { return results_; }  // -1: none
  WorkerStatusPage& page() { return *page_; }
  const WorkerStatusPage& page() const { return *page_; }
  std::string last_output() const;  // the last lines, joined by '|'

 private:
  void close_streams();

  pid_t pid_ = -1;
  int tasks_ = -1, results_ = -1, log_ = -1;
  WorkerStatusPage* page_ = nullptr;
};

}  // namespace descent
