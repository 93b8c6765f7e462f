// SPDX-License-Identifier: MIT
// A job: an experiment that is trained in shares, on several machines or one after another, and the
// folder that holds all that these machines need to know of it.
//
//   job.json            what is to be run, and its progress
//   frozen/             program, plugins, experiment and data files as they were at the start
//   lock                there while somebody decides and cuts; host, process, Slurm job
//   log                 a line an event
//   round-3/17.share    what share 17 of round 3 trains
//   round-3/17.db       what it has trained: a part (store/part.h)
//   round-3/17.json     its progress
//   round-3/17.log      its output, under Slurm
//   rejected/           parts that were not merged
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/assignment.h"

namespace descent::cluster {

// What the user asked for.
struct JobSettings {
  std::vector<std::string> files, overrides, plugins;  // as `descent run` takes them
  std::string folder;                                  // where they are relative to
  std::string out;                                     // the store, absolute
  std::string slurm;                                   // options of sbatch
  unsigned cpus = 0;                                   // of a share; 0: those of the machine
  std::uint64_t shares = 0;                            // of a round; 0: by time
  double share_seconds = 600;
  bool any_cpu = false, by_hand = false, keep_parts = false, freeze = true, allow_writable = false;

  bool operator==(const JobSettings&) const = default;
};

// A file that must not change while the job is under way.
struct InputFile {
  std::string kind;  // program, plugin, library, experiment, data
  std::string path;  // that is read
  std::string hash;
};

struct Round {
  unsigned number = 0;  // from 1; 0: none yet
  std::uint64_t shares = 0, runs = 0;
  // Of the plan of reruns: for each experiment of the tuned plan, the points chosen of it.
  bool is_rerun = false;
  std::vector<std::vector<std::uint64_t>> chosen;
};

struct JobState {
  std::string id;  // of this job: its parts carry it
  JobSettings settings;
  std::string build;
  std::vector<InputFile> inputs;
  std::string arithmetic;    // of the first runs; empty: there are none yet
  bool has_divided = false;  // a point was trained in several shares
  Round round;
  unsigned stalled = 0;                   // rounds one after another that brought no run
  std::uint64_t planned = 0, stored = 0;  // runs, when the round was cut
  std::string array, collector;           // Slurm's ids of the round
  std::vector<std::string> excluded;      // nodes with shares that failed
  bool is_done = false;
};

class Job {
 public:
  // Throws Error when this is no job's folder.
  static Job open(const std::string& folder);
  // Makes the folder, with a new id. Throws StoreError when it cannot be written.
  static Job create(const std::string& folder, const JobSettings& settings);

  const std::string& folder() const { return folder_; }  // absolute
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string round_folder() const;
  std::string share_file(std::uint64_t share, const std::string& extension) const;

  // Where experiment files are read: their folder, or that of their copies.
  std::string files_folder() const;
  std::vector<std::string> plugin_folders() const;  // as --plugins

  void save() const;  // whole, or not at all
  void log(const std::string& line) const;
  void check_inputs() const;  // throws Error with the first one that has changed

  JobState state;

 private:
  explicit Job(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

// A share's assignments as a text: a line a point.
void write_share(const std::string& path, const std::vector<engine::Assignment>& assignments);
std::vector<engine::Assignment> read_share(const std::string& path);

// Replaces a file: others see the old one or the new one. Throws StoreError.
void replace_file(const std::string& path, const std::string& text);

std::string host_name();

}  // namespace descent::cluster
