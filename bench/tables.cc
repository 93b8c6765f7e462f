// SPDX-License-Identifier: MIT
// Prints a table of bench/RESULTS.md from a folder of files <program>.json, as Google Benchmark
// writes them with repetitions. A figure that is not there is an error, never an empty cell.
#include <fmt/ranges.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>

#include "format.h"
#include "size.h"

namespace descent {
namespace {

using nlohmann::json;

// Of benchmarks, which are named <program>/<benchmark>.
class Figures {
 public:
  explicit Figures(const std::filesystem::path& folder) {
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      if (file.path().extension() != ".json") continue;
      std::ifstream stream(file.path());
      const json content = json::parse(stream);
      for (const json& run : content.at("benchmarks")) {
        const auto name = file.path().stem().string() + '/' + run.at("run_name").get<std::string>();
        names_.insert(name);
        if (run.contains("aggregate_name"))
          aggregates_[name][run["aggregate_name"].get<std::string>()] = run;
      }
    }
  }

  const std::set<std::string>& names() const { return names_; }

  // Times in seconds: processor time, unless the benchmark requests wall time.
  Measured time(const std::string& name) const {
    const Measured time = get(name, by_wall_time(name) ? "real_time" : "cpu_time");
    const auto unit = aggregates_.at(name).at("median").at("time_unit").get<std::string>();
    return {time.median * (unit == "ns" ? 1e-9 : unit == "us" ? 1e-6 : 1e-3), time.spread};
  }
  Measured rate(const std::string& name) const { return get(name, "items_per_second"); }
  Measured kilobytes_of_page(const std::string& name) const { return get(name, "page_kB"); }
  Measured megabytes(const std::string& name) const { return get(name, "peak_MB"); }
  Measured megabytes_per_second(const std::string& name) const { return get(name, "MB_per_s"); }
  bool was_measured(const std::string& name, const char* quantity) const {
    return aggregates_.at(name).at("median").contains(quantity);
  }

  static bool by_wall_time(const std::string& name) { return name.ends_with("/real_time"); }

 private:
  Measured get(const std::string& name, const char* quantity) const {
    try {
      const auto& of = aggregates_.at(name);
      return {of.at("median").at(quantity), of.at("cv").at(quantity)};
    } catch (const std::exception&) {
      throw std::runtime_error(fmt::format(
          "no median and deviation of {} for the benchmark '{}'; there are figures of {}", quantity,
          name, fmt::join(names_, ", ")));
    }
  }

