// SPDX-License-Identifier: MIT
// A folder in which a test writes an experiment, runs it into a store, and queries the store.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "engine/runner.h"
#include "folder.h"
#include "paths.h"
#include "store/dump.h"
#include "store/query.h"

namespace descent {

class Laboratory : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path(name); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
    return path(name);
  }

  static host::Catalog catalog() {
    const std::filesystem::path build = descent::build_path("");
    return host::Catalog({build / "plugins", build / "tests" / "plugins"});
  }

  // Runs the text as an experiment; stop is looked at as a signal handler's flag would be.
  engine::Outcome run(const std::string& yaml, const std::string& store, unsigned workers = 2,
                      bool fresh = false, const std::vector<std::string>& overrides = {}) const {
    return run_until(no_stop_, yaml, store, workers, fresh, overrides);
  }

  engine::Outcome run_until(const volatile std::sig_atomic_t& stop, const std::string& yaml,
                            const std::string& store, unsigned workers, bool fresh = false,
                            const std::vector<std::string>& overrides = {}) const {
    const auto plugins = catalog();
    const std::vector<experiment::Experiment> experiments{
        experiment::Experiment::read(write("experiment.yaml", yaml), overrides, plugins)};
    const engine::Plan plan(experiments, plugins);
    auto database = store::Store::open(path(store));
    return engine::Runner(plan, database, {workers, fresh, false}).run(stop);
  }

  // Stopped as soon as some runs are stored.
  engine::Outcome run_until_stored(const std::string& yaml, const std::string& store,
                                   const std::vector<std::string>& overrides) const {
    volatile std::sig_atomic_t stop = 0;
    std::thread watcher([&] {
      for (double stored = 0; !(stored > 0);) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        try {
          stored = number(store, "SELECT count(*) FROM runs");
        } catch (const Error&) {  // there is no store yet
        }
      }
      stop = 1;
    });
    const auto outcome = run_until(stop, yaml, store, 2, false, overrides);
    watcher.join();
    return outcome;
  }

  // The rows of a query, each as its values.
  std::vector<std::vector<store::Value>> ask(const std::string& store,
                                             const std::string& sql) const {
    auto reader = store::Reader::open(path(store));
    auto rows = reader.query(sql);
    std::vector<std::vector<store::Value>> all;
    for (std::vector<store::Value> row; rows.next(row);) all.push_back(row);
    return all;
  }

  double number(const std::string& store, const std::string& sql) const {
    const auto rows = ask(store, sql);
    if (rows.empty()) return std::numeric_limits<double>::quiet_NaN();
    const auto& value = rows.at(0).at(0);
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return double(*whole);
    if (const auto* real = std::get_if<double>(&value)) return *real;
    return std::numeric_limits<double>::quiet_NaN();
  }

  std::string text(const std::string& store, const std::string& sql) const {
    const auto rows = ask(store, sql);
    const auto* words = rows.empty() ? nullptr : std::get_if<std::string>(&rows.at(0).at(0));
    return words ? *words : "";
  }

 private:
  Folder folder_;
  volatile std::sig_atomic_t no_stop_ = 0;
};

}  // namespace descent
