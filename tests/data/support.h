// SPDX-License-Identifier: MIT
// Shared by the data tests: files that are removed with their test, and the text of an error.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "base/error.h"
#include "data/replicate_sampler.h"
#include "folder.h"
#include "paths.h"

namespace descent::testing {

// A file of the given text, removed at the end of the scope. Its name is part of error messages.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text) { std::ofstream(path(), std::ios::binary) << text; }

  std::string path() const { return folder_.path("points.csv"); }

 private:
  Folder folder_;
};

// The message of the Error that call throws, without the path of its file; "" when it throws none.
template <class F>
std::string error_of(F&& call, const std::string& path = "") {
  try {
    call();
  } catch (const Error& e) {
    std::string text = e.what();
    if (!path.empty() && text.starts_with(path)) text.erase(0, path.size());
    return text;
  }
  return "";
}

inline std::string shipped(const std::string& name) {
  return descent::source_path("experiments/data/") + name;
}

inline data::CsvSpec csv_spec(const std::string& path, std::vector<std::string> target = {"y"}) {
  data::CsvSpec spec;
  spec.path = path;
  spec.target = std::move(target);
  return spec;
}

inline data::ReplicateSampler open(const data::CsvSpec& spec,
                                   data::TargetKind kind = data::TargetKind::numbers,
                                   data::Resampling scheme = data::Resample::none,
                                   std::uint64_t seed = 42) {
  return data::ReplicateSampler(spec, kind, scheme, seed);
}

// n rows: id is the row's number, y = 10 id, t = id / n.
inline std::string numbered(int n) {
  std::string text = "id,y,t\n";
  for (int i = 0; i < n; ++i) text += fmt::format("{},{},{}\n", i, 10 * i, double(i) / n);
  return text;
}

// y = 5x + 7 + N(0, 0.25^2), x ~ U(0, 1): 256 training samples, 100 to test.
inline data::SyntheticSpec line() {
  data::SyntheticSpec spec;
  spec.function = {"5*x + 7"};
  spec.noise = {data::NoiseSpec::Kind::normal, 0.25};
  spec.train = 256;
  spec.test = 100;
  return spec;
}

inline data::ReplicateSampler open(const data::SyntheticSpec& spec,
                                   data::Resampling scheme = data::Resample::fresh,
                                   data::TargetKind kind = data::TargetKind::numbers,
                                   std::uint64_t seed = 42) {
  return data::ReplicateSampler(spec, kind, scheme, seed);
}

// What noise added to the targets of line().
inline arma::mat residuals(const data::Dataset& data) {
  return data.targets - (5 * data.features + 7);
}

inline bool same(const arma::mat& a, const arma::mat& b) {
  return arma::approx_equal(a, b, "absdiff", 0.0);
}

}  // namespace descent::testing
