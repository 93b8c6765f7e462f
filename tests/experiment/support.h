// SPDX-License-Identifier: MIT
// Experiment files written for one test, and what reading them gives.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "experiment/experiment.h"
#include "experiment/schema/path.h"
#include "folder.h"
#include "paths.h"

namespace descent::testing {

using nlohmann::json;
using Lines = std::vector<std::pair<std::string, std::string>>;

inline std::filesystem::path build_folder() { return descent::build_path(""); }

// A whole experiment, a key a line, with some lines replaced and others added at the end:
// 1 experiment, 2 data, 3 model, 4 loss, 5 optimizer, 6 train, from 7 on what is added.
inline std::string text(const Lines& changes = {}) {
  Lines lines = {{"experiment", "small"},
                 {"data", "{synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, train: 8}}"},
                 {"model", "{layers: [{linear: 1}]}"},
                 {"loss", "mse"},
                 {"optimizer", "sgd"},
                 {"train", "{epochs: 40}"}};
  for (const auto& [key, value] : changes) {
    bool known = false;
    for (auto& line : lines)
      if (line.first == key) line.second = value, known = true;
    if (!known) lines.emplace_back(key, value);
  }
  std::string all;
  for (const auto& [key, value] : lines) all += key + ": " + value + "\n";
  return all;
}

class ExperimentFile : public ::testing::Test {
 protected:
  using Overrides = std::vector<std::string>;

  experiment::Experiment read(const std::string& content, const Overrides& overrides = {}) {
    return experiment::Experiment::read(write("file.yaml", content), overrides, catalog_);
  }

  std::string write(const std::string& name, const std::string& content) {
    const auto file = folder_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << content;
    return file.string();
  }

  // The resolved content of the only point.
  json resolved(const std::string& content, const Overrides& overrides = {}) {
    const auto experiment = read(content, overrides);
    EXPECT_EQ(experiment.size(), 1u);
    return experiment.point(0).configuration;
  }

  train::Settings settings(const Lines& changes) { return read(text(changes)).point(0).settings; }

  // Every problem, a line each, as "5:12: text", or "--set x=1: text".
  std::vector<std::string> problems(const std::string& content, const Overrides& overrides = {}) {
    return problems(content, overrides, catalog_);
  }
  std::vector<std::string> problems(const std::string& content, const Overrides& overrides,
                                    const host::Catalog& catalog) {
    const auto file = write("file.yaml", content);
    try {
      experiment::Experiment::read(file, overrides, catalog);
    } catch (const Error& error) {
      std::vector<std::string> all;
      for (auto problem : error.problems()) {
        if (problem.place.file == file && problem.place.line > 0) problem.place.file.clear();
        const auto place =
            problem.place.file.empty() && problem.place.line > 0
                ? std::to_string(problem.place.line) + ":" + std::to_string(problem.place.column)
            : problem.place.file == file ? "file"
                                         : problem.place.file;
        all.push_back(place + ": " + problem.text);
      }
      return all;
    }
    return {};
  }
  std::vector<std::string> problems(const Lines& changes, const Overrides& overrides = {}) {
    return problems(text(changes), overrides);
  }

  // The value at a dotted path of every point.
  std::vector<json> values(const experiment::Experiment& experiment, const std::string& path) {
    std::vector<json> all;
    for (std::uint64_t i = 0; i < experiment.size(); ++i) {
      json value;
      for (const auto& [one, leaf] : experiment::flatten(experiment.point(i).configuration))
        if (one == path) value = leaf;
      all.push_back(value);
    }
    return all;
  }

  const Folder temporary_;
  const std::filesystem::path folder_ = temporary_.path();
  host::Catalog catalog_{{build_folder() / "plugins"}};
};

using Texts = std::vector<std::string>;

}  // namespace descent::testing
