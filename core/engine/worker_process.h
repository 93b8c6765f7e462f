// SPDX-License-Identifier: MIT
// A worker's process from its parent's side: forking it, its descriptors, and how it ended.
//
// States: not started -> running (start) -> ended, a zombie (has_ended) -> not started (reap). Its
// id belongs to it until reap(), so that nothing else can be signalled by mistake.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/worker.h"

namespace descent::engine {

// The page and the log outlive the process: they show what it did last, and start() passes them to
// the next one.
class WorkerProcess {
 public:
  WorkerProcess();
  ~WorkerProcess();  // kills it
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // REQUIRES: not started, or reaped. others: the other workers. The fork inherits their
  // descriptors and must close them: a pipe stays open as long as any process holds its other end.
  void start(const std::vector<const WorkerProcess*>& others, const ChunkTrainer& train,
             const MemoryLimit& memory);

  bool is_started() const { return pid_ > 0; }
  bool has_ended() const;   // dead, but not reaped yet
  bool is_exiting() const;  // the system has begun to end it: it closes files before it is dead
  void kill();              // also what its plugins started, unless that left its group

  struct End {
    int status = 0;                 // of wait()
    std::uint64_t most_memory = 0;  // resident bytes
  };
  End reap();  // waits for it

  // Removes what was written from the front of bytes; the rest did not fit into the socket.
  void write(std::string& bytes);
  // Appends what is available; false at the end of the stream.
  bool read(std::string& bytes);

  int requests() const { return tasks_; }   // -1: none
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

}  // namespace descent::engine
