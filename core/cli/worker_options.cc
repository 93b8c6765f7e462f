// SPDX-License-Identifier: MIT
#include "cli/worker_options.h"

#include <fmt/format.h>
#include <sched.h>

#include "base/error.h"

namespace descent::cli {
namespace {

namespace po = boost::program_options;

unsigned cores() {
  cpu_set_t mine;
  CPU_ZERO(&mine);
  if (sched_getaffinity(0, sizeof mine, &mine) != 0) return 1;
  return unsigned(CPU_COUNT(&mine));
}

}  // namespace

volatile std::sig_atomic_t stop_signal = 0;

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = [](int number) { stop_signal = number; };
  action.sa_flags = int(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void add_workers_option(po::options_description& options) {
  options.add_options()("workers", po::value<int>()->default_value(0)->value_name("N"),
                        "worker processes; 0: one per core")(
      "any-cpu", "train into a store with runs of another kind of processor");
}

unsigned worker_count(const po::variables_map& values) {
  const int wanted = values["workers"].as<int>();
  if (wanted < 0) throw Error(fmt::format("--workers {}: expected a whole number >= 0", wanted));
  return wanted == 0 ? cores() : unsigned(wanted);
}

}  // namespace descent::cli
