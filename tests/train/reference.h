// SPDX-License-Identifier: MIT
// The reference vectors (tests/reference/README.md) as test cases. Rows are samples in the files
// and columns here; every number is turned once, on reading.
#pragma once

#include <gtest/gtest.h>

#include <armadillo>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "host/catalog.h"
#include "train/schedule.h"

namespace descent::testing {

struct Case {
  std::string id;  // "losses/bce/24": group, name, number
  std::filesystem::path file;
};
void PrintTo(const Case& one, std::ostream* out);
std::string test_name(const ::testing::TestParamInfo<Case>& info);  // "losses_bce_24"

// $DESCENT_REFERENCE_DIR, else the folder of this source tree.
std::filesystem::path reference_folder();

// Where the CSV files lie that trainings name: `../data` from a folder given by
// DESCENT_REFERENCE_DIR, otherwise those of the shipped experiments.
std::filesystem::path reference_data();

// Every case of a group ("losses", ...), found by its id without parsing the files.
std::vector<Case> cases(const std::string& group);

nlohmann::json read(const Case& one);

// The plugins of this build, opened once for all cases.
const host::Catalog& plugins();

// Whether the build has this plugin. Adds a failure when it has not, unless it has few plugins.
bool is_built(descent_kind kind, const std::string& name);

// The case's hyperparameters, resolved. A parameter the plugin does not have must have the value at
// which it does nothing. Text names a flag: {"mode": "x"} sets x.
std::vector<double> settled(const host::Plugin& plugin, const nlohmann::json& parameters);

// The schedule of that name with the parameters of a file.
train::ScheduleShape rule_of(const std::string& name, const nlohmann::json& parameters);

arma::mat matrix(const nlohmann::json& rows);   // as written
arma::mat samples(const nlohmann::json& rows);  // rows become columns; plain numbers become one row

// |found - expected| <= tolerance, element by element; prints the worst element.
void expect_close(const arma::mat& found, const arma::mat& expected, const arma::mat& tolerance,
                  const std::string& what);
void expect_all_close(const arma::mat& found, const arma::mat& expected, double tolerance,
                      const std::string& what);

}  // namespace descent::testing
