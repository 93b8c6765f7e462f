// SPDX-License-Identifier: MIT
// What happens to processes, disks and clocks costs time and nothing else: the store ends as that
// of an undisturbed run.
#include "cli/faults.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "paths.h"
#include "store/query.h"

namespace descent {
namespace {

using Clock = std::chrono::steady_clock;

const auto nothing_wrong = "integrity_check\r\nok\r\n";

class Killed : public Faults {
 protected:
  // Kills the parent so often, at moments spread over the whole run; a store that is complete is
  // begun again. Every store has to end whole.
  void kill_parent(int times, unsigned seed) {
    const double all = complete("whole.db");
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> moment(0, all);
    int killed = 0, stores = 0;
    while (killed < times) {
      remove("a.db");
      for (bool whole = false; !whole; ++killed) {
        Process process(grid_run("a.db", 1 + random() % 3));
        pause(killed % 4 == 0 ? moment(random) / 20 : moment(random));  // often while it starts
        process.signal(SIGKILL);
        const auto result = process.wait();
        whole = result.code == 1 || killed >= times;
        ASSERT_TRUE(whole || result.code == 128 + SIGKILL) << result.err;
        if (std::filesystem::exists(path("a.db")) && std::filesystem::file_size(path("a.db")) > 0) {
          ASSERT_TRUE(is_whole_or_not_yet_made("a.db"));
        }
      }
      --killed;  // the last one had ended by itself, or is not counted
      complete("a.db", 3);
      expect_whole("a.db");
      ++stores;
    }
    std::cout << killed << " kills over " << stores << " stores\n";
  }

  bool is_whole_or_not_yet_made(const std::string& store) const {
    const auto result = descent({"sql", store, "PRAGMA integrity_check", "--format", "csv"});
    return result.out == nothing_wrong || contains(result.err, "error: holds nothing yet");
  }

  // How many runs; nothing before there is a table.
  std::string stored(const std::string& store) const {
    try {
      return store::query(path(store), "SELECT count(*) FROM runs", store::Format::csv);
    } catch (const Error&) {
      return "";
    }
  }

