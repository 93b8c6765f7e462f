// SPDX-License-Identifier: MIT
#include "cluster/share.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/machine_fault.h"
#include "cluster/slurm.h"
#include "engine/arithmetic.h"
#include "engine/reruns.h"
#include "store/merge.h"
#include "store/part.h"

namespace descent::cluster {

namespace fs = std::filesystem;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ShareProgress, planned, trained, not_done, host, node, error,
                                   pid, seconds, written_at, is_done)

namespace {

constexpr std::chrono::seconds between_reports{20};
constexpr std::chrono::minutes between_saves{5};

// On a disk of this machine; removed at the end.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& name) {
    fs::path base = "/tmp";
    for (const auto* variable : {"TMPDIR", "SLURM_TMPDIR"})
      if (const auto* value = std::getenv(variable); value && *value) base = value;
    path_ = base / fmt::format("{}-{}", name, ::getpid());
    std::error_code failed;
    fs::create_directories(path_, failed);
    fs::permissions(path_, fs::perms::owner_all, failed);
    if (failed)
      throw StoreError(
          {path_.string(), 0, 0},
          fmt::format("cannot be made: {}; name a folder of this machine's own disk in "
                      "TMPDIR",
                      failed.message()));
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

void check_arithmetic(const Job& job) {
  const auto& wanted = job.state.arithmetic;
  if (wanted.empty() || job.state.settings.any_cpu || engine::arithmetic() == wanted) return;
  throw Error(
      fmt::format("this machine ({}) gives other floating-point results than the stored runs: "
                  "nothing was trained. Ask for one kind of node (--slurm "
                  "'--constraint=...'), set OPENBLAS_CORETYPE for all, or accept both with "
                  "--any-cpu",
                  host_name()));
}

class ShareKeeper {
 public:
  ShareKeeper(const Job& job, std::uint64_t share, std::string store, std::string copy)
      : part_(job.share_file(share, "db")),
        report_(job.share_file(share, "json")),
        store_(std::move(store)),
        copy_(std::move(copy)) {
    progress.host = host_name();
    progress.node = node_name();
    progress.pid = ::getpid();
  }

  void after_commit(const engine::Outcome& outcome) {
    note(outcome);
    const auto now = Clock::now();
    if (now - saved_ > between_saves) try_to([&] { save(); }, saved_);
    if (now - reported_ > between_reports) try_to([&] { report(); }, reported_);
  }

  void note(const engine::Outcome& outcome) {
    progress.trained = outcome.trained();
    progress.not_done = progress.trained - outcome.count(record::Status::done) -
                        outcome.count(record::Status::pruned);
  }

  void save() {
    store::save_part(store_, copy_, part_);
    saved_ = Clock::now();
  }

  void report() {
    progress.seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    write_progress(report_, progress);
    reported_ = Clock::now();
  }

  ShareProgress progress;

 private:
  // The disk may be full now and not at the end: what was trained is still in the store.
  template <class Write>
  static void try_to(Write write, Clock::time_point& tried) {
    try {
      write();
    } catch (const StoreError&) {
      tried = Clock::now();
    }
  }

  std::string part_, report_, store_, copy_;
  Clock::time_point start_ = Clock::now(), saved_ = start_, reported_ = start_;
};

void take_up(const std::string& store, const std::string& part) {
  if (store::is_whole_part(part)) store::PartMerger(store).merge(part);
}

}  // namespace

bool read_progress(const std::string& path, ShareProgress& progress) {
  const auto text = read_file(path);
  if (!text) return false;
  const auto all = json::parse(*text, nullptr, false);
  if (all.is_discarded()) return false;
  try {
    progress = all.get<ShareProgress>();
  } catch (const json::exception&) {
    return false;
  }
  return true;
}

void write_progress(const std::string& path, const ShareProgress& progress) {
  auto now = progress;
  now.written_at = std::chrono::duration_cast<std::chrono::seconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  replace_file(path, json(now).dump() + "\n");
}

Workplace::Workplace(const Job& job)
    : catalog([&] {
        const auto folders = job.plugin_folders();
        return host::Catalog(host::Catalog::standard_folders({folders.begin(), folders.end()}),
                             job.state.settings.allow_writable);
      }()) {
  if (::chdir(job.files_folder().c_str()) != 0)
    throw Error(fmt::format("{}: {}", job.files_folder(), describe_fault(errno)));
  const auto& settings = job.state.settings;
  experiments = experiment::Experiment::read(settings.files, settings.overrides, catalog);
}

bool train_share(const Job& job, std::uint64_t share, const ShareOptions& options,
                 const volatile std::sig_atomic_t& stop) {
  const auto& round = job.state.round;
  if (round.number == 0 || share >= round.shares)
    throw Error(fmt::format(
        "there is no share {}: {}", share,
        round.number == 0
            ? "no round has begun; run descent submit --job " + job.folder()
            : fmt::format("round {} has the shares 0 to {}", round.number, round.shares - 1)));
  job.check_inputs();
  check_arithmetic(job);
  const auto assignments = read_share(job.share_file(share, "share"));
  Workplace place(job);
  const ScratchFolder scratch(fmt::format("descent-{}-{}-{}", job.state.id, round.number, share));
  if (round.is_rerun) place.experiments = engine::reruns_of(place.experiments, round.chosen);
  const engine::Plan plan(place.experiments, place.catalog);

  const auto path = scratch.path("part.db");
  store::StoreOptions how;
  how.any_cpu = true;
  auto store = store::Store::open(path, how);
  ShareKeeper keeper(job, share, path, scratch.path("copy.db"));
  for (const auto& one : assignments) keeper.progress.planned += one.runs();
  keeper.report();
  auto facts = options.facts;
  facts["job"] = job.state.id;
  facts["node"] = node_name();
  facts["share"] = fmt::format("{} of round {}", share, round.number);
  const auto invocation = store.begin_invocation(facts);
  engine::RunOptions run{options.workers, false, options.progress, 600, {}};
  run.after_commit = [&](const engine::Outcome& outcome) { keeper.after_commit(outcome); };
  engine::Runner runner(plan, store, run, assignments);
  take_up(path, job.share_file(share, "db"));
  const auto outcome = runner.run(stop);
  store.end_invocation(invocation);
  keeper.note(outcome);
  keeper.save();
  auto& progress = keeper.progress;
  progress.is_done = !outcome.interrupted;
  if (progress.is_done) progress.trained = std::max(progress.trained, progress.planned);
  keeper.report();
  return !outcome.interrupted;
}

}  // namespace descent::cluster
