// SPDX-License-Identifier: MIT
#include "cli/report_file.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>
#include <thread>

#include "base/end_process.h"
#include "base/error.h"
#include "cli/output_file.h"
#include "cli/report_sources.h"
#include "cli/worker_options.h"
#include "report/experiment.h"
#include "report/page.h"

namespace descent::cli {
namespace {

constexpr std::chrono::milliseconds tick{100}, between{2000};

// Another file under that name is not replaced.
void check_is_report(const std::string& file) {
  check_can_be_written(file);
  std::ifstream in(file, std::ios::binary);
  if (!in) return;  // missing, or an error that the writer reports
  std::string start(4096, '\0');
  in.read(start.data(), std::streamsize(start.size()));
  if (start.find("descent report</title>") == start.npos)
    throw Error({file, 0, 0},
                "already exists and is not a report; give another --output, or remove it");
}

void write(store::Reader& reader, const ReportRequest& request, bool is_live) {
  const auto name = std::filesystem::path(request.database).filename().string();
  const auto text = report::page(reader, {name, request.experiments, is_live}, report_sources());
  write_output(request.file, true, [&](std::ostream& out) { out << text; });
}

std::int64_t version(store::Reader& reader) {
  return report::first_integer(reader, "PRAGMA data_version");
}

// Returns early when stop is set.
void sleep(const volatile std::sig_atomic_t& stop) {
  for (auto slept = tick; slept <= between && !stop; slept += tick)
    std::this_thread::sleep_for(tick);
}

// A run makes its store when it begins.
void wait_for_store(const std::string& database, const volatile std::sig_atomic_t& stop) {
  while (!stop) try {
      store::Reader::open(database);
      return;
    } catch (const StoreError&) {
      std::this_thread::sleep_for(tick);
    }
}

// What goes wrong here must not end the run: the last report is written by the run itself.
[[noreturn]] void keep_in_child(const ReportRequest& request) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  catch_signals();
  try {
    wait_for_store(request.database, stop_signal);
    auto reader = store::Reader::open(request.database);
    for (std::int64_t seen = -1; !stop_signal; sleep(stop_signal))
      if (const auto now = version(reader); now != seen) {
        write(reader, request, true);
        seen = now;
      }
  } catch (const std::exception&) {
  }
  end_process(0);
}

}  // namespace

void write_report(const ReportRequest& request, bool is_live) {
  check_is_report(request.file);
  auto reader = store::Reader::open(request.database);
  write(reader, request, is_live);
}

bool keep_report(const ReportRequest& request, const volatile std::sig_atomic_t& stop) {
  check_is_report(request.file);
  auto reader = store::Reader::open(request.database);
  bool is_finished = false;
  for (std::int64_t seen = -1; !stop && !is_finished; sleep(stop)) {
    const auto now = version(reader);
    if (now == seen) continue;
    seen = now;
    is_finished = report::is_finished(reader, request.experiments);
    write(reader, request, !is_finished);
    if (is_finished) return true;
  }
  write(reader, request, false);
  return is_finished;
}

ReportKeeper::ReportKeeper(const ReportRequest& request) {
  check_is_report(request.file);
  std::cout.flush();
  std::fflush(nullptr);
  process_ = ::fork();
  if (process_ < 0)
    throw std::system_error(errno, std::generic_category(), "no process for the report");
  if (process_ == 0) keep_in_child(request);
}

ReportKeeper::~ReportKeeper() {
  ::kill(process_, SIGTERM);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace descent::cli
