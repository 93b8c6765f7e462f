// SPDX-License-Identifier: MIT
// The file that a report is written to, once or while a run goes on.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <string>
#include <vector>

namespace descent::cli {

struct ReportRequest {
  std::string database, file;            // file "-": standard output
  std::vector<std::string> experiments;  // empty: all
};

// Writes the report, whole or not at all. Throws Error when the file is there and is no report.
void write_report(const ReportRequest& request, bool is_live);

// Writes it again when the store has changed, at most every two seconds, until all points are
// finished or stop is set. Then the last one is written, which is not live. Returns whether all
// points are finished.
bool keep_report(const ReportRequest& request, const volatile std::sig_atomic_t& stop);

// Keeps a report in a process of its own for as long as this lives.
class ReportKeeper {
 public:
  explicit ReportKeeper(const ReportRequest& request);
  ~ReportKeeper();
  ReportKeeper(const ReportKeeper&) = delete;
  ReportKeeper& operator=(const ReportKeeper&) = delete;

 private:
  pid_t process_ = -1;
};

}  // namespace descent::cli