  std::map<std::string, std::map<std::string, json>> aggregates_;
  std::set<std::string> names_;
};

enum class Measure { time, runs_a_second, steps_a_second, megabytes, kilobytes_of_page };

// What ours should reach; the ratio is ours / the other.
struct Target {
  std::string text;
  std::function<bool(double ours, double ratio)> met;
};
Target seconds_at_most(double bound) {
  return {fmt::format("<= {} s", bound), [=](double ours, double) { return ours <= bound; }};
}
Target megabytes_at_most(double bound) {
  return {fmt::format("<= {} MB", bound), [=](double ours, double) { return ours <= bound; }};
}
Target kilobytes_at_most(double bound) {
  return {fmt::format("<= {} kB", bound), [=](double ours, double) { return ours <= bound; }};
}
Target runs_at_least(double bound) {
  return {fmt::format(">= {} runs/s", bound), [=](double ours, double) { return ours >= bound; }};
}
Target ratio_at_most(double bound) {
  return {fmt::format("ratio <= {}", bound), [=](double, double ratio) { return ratio <= bound; }};
}
Target ratio_at_least(double bound) {
  return {fmt::format("ratio >= {}", bound), [=](double, double ratio) { return ratio >= bound; }};
}

struct Row {
  std::string work;
  Measure measure;
  std::string ours, words, other;  // two benchmarks, and what the other one is
  std::optional<Target> target;
};

const std::vector<Row> rows{
    {"y = 5x + 7, 256 points, full batch, a step", Measure::time, "line/ours",
     "hand-written fused loop", "line/hand_written", ratio_at_most(3)},
    {"the same", Measure::time, "line/ours", "plain Armadillo", "line/plain_armadillo", {}},
    {"MLP 64-128-10, batch 32, Adam, a step", Measure::time, "mlp/step/mlp_64_128_10",
     "its bare matrix products", "mlp/products/mlp_64_128_10", ratio_at_most(1.6)},
    {"MLP 784-512-512-10, batch 128, Adam, a step", Measure::time, "mlp/step/mlp_784_512_512_10",
     "its bare matrix products", "mlp/products/mlp_784_512_512_10", ratio_at_most(1.15)},
    {"Adam on 1,000,000 weights, a step", Measure::time, "adam/ours", "a loop over the same bytes",
     "adam/streaming", ratio_at_most(1.2)},
    {"MLP 10-16-8-1 tanh, batch 32, steps of 100 replicates", Measure::steps_a_second,
     "lanes/ours<Tanh>", "a prototype that trains them side by side", "lanes/side_by_side<Tanh>",
     ratio_at_least(0.33)},
    {"storing runs with 20 curve rows", Measure::runs_a_second, "store/ours/real_time",
     "a transaction for each run", "store/transaction_a_run/real_time", runs_at_least(50'000)},
    {"merging parts of a job, runs with 20 curve rows", Measure::runs_a_second,
     "merge/part/real_time", "merging the same runs as a store", "merge/whole_store/real_time",
     runs_at_least(60'000)},
    {"100,000 runs with 34 curve rows, `descent run` from start to end, two workers",
     Measure::runs_a_second, "runs/short_runs/2/iterations:1/real_time", "one worker",
     "runs/short_runs/1/iterations:1/real_time", runs_at_least(50'000)},
    {"1000 runs of 2 ms, `descent run` from start to end, two workers", Measure::runs_a_second,
     "workers/grid/2/iterations:1/real_time", "one worker", "workers/grid/1/iterations:1/real_time",
     ratio_at_least(1.9)},
    {"`descent run`, one run of one epoch, new store", Measure::time, "start/run/real_time",
     "`descent --version`", "start/version/real_time", seconds_at_most(0.05)},
    {"`descent plan` of a million points", Measure::time,
     "plan/plan/million_hyperparameters/real_time", "one point", "plan/plan/one_point/real_time",
     seconds_at_most(2)},
    {"the same, memory", Measure::megabytes, "plan/plan/million_hyperparameters/real_time", "", "",
     megabytes_at_most(200)},
    {"`descent plan` of a million points, a thousand of them seeds", Measure::time,
     "plan/plan/million_with_seeds/real_time", "one point", "plan/plan/one_point/real_time",
     seconds_at_most(2)},
    {"the same, memory", Measure::megabytes, "plan/plan/million_with_seeds/real_time", "", "",
     megabytes_at_most(200)},
    {"a view over a million runs, the points of a swept value", Measure::time,
     "view/ask/all_columns_of_a_rate/real_time", "a column of all points",
     "view/ask/a_column_of_all/real_time", seconds_at_most(0.1)},
    {"`descent report` of 1000 points, 100,000 runs", Measure::time,
     "report/page/hundred_thousand/real_time", "a million runs", "report/page/million/real_time",
     seconds_at_most(5)},
    {"the same, its file", Measure::kilobytes_of_page, "report/page/hundred_thousand/real_time",
     "a million runs", "report/page/million/real_time", kilobytes_at_most(500)},
};

Measured measured(const Figures& figures, const std::string& name, Measure measure) {
  switch (measure) {
    case Measure::time:
      return figures.time(name);
    case Measure::megabytes:
      return figures.megabytes(name);
    case Measure::kilobytes_of_page:
      return figures.kilobytes_of_page(name);
    default:
      return figures.rate(name);
  }
}

std::string shown(const Measured& m, Measure measure) {
  switch (measure) {
    case Measure::time:
      return seconds(m.median) + plus_minus(m);
    case Measure::runs_a_second:
      return fmt::format("{:.0f} runs/s", m.median) + plus_minus(m);
    case Measure::steps_a_second:
      return fmt::format("{:.0f} steps/s", m.median) + plus_minus(m);
    case Measure::megabytes:
      return fmt::format("{:.0f} MB", m.median);
    case Measure::kilobytes_of_page:
      return fmt::format("{:.0f} kB", m.median);
  }
  return "";
}

void print_targets(const Figures& figures, bool busy) {
  print_head({"work", "ours", "compared with", "ratio", "target", "met"});
  for (const auto& row : rows) {
    const auto ours = measured(figures, row.ours, row.measure);
    std::string other, ratio_text, met;
    double ratio = 0;
    if (!row.other.empty()) {
      const auto theirs = measured(figures, row.other, row.measure);
      ratio = ours.median / theirs.median;
      other = row.words + ' ' + shown(theirs, row.measure);
      ratio_text = fmt::format("{:.2f}", ratio);
    }
    const bool is_a_size =
        row.measure == Measure::megabytes || row.measure == Measure::kilobytes_of_page;
    const bool disturbed = busy && !is_a_size && Figures::by_wall_time(row.ours);
    if (row.target)
      met = disturbed || smallest()               ? "not judged"
            : row.target->met(ours.median, ratio) ? "yes"
                                                  : "no";
    print_row({row.work, shown(ours, row.measure), other, ratio_text,
               row.target ? row.target->text : "", met});
  }
}

// Microseconds. libmvec has no log-softmax, and none of its functions are for every processor.
void print_elementwise(const Figures& figures) {
  print_head({"function", "ours", "SLEEF", "ratio", "libmvec", "ratio", "copying the values"});
  const auto row = [&](const std::string& words, const std::string& element,
                       const std::string& ours, const std::string& sleef,
                       const std::string& libmvec) {
    const auto us = [&](const std::string& benchmark) {
      return figures.time("elementwise/" + benchmark + element + '>').median * 1e6;
    };
    const auto show = [](double figure, int digits) {
      return fmt::format("{:.{}f}", figure, digits);
    };
    const bool both = figures.names().contains("elementwise/" + libmvec + element + '>');
    print_row({words + ", " + element, show(us(ours), 1), show(us(sleef), 1),
               show(us(ours) / us(sleef), 2), both ? show(us(libmvec), 1) : "none",
               both ? show(us(ours) / us(libmvec), 2) : "", show(us("copy<"), 1)});
  };
  for (const std::string element : {"float", "double"}) {
    for (const auto& [words, f] :
         {std::pair{"exp", "Exp"}, {"tanh", "Tanh"}, {"sigmoid", "Sigmoid"}}) {
      const auto by = [f = f](const char* what) { return fmt::format("{}<{}, ", what, f); };
      row(words, element, by("ours"), by("sleef"), by("libmvec"));
    }
    row("log-softmax of 10 classes", element, "ours<LogSoftmax, ", "sleef_log_softmax<", "");
    row("tanh and its slope", element, "ours_tanh_and_slope<", "sleef_tanh_and_slope<", "");
  }
}

// Nanoseconds by plain loops / by OpenBLAS, the least work first.
void print_products(const Figures& figures) {
  print_head({"k x d, d x n", "multiply-adds", "W x", "dy x'", "W' dy"});
  const std::string first = "products/forward_loops/";
  std::map<std::vector<int>, std::string> shapes;
  for (const auto& name : figures.names()) {
    int k = 0, d = 0, n = 0;
    if (name.starts_with(first) &&
        std::sscanf(name.c_str() + first.size(), "k:%d/d:%d/n:%d", &k, &d, &n) == 3)
      shapes[{k * d * n, k, d, n}] = name.substr(first.size());
  }
  if (shapes.empty()) throw std::runtime_error("there are no figures of products");
  for (const auto& [size, shape] : shapes) {
    const auto pair = [&](const std::string& product) {
      const auto ns = [&](const std::string& by) {
        return figures.time("products/" + product + '_' + by + '/' + shape).median * 1e9;
      };
      return fmt::format("{:.0f} / {:.0f}", ns("loops"), ns("blas"));
    };
    print_row({fmt::format("{} x {}, {} x {}", size[1], size[2], size[2], size[3]),
               std::to_string(size[0]), pair("forward"), pair("weights"), pair("inputs")});
  }
}

void print_reader(const Figures& figures) {
  std::cout << "| reader | MB/s | peak, MB |\n| --- | --- | --- |\n";
  for (const auto& name : figures.names()) {
    if (!name.starts_with("reader/")) continue;
    const auto first = name.find('/') + 1;
    const auto reader = name.substr(first, name.find("/iterations") - first);
    if (figures.was_measured(name, "MB_per_s"))
      std::cout << fmt::format("| {} | {:.0f} | {:.0f} |\n", reader,
                               figures.megabytes_per_second(name).median,
                               figures.megabytes(name).median);
    else
      std::cout << fmt::format("| {} | not installed | |\n", reader);
  }
}

}  // namespace
}  // namespace descent

int main(int argc, char** argv) try {
  using namespace descent;
  if (argc != 3)
    throw std::runtime_error(
        "usage: bench_tables FOLDER targets|targets-busy|elementwise|reader|products");
  const Figures figures(argv[1]);
  const std::string table = argv[2];
  if (table == "targets" || table == "targets-busy")
    print_targets(figures, table == "targets-busy");
  else if (table == "elementwise")
    print_elementwise(figures);
  else if (table == "reader")
    print_reader(figures);
  else if (table == "products")
    print_products(figures);
  else
    throw std::runtime_error("no table '" + table +
                             "'; valid: targets, targets-busy, elementwise, reader, products");
} catch (const std::exception& error) {
  std::cerr << "bench_tables: " << error.what() << '\n';
  return 1;
}
