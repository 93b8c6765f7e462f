// SPDX-License-Identifier: MIT
#include "cluster/status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <filesystem>

#include "cluster/share.h"

namespace descent::cluster {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t long_silence = 180;  // seconds; a share reports every 20 while it trains

bool has_ended(const ShareProgress& share) {
  return share.host == host_name() && ::kill(pid_t(share.pid), 0) != 0 && errno == ESRCH;
}

void add(Status& status, std::uint64_t number, const ShareProgress& share, std::int64_t now) {
  status.trained += share.trained;
  status.not_done += share.not_done;
  if (share.is_done) {
    ++status.shares_done;
    return;
  }
  if (!share.error.empty()) {
    status.notes.push_back(fmt::format("share {} on {}: {}", number, share.node, share.error));
    return;
  }
  const auto silence = now - share.written_at;
  if (has_ended(share)) {
    status.notes.push_back(
        fmt::format("share {} on {}: ended before it was done", number, share.node));
    return;
  }
  ++status.shares_running;
  if (silence > long_silence)
    status.notes.push_back(
        fmt::format("share {} on {}: no progress for {} min", number, share.node, silence / 60));
}

}  // namespace

Status status_of(const Job& job) {
  const auto& state = job.state;
  Status status;
  std::vector<std::string> names;
  for (const auto& file : state.settings.files) names.push_back(fs::path(file).stem().string());
  status.name = fmt::format("{}", fmt::join(names, ", "));
  status.round = state.round.number;
  status.planned = state.planned;
  status.trained = state.stored;
  status.shares = state.round.shares;
  status.arithmetic = state.arithmetic;
  status.is_done = state.is_done;
  if (state.is_done) {
    status.shares_done = status.shares;
    return status;
  }
  const auto now = std::time(nullptr);
  std::int64_t first = now;
  for (std::uint64_t i = 0; i < state.round.shares; ++i) {
    ShareProgress share;
    if (!read_progress(job.share_file(i, "json"), share)) continue;
    add(status, i, share, now);
    first = std::min(first, share.written_at - std::int64_t(share.seconds));
  }
  const auto trained = status.trained - state.stored, left = status.planned - status.trained;
  if (trained > 0 && status.planned >= status.trained)
    status.seconds_left =
        double(std::max<std::int64_t>(1, now - first)) / double(trained) * double(left);
  return status;
}

}  // namespace descent::cluster
