// SPDX-License-Identifier: MIT
// Waits while another program writes the same store, and says so once that takes long. For the .cc
// files of this floor.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace descent::store {

class BusyWait {
 public:
  using Tell = std::function<void(const std::string& message)>;

  // The busy handler of the database, which must outlive this.
  BusyWait(SQLite::Database& database, std::string path, double patience_seconds);
  ~BusyWait();
  BusyWait(const BusyWait&) = delete;
  BusyWait& operator=(const BusyWait&) = delete;

  void set_patience(double seconds, Tell tell);

  // Calls begin(), which takes the write lock. False when the lock is still held after a moment.
  // Throws StoreError when it has been held at every call for as long as the patience.
  template <class Begin>
  bool attempt(const Begin& begin) {
    if (!is_held_) forget();
    is_attempt_ = true;
    try {
      begin();
    } catch (const SQLite::Exception& error) {
      is_attempt_ = false;
      if (!may_wait_on(error)) throw;
      return false;
    }
    is_attempt_ = false;
    note_free();
    return true;
  }

 private:
  using Clock = std::chrono::steady_clock;

  static int on_busy(void* self, int count);
  bool wait(int count);
  bool may_wait_on(const SQLite::Exception& error);
  void note_held();
  void note_free();
  void forget();
  double held() const;  // seconds

  SQLite::Database& database_;
  std::string path_;
  double patience_;
  Tell tell_;
  bool is_attempt_ = false;
  bool is_held_ = false;  // the last attempt found it held
  bool is_reported_ = false;
  std::optional<Clock::time_point> since_;  // when the lock was found to be held
};

}  // namespace descent::store
