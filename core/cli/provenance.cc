// SPDX-License-Identifier: MIT
#include "cli/provenance.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include <filesystem>
#include <fstream>

#include "autograd/version.h"
#include "base/build.h"
#include "engine/arithmetic.h"

// OpenBLAS says what it is and which kernels it chose; another BLAS does not have this.
extern "C" __attribute__((weak)) char* openblas_get_config();

namespace descent::cli {
namespace {

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown";
}

}  // namespace

std::map<std::string, std::string> provenance(const std::string& command,
                                              const std::vector<std::string>& arguments,
                                              unsigned workers) {
  utsname system{};
  uname(&system);
  std::error_code ignored;
  return {{"command", fmt::format("descent {} {}", command, fmt::join(arguments, " "))},
          {"folder", std::filesystem::current_path(ignored).string()},
          {"host", system.nodename},
          {"system", fmt::format("{} {} {}", system.sysname, system.release, system.machine)},
          {"cpu", cpu_model()},
          {"workers", std::to_string(workers)},
          {"version", version()},
          {"build", build_id()},
          {"compiler", compiler()},
          {"arithmetic", engine::arithmetic()},
          {"armadillo", armadillo_version()},
          {"blas", openblas_get_config ? openblas_get_config() : "unknown"}};
}

}  // namespace descent::cli
