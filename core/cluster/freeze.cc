// SPDX-License-Identifier: MIT
#include "cluster/freeze.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "host/library_file.h"

namespace descent::cluster {
namespace {

namespace fs = std::filesystem;

class Freezer {
 public:
  explicit Freezer(Job& job) : job_(job) {}

  // to: in the folder of the job.
  void add(const std::string& kind, const fs::path& from, const fs::path& to) {
    auto path = from;
    if (job_.state.settings.freeze) {
      path = fs::path(job_.folder()) / "frozen" / to;
      std::error_code failed;
      fs::create_directories(path.parent_path(), failed);
      if (!failed) fs::copy_file(from, path, fs::copy_options::overwrite_existing, failed);
      if (failed)
        throw StoreError({path.string(), 0, 0}, fmt::format("cannot be written as a copy of {}: {}",
                                                            from.string(), failed.message()));
    }
    note(kind, path);
  }

  // What a plugin needs in addition to its own file is read where the dynamic linker finds it.
  void add_library(const fs::path& path) {
    if (names_.insert(path).second) note("library", path);
  }

  // A file of the experiments, by the name under which it is read in the job's folder of files.
  void add_file(const std::string& kind, const fs::path& name) {
    const auto full = (fs::path(job_.state.settings.folder) / name).lexically_normal();
    if (!names_.insert(full).second) return;
    if (name.is_absolute())
      note(kind, full);
    else
      add(kind, full, fs::path("tree" + full.string()));
  }

 private:
  void note(const std::string& kind, const fs::path& path) {
    job_.state.inputs.push_back({kind, path.string(), hash128_of_file(path.string())});
  }

  Job& job_;
  std::set<fs::path> names_;
};

// Plugins are not loaded from where other users can write.
class OthersCannotWrite {
 public:
  ~OthersCannotWrite() { ::umask(before_); }

 private:
  const mode_t before_ = [] {
    const auto mask = ::umask(S_IWGRP | S_IWOTH);
    ::umask(mask | S_IWGRP | S_IWOTH);
    return mask;
  }();
};

void add_plugin(Freezer& freezer, const host::Catalog& catalog, std::set<std::string>& known,
                descent_kind kind, const std::string& name) {
  const auto folder = host::kind_name(kind, true);
  if (!known.insert(folder + "/" + name).second) return;
  const auto path = catalog.get(kind, name).path();
  freezer.add("plugin", path, fs::path("plugins") / folder / (name + ".so"));
  const host::LibraryFile file(path);
  for (const auto& library : file.needed()) freezer.add_library(library.file.path());
}

}  // namespace

void freeze(Job& job, const engine::Plan& plan, const host::Catalog& catalog) {
  const OthersCannotWrite trusted;
  job.state.inputs.clear();
  Freezer freezer(job);
  if (job.state.settings.freeze) freezer.add("program", own_executable(), "descent");
  for (const auto& file : job.state.settings.files)
    for (const auto& one : experiment::Experiment::files(file, job.state.settings.overrides))
      freezer.add_file("experiment", one);
  std::set<std::string> plugins;
  for (std::size_t e = 0; e < plan.experiments().size(); ++e) {
    const auto& experiment = plan.experiments()[e];
    const auto folder = fs::path(experiment.file()).parent_path();
    for (std::uint64_t v = 0; v < experiment.variants(); ++v)
      for (const auto& input : plan.inputs(experiment.point(experiment.member(v))))
        for (const auto kind : {DESCENT_LOSS, DESCENT_OPTIMIZER, DESCENT_REGULARIZER})
          if (input.kind == host::kind_name(kind))
            add_plugin(freezer, catalog, plugins, kind, input.name);
          else if (input.kind == "data")
            freezer.add_file("data", folder / input.name);
  }
}

}  // namespace descent::cluster
