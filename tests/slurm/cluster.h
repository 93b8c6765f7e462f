// SPDX-License-Identifier: MIT
// A Slurm cluster on this machine for a test: munged, slurmctld and some slurmd, which listen on
// the loopback device alone. Each node has a process namespace and a host name of its own, so that
// a node can lose its power.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

#include "folder.h"

namespace descent {

class SlurmCluster {
 public:
  // Why there can be none here: not root, or packages are missing. Empty: there can.
  static std::string objection();

  // Nodes n1, n2, ... that claim so many processors each; waits until all are idle.
  explicit SlurmCluster(int nodes = 3, int cpus = 4);
  ~SlurmCluster();  // ends all that was started
  SlurmCluster(const SlurmCluster&) = delete;
  SlurmCluster& operator=(const SlurmCluster&) = delete;

  // For the clients of Slurm.
  std::map<std::string, std::string> environment() const;

  // "controller", or a node with all that runs on it: ended as by a power cut, and begun again.
  void cut(const std::string& name);
  void start(const std::string& name);
  // As a network that is gone: the daemon of a node does not answer, its jobs go on.
  void signal_daemon(const std::string& node, int signal) const;

  // What jobs on a node find in their environment from now on: "NAME=value".
  void set(const std::string& node, const std::string& assignment) const;
  // As it was at first: no jobs, all nodes idle.
  void repair();

  // A line for a shell with the environment; both outputs.
  std::string ask(const std::string& line) const;
  // Whether such a line says the text within so many seconds.
  bool wait_for(const std::string& line, const std::string& text, int seconds) const;

 private:
  bool is_idle() const;
  void write_configuration(int nodes, int cpus);
  void launch(const std::string& name, const std::string& command, bool has_namespace);

  Folder folder_;
  std::string configuration_;
  int nodes_;
  std::map<std::string, pid_t> daemons_;
};

}  // namespace descent