  // Kills workers, each after some other result than before is stored, mostly the oldest: so none
  // loses its place four times in a row without a result, which would be no accident any more.
  void kill_workers(int times, unsigned seed) {
    const double all = complete("whole.db");
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> until_next(0, all / 20);
    int killed = 0, stores = 0;
    while (killed < times) {
      remove("a.db");
      auto request = grid_run("a.db", 2);
      // The leak check at the end runs as a child, too, and is waited for without end.
      request.environment["ASAN_OPTIONS"] = "detect_leaks=0:allocator_may_return_null=1";
      Process process(request);
      std::vector<pid_t> by_age;
      std::string before;
      bool was_youngest = false;
      while (is_running(process.pid()) && killed < times) {
        pause(until_next(random));
        const auto now = stored("a.db");
        if (now == before) continue;
        const auto workers = children_of(process.pid());
        const auto holds = [](const auto& pids, pid_t pid) {
          return std::find(pids.begin(), pids.end(), pid) != pids.end();
        };
        std::erase_if(by_age, [&](pid_t pid) { return !holds(workers, pid); });
        for (const auto pid : workers)
          if (!holds(by_age, pid)) by_age.push_back(pid);
        if (by_age.empty()) continue;
        was_youngest = !was_youngest && random() % 4 == 0;
        if (::kill(was_youngest ? by_age.back() : by_age.front(), SIGKILL) == 0) ++killed;
        before = now;
      }
      EXPECT_EQ(process.wait().code, 1);
      expect_whole("a.db");
      ++stores;
    }
    std::cout << killed << " workers killed over " << stores << " stores\n";
  }
};

TEST_F(Killed, AtRandomMomentsAGridResumesToTheSameStore) { kill_parent(6, 1); }
TEST_F(Killed, WorkersCostTheGridNothing) { kill_workers(5, 2); }

using KilledSlow = Killed;
TEST_F(KilledSlow, AtFiftyRandomMoments) { kill_parent(50, 5); }
TEST_F(KilledSlow, FiftyWorkers) { kill_workers(50, 6); }

using KilledExhaustive = Killed;
TEST_F(KilledExhaustive, AtTwoHundredRandomMoments) { kill_parent(200, 3); }
TEST_F(KilledExhaustive, TwoHundredWorkers) { kill_workers(200, 4); }

using Disk = Faults;

// Without a limit of its own kind a file that may not grow would end the program by a signal.
TEST_F(Disk, ThatIsFullIsAnErrorAndTheStoreStaysWhole) {
  complete("whole.db");
  auto few = grid_run("few.db");
  few.arguments.insert(few.arguments.end(), {"--set", "replicates=1"});
  EXPECT_EQ(run(few).code, 1);
  const auto size = [&](const auto* store) { return std::filesystem::file_size(path(store)); };
  auto limited = grid_run("a.db");
  limited.file_size = (size("few.db") + size("whole.db")) / 2;  // most of it are the tables
  for (const auto* plugin : {"optimizers/adam.so", "losses/mse.so"})
    if (std::filesystem::file_size(build_path("plugins/") + plugin) > limited.file_size)
      GTEST_SKIP() << "plugins of this build, which are copied into memory, exceed the limit";
  const auto result = run(limited);
  EXPECT_EQ(result.code, 3);
  EXPECT_TRUE(contains(result.err, "a.db: error: cannot be read or written")) << result.err;
  EXPECT_TRUE(contains(result.err, "stored results are kept"));
  EXPECT_EQ(integrity("a.db"), nothing_wrong);
  complete("a.db");
  expect_whole("a.db");
}

TEST_F(Disk, OfSomeKilobytesFillsUpAndIsEmptiedAgain) {
  std::string alone = "unshare -m ";  // as root, else as root of a namespace of its own
  if (shell(alone + "true").code != 0) alone = "unshare -rm ";
  if (shell(alone + "true").code != 0) GTEST_SKIP() << "may not mount";
  complete("whole.db");
  std::filesystem::create_directory(path("disk"));
  const auto run_there =
      program() + " run grid.yaml --quiet --db disk/a.db --plugins " + quoted(test_plugins());
  // Copied out, as the disk is gone with the process that mounted it.
  write("full.sh", "mount -t tmpfs -o size=300k none disk || exit 99\n" + run_there +
                       " 2> full.err; echo $? > code\ncp disk/a.db* .\nmount -o remount,size=50m "
                       "disk\n" +
                       run_there +
                       "; echo $? > code2; cp disk/a.db* disk/.. ; mkdir -p after; cp "
                       "disk/a.db* after\n");
  if (here(alone + "sh full.sh").code == 99) GTEST_SKIP() << "may not mount a tmpfs";
  const auto line = [&](const std::string& name) {
    std::string text;
    std::getline(std::ifstream(path(name)), text);
    return text;
  };
  EXPECT_EQ(line("code"), "3");
  EXPECT_TRUE(contains(line("full.err"), "a.db: error: the disk is full") ||
              contains(line("full.err"), "a.db: error: cannot be read or written"))
      << line("full.err");
  EXPECT_EQ(line("code2"), "1") << "with room again, the same command goes on";
  EXPECT_EQ(integrity("after/a.db"), nothing_wrong);
  expect_whole("after/a.db");
}

#ifndef __SANITIZE_ADDRESS__  // which wants to be loaded first
class Preloaded : public Faults {
 protected:
  // For LD_PRELOAD, a list that is split at blanks, as seen from the folder of the test.
  std::string shim(const std::string& name) const {
    std::filesystem::create_symlink(build_path("tests/shims/" + name), path(name));
    return "./" + name;
  }
};

TEST_F(Preloaded, ClocksThatJumpChangeNothing) {
  const std::vector<std::string> limit = {"--set", "train.timeout=60s"};
  auto steady = grid_run("whole.db"), jumping = grid_run("a.db");
  for (auto* one : {&steady, &jumping})
    one->arguments.insert(one->arguments.end(), limit.begin(), limit.end());
  EXPECT_EQ(run(steady).code, 1);
  jumping.environment["LD_PRELOAD"] = shim("clock_jumps.so");
  const auto result = run(jumping);
  EXPECT_EQ(result.code, 1) << result.err;
  const auto timed_out = descent({"sql", "a.db",
                                  "SELECT count(*) AS n FROM runs WHERE status = "
                                  "'timeout'",
                                  "--format", "csv"});
  EXPECT_EQ(timed_out.out, "n\r\n0\r\n");
  const auto years = descent({"sql", "a.db",
                              "SELECT count(DISTINCT substr(value, 1, 4)) > 1 AS n "
                              "FROM provenance WHERE key LIKE '%\\_at' ESCAPE '\\'",
                              "--format", "csv"});
  EXPECT_EQ(years.out, "n\r\n1\r\n") << "the clock did not jump";
  expect_whole("a.db");
}

TEST_F(Preloaded, DurableWaitsForTheDiskAtEveryCommit) {
  const auto counter = shim("counts_syncs.so");
  const auto syncs = [&](const std::string& store, bool durable) {
    auto counted = grid_run(store);
    if (durable) counted.arguments.push_back("--durable");
    counted.environment = {{"LD_PRELOAD", counter}, {"SYNCS", path(store + ".syncs")}};
    EXPECT_EQ(run(counted).code, 1);
    return std::filesystem::file_size(path(store + ".syncs"));
  };
  EXPECT_GT(syncs("durable.db", true), syncs("whole.db", false) + 3);
  expect_whole("durable.db");
}
#endif

// A power cut as the disk sees it: what was written last of the log is there in part, or not at
// all.
TEST_F(Faults, ATornLogIsAPrefixOfTheCommits) {
#ifdef __SANITIZE_ADDRESS__
  const char* const epochs = "epochs: 500";
#else
  const char* const epochs = "epochs: 2500";
#endif
  // Few rows, so that the log is not brought into the file before its end.
  auto long_runs = grid("torn", "0.001, 0.003, 0.01");
  for (const auto& [from, to] :
       {std::pair{"epochs: 100", epochs}, std::pair{"replicates: 60", "replicates: 10"},
        std::pair{"every: 20", "every: 2000"}})
    if (const auto at = long_runs.find(from); at != long_runs.npos)
      long_runs.replace(at, std::strlen(from), to);
  write("torn.yaml", long_runs);
  complete("whole.db", 2, "torn.yaml");
  std::mt19937 random(5);
  Process process(grid_run("a.db", 2, "torn.yaml"));
  std::vector<std::string> torn;
  while (torn.size() < 3 && is_running(process.pid())) {
    pause(0.12);
    process.signal(SIGSTOP);  // both files of one moment
    const auto cut = "cut" + std::to_string(torn.size()) + ".db";
    remove(cut);
    std::error_code missing;
    std::filesystem::copy_file(path("a.db"), path(cut), missing);
    std::filesystem::copy_file(path("a.db-wal"), path(cut + "-wal"), missing);
    process.signal(SIGCONT);
    if (missing || std::filesystem::file_size(path(cut)) > 4096) continue;  // at its end
    const auto size = std::filesystem::file_size(path(cut + "-wal"));
    if (size == 0) continue;
    std::filesystem::resize_file(path(cut + "-wal"), random() % size);
    torn.push_back(cut);
  }
  process.wait();
  EXPECT_GE(torn.size(), 2u);
  for (const auto& cut : torn) {
    complete(cut, 2, "torn.yaml");
    expect_whole(cut);
    EXPECT_EQ(integrity(cut), nothing_wrong);
  }
}

using Private = Faults;

int mode(const std::string& file) {
  struct stat is {};
  return ::stat(file.c_str(), &is) == 0 ? int(is.st_mode & 0777) : -1;
}

TEST_F(Private, FilesAreTheUsersAlone) {
  write("small.yaml", small_experiment);
  const auto before = ::umask(0);
  auto process = std::make_unique<Process>(
      invocation({"run", "grid.yaml", "--db", "a.db", "--private", "--plugins", test_plugins()}));
  while (mode(path("a.db-wal")) < 0 && is_running(process->pid())) pause(0.002);
  for (const auto* end : {"", "-wal", "-shm"}) EXPECT_EQ(mode(path("a.db") + end), 0600) << end;
  process.reset();
  EXPECT_EQ(descent({"run", "small.yaml", "--db", "open.db", "-q"}).code, 0);
  EXPECT_EQ(descent({"merge", "merged.db", "open.db", "--private"}).code, 0);
  ::umask(before);
  EXPECT_EQ(mode(path("merged.db")), 0600);
  EXPECT_EQ(mode(path("open.db")), 0644) << "as SQLite makes it, unless asked";
  EXPECT_EQ(descent({"run", "small.yaml", "--db", "open.db", "-q", "--private"}).code, 0);
  EXPECT_EQ(mode(path("open.db")), 0600);
}

TEST_F(Private, NoLinkLeadsOutOfTheFolder) {
  namespace fs = std::filesystem;
  write("small.yaml", small_experiment);
  fs::create_directory(path("elsewhere"));
  fs::create_directory(path("here"));
  const auto refused = [&](const std::string& store, const std::string& reason) {
    const auto result = descent({"run", "small.yaml", "--db", store});
    EXPECT_EQ(result.code, 3);
    EXPECT_TRUE(contains(result.err, reason)) << result.err;
  };
  write("elsewhere/a.db", "");
  fs::create_symlink("../elsewhere/a.db", path("here/out.db"));
  refused("here/out.db", "here/out.db: error: is a symbolic link out of its folder, to '");
  EXPECT_EQ(fs::file_size(path("elsewhere/a.db")), 0u);
  fs::create_symlink("nothing.db", path("here/dangling.db"));
  refused("here/dangling.db",
          "here/dangling.db: error: is a symbolic link to a file that does not exist");
  EXPECT_FALSE(fs::exists(path("here/nothing.db")));
  write("victim", "precious");
  fs::create_symlink("../victim", path("here/b.db-wal"));
  refused("here/b.db", "b.db-wal' next to it is a symbolic link");
  write("here/real.db", "");
  fs::create_symlink("real.db", path("here/inside.db"));
  EXPECT_EQ(descent({"run", "small.yaml", "--db", "here/inside.db", "-q"}).code, 0);
  EXPECT_TRUE(fs::is_symlink(path("here/inside.db")));
  EXPECT_GT(fs::file_size(path("here/real.db")), 0u);
}

TEST_F(Faults, WhatPluginsPrintStaysOutOfTheOutput) {
  write("small.yaml", small_experiment);
  const auto result = descent({"run", "small.yaml", "--db", "a.db", "--json", "--plugins",
                               test_plugins(), "--set", "optimizer={grid: [prints, adam]}"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(nlohmann::json::parse(result.out)["done"], 6);
}

TEST_F(Faults, OutputThatCannotBeWrittenIsAnError) {
  run_small();
  EXPECT_EQ(here(program() + " sql small.db 'SELECT * FROM runs' > /dev/full").code, 2);
}

}  // namespace
}  // namespace descent
