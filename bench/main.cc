// SPDX-License-Identifier: MIT
// main() of every benchmark program: Google Benchmark's own, but the exit code is 1 when a
// benchmark reports an error or none runs. Google Benchmark 1.7.1 ends with 0 then.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <iostream>
#include <memory>

#include "size.h"

namespace {

// Prints as the options request, and remembers errors.
class Reporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override { return printer_->ReportContext(context); }
  void ReportRuns(const std::vector<Run>& runs) override {
    failed_ |= std::ranges::any_of(runs, &Run::error_occurred);
    printer_->ReportRuns(runs);
  }
  void Finalize() override { printer_->Finalize(); }

  bool failed() const { return failed_; }

 private:
  std::unique_ptr<BenchmarkReporter> printer_{benchmark::CreateDefaultDisplayReporter()};
  bool failed_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  std::string least = "--benchmark_min_time=0.001";
  if (descent::smallest()) arguments.insert(arguments.begin() + 1, least.data());
  argc = int(arguments.size());
  benchmark::Initialize(&argc, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(argc, arguments.data())) return 1;
  Reporter reporter;
  const auto count = benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();
  if (count == 0) std::cerr << argv[0] << ": no benchmark ran\n";
  if (reporter.failed()) std::cerr << argv[0] << ": a benchmark reported an error\n";
  return count == 0 || reporter.failed() ? 1 : 0;
}
