// SPDX-License-Identifier: MIT
#include "engine/progress.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>

namespace descent::engine {
namespace {

std::string duration(double seconds) {
  const auto s = std::uint64_t(std::llround(seconds));
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace

Progress::Progress(std::uint64_t total, bool shown)
    : total_(total), shown_(shown), start_(std::chrono::steady_clock::now()), last_(start_) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void Progress::add(std::uint64_t runs, std::uint64_t not_done) {
  done_ += runs;
  not_done_ += not_done;
}

void Progress::draw() {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_ || now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  drawn_ = true;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const double rate = double(done_) / elapsed;
  const auto left = done_ > 0 ? duration(double(total_ - done_) / rate) : std::string("?");
  const auto line = fmt::format("\r\033[K{}/{} runs  {:.0f} runs/s  {} left  {} failed", done_,
                                total_, rate, left, not_done_);
  std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace descent::engine
