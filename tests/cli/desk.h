// SPDX-License-Identifier: MIT
// A folder of its own in which a test runs the program.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/program.h"
#include "folder.h"
#include "paths.h"
#include "shell.h"

namespace descent {

// Two optimizers, three replicates: over in a moment.
inline const std::string small_experiment = R"(experiment: small-grid
description: two ways down
seed: 3
data: {synthetic: {function: 5*x + 7, x: {uniform: [0, 1]}, noise: {normal: 0.25}, train: 20, test: 10}}
model: {layers: [{linear: 1}]}
loss: mse
optimizer: {grid: [{sgd: {lr: 0.1}}, adam]}
train: {epochs: 10}
replicates: 3
record: {every: 5}
)";

class Desk : public testing::Test {
 protected:
  using Words = std::vector<std::string>;

  std::string path(const std::string& name) const { return folder_.path(name); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
    return path(name);
  }

  // The program in this folder.
  Invocation invocation(Words arguments) const { return {std::move(arguments), {}, path("")}; }
  Result descent(Words arguments) const { return run(invocation(std::move(arguments))); }
  // The program as a word in a line for a shell, and a line typed in this folder.
  static std::string program() { return quoted(descent::build_path("descent")); }
  Spoken here(const std::string& line) const {
    return shell("cd " + quoted(path("")) + " && " + line);
  }

  // small.yaml in small.db, which are returned.
  std::string run_small() const {
    write("small.yaml", small_experiment);
    const auto result = descent({"run", "small.yaml", "--db", "small.db"});
    EXPECT_EQ(result.code, 0) << result.err;
    return "small.db";
  }

  static std::string test_plugins() { return descent::build_path("tests/plugins"); }

 private:
  Folder folder_;
};

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

}  // namespace descent
