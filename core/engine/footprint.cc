// SPDX-License-Identifier: MIT
#include "engine/footprint.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <fstream>
#include <optional>

namespace descent::engine {
namespace {

const char* const remedies =
    "record fewer epochs (record.every), give data fewer test points, or leave the decomposition "
    "out (record: {decompose: none})";

std::optional<std::uint64_t> free_disk(const std::string& folder) {
  struct statvfs is {};
  if (::statvfs(folder.empty() ? "." : folder.c_str(), &is) != 0) return {};
  return std::uint64_t(is.f_bavail) * is.f_frsize;
}

// What the kernel can give without swapping, and what the container may still take.
std::optional<std::uint64_t> free_memory() {
  std::optional<std::uint64_t> least;
  std::ifstream info("/proc/meminfo");
  std::string key, unit;
  for (std::uint64_t kilobytes = 0; info >> key >> kilobytes; std::getline(info, unit))
    if (key == "MemAvailable:") least = kilobytes * 1024;
  std::uint64_t most = 0, used = 0;
  if (std::ifstream("/sys/fs/cgroup/memory.max") >> most &&
      std::ifstream("/sys/fs/cgroup/memory.current") >> used)
    least = std::min(least.value_or(most), most > used ? most - used : 0);
  return least;
}

}  // namespace

void Footprint::extend(const Footprint& other) {
  scratch = std::max(scratch, other.scratch);
  worker = std::max(worker, other.worker);
  model = std::max(model, other.model);
}

// A worker holds a chunk's accumulators, their bytes as a message, the predictions of a run, and
// the model.
Footprint footprint(const VariantPlan& point) {
  const auto chunks = chunks_of(point, point.most).size();
  return {chunks * point.chunk_bytes,
          2 * point.chunk_bytes + point.prediction_bytes + point.model_bytes, point.model_bytes};
}

Footprint footprint(const Plan& plan) {
  Footprint most;
  for (const auto& point : plan.variants()) most.extend(footprint(point));
  return most;
}

std::string why_no_room(const Footprint& needed, unsigned workers, const std::string& folder) {
  if (const auto disk = free_disk(folder); disk && *disk < needed.scratch)
    return fmt::format(
        "the accumulated predictions of a point need about {} of disk next to the store, which has "
        "{} left; free some space, {}",
        in_bytes(needed.scratch), in_bytes(*disk), remedies);
  const auto memory = free_memory();
  if (memory && *memory / workers < needed.model)
    return fmt::format(
        "weights and gradient of the largest model take {} of memory in each of {} worker{}, and "
        "the machine has {} left; use fewer --workers, or a smaller model",
        in_bytes(needed.model), workers, workers == 1 ? "" : "s", in_bytes(*memory));
  if (memory && *memory / workers < needed.worker)
    return fmt::format(
        "the accumulated predictions of {} worker{} need about {} of memory each, and the "
        "machine has {} left; use fewer --workers, {}",
        workers, workers == 1 ? "" : "s", in_bytes(needed.worker), in_bytes(*memory), remedies);
  return "";
}

std::string in_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double value = double(bytes) / 1000;
  for (const char* unit : {"kB", "MB", "GB"}) {
    if (value < 999.5) return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, unit);
    value /= 1000;
  }
  return fmt::format("{:.{}f} TB", value, value < 9.95 ? 1 : 0);
}

}  // namespace descent::engine
