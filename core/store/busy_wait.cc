// SPDX-License-Identifier: MIT
#include "store/busy_wait.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <thread>

#include "store/database.h"

namespace descent::store {
namespace {

constexpr double moment = 0.1;     // seconds that an attempt waits
constexpr double long_wait = 2.0;  // seconds after which a wait is reported

}  // namespace

BusyWait::BusyWait(SQLite::Database& database, std::string path, double patience_seconds)
    : database_(database), path_(std::move(path)), patience_(patience_seconds) {
  sqlite3_busy_handler(database_.getHandle(), on_busy, this);
}

BusyWait::~BusyWait() { sqlite3_busy_handler(database_.getHandle(), nullptr, nullptr); }

void BusyWait::set_patience(double seconds, Tell tell) {
  patience_ = seconds;
  tell_ = std::move(tell);
}

int BusyWait::on_busy(void* self, int count) {
  return static_cast<BusyWait*>(self)->wait(count) ? 1 : 0;
}

// count: how often SQLite has asked during this wait. Outside of attempts, a wait begins with 0.
bool BusyWait::wait(int count) {
  if (count == 0 && !is_attempt_) forget();
  note_held();
  constexpr auto step = std::chrono::milliseconds(10);
  if (is_attempt_ ? count * 0.01 >= moment : held() >= patience_) return false;
  std::this_thread::sleep_for(step);
  return true;
}

bool BusyWait::may_wait_on(const SQLite::Exception& error) {
  if (error.getErrorCode() != SQLITE_BUSY) return false;
  is_held_ = true;
  note_held();
  return held() < patience_;
}

void BusyWait::note_held() {
  if (!since_) since_ = Clock::now();
  if (is_reported_ || !tell_ || held() < long_wait) return;
  is_reported_ = true;
  tell_(
      fmt::format("{}: warning: is locked by another process{}; training continues, and its "
                  "results wait in memory. The run gives up after {:.0f} s",
                  path_, lock_holder(path_), patience_));
}

void BusyWait::note_free() {
  if (is_reported_ && tell_) tell_(fmt::format("{}: note: can be written again", path_));
  forget();
}

void BusyWait::forget() {
  since_.reset();
  is_reported_ = is_held_ = false;
}

double BusyWait::held() const {
  return since_ ? std::chrono::duration<double>(Clock::now() - *since_).count() : 0;
}

}  // namespace descent::store
