// SPDX-License-Identifier: MIT
#include "cluster/slurm_options.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <vector>

#include "base/error.h"

namespace descent::cluster {
namespace {

constexpr double least_minutes = 5;
constexpr double warned_share = 0.7;  // of a time limit

bool is_on_the_path(const std::string& program) {
  const auto* const path = std::getenv("PATH");
  std::istringstream folders(path ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (std::error_code failed;
        std::filesystem::exists(std::filesystem::path(folder) / program, failed))
      return true;
  return false;
}

// "2" of "-t 2", "-t2", "--time 2", "--time=2"; empty: `word` is another option.
std::string time_in(const std::string& word, std::istringstream& words) {
  std::string value;
  if (word == "-t" || word == "--time")
    words >> value;
  else if (word.starts_with("-t"))
    value = word.substr(2);
  else if (word.starts_with("--time="))
    value = word.substr(7);
  return value;
}

bool is_set_by_submit(const std::string& word, const std::string& option) {
  return word == option || (option.size() > 2 && word.starts_with(option + "="));
}

}  // namespace

double minutes_of(const std::string& time) {
  const auto dash = time.find('-');
  const bool has_days = dash != time.npos;
  std::vector<double> parts;
  std::istringstream text(has_days ? time.substr(dash + 1) : time);
  for (std::string part; std::getline(text, part, ':');) {
    if (part.empty() || part.find_first_not_of("0123456789") != part.npos) return -1;
    parts.push_back(std::strtod(part.c_str(), nullptr));
  }
  if (parts.empty() || parts.size() > 3) return -1;
  if (!has_days && parts.size() < 3) parts.insert(parts.begin(), 0);  // begins with minutes
  parts.resize(3);
  return (has_days ? std::strtod(time.c_str(), nullptr) * 24 * 60 : 0) + parts[0] * 60 + parts[1] +
         parts[2] / 60;
}

double limit_of(const std::string& options) {
  double minutes = -1;
  std::istringstream words(options);
  for (std::string word; words >> word;)
    if (const auto time = time_in(word, words); !time.empty()) minutes = minutes_of(time);
  return minutes;
}

std::string near_limit(double minutes, const std::string& options) {
  const auto limit = limit_of(options);
  if (limit <= 0 || minutes < warned_share * limit) return "";
  return fmt::format(
      "warning: collecting took {:.0f} of {:.0f} min. At the limit, Slurm ends the collector, and "
      "the job waits for `descent submit --job`; record less (record.every), or ask for more time",
      minutes, limit);
}

void check_slurm(const std::string& options) {
  if (!is_on_the_path("sbatch"))
    throw Error("sbatch is not on the PATH; run this on a login node, or use --by-hand");
  static const std::array<std::string, 10> own{"--array", "-a",        "--dependency", "-d",
                                               "--wrap",  "--output",  "-o",           "--job-name",
                                               "-J",      "--parsable"};
  std::istringstream words(options);
  for (std::string word; words >> word;) {
    for (const auto& option : own)
      if (is_set_by_submit(word, option))
        throw Error(fmt::format("--slurm: {} is set by submit; leave it out", option));
    const auto time = time_in(word, words);
    const auto minutes = time.empty() ? -1 : minutes_of(time);
    if (minutes > 0 && minutes < least_minutes)
      throw Error(fmt::format(
          "--slurm: a time limit of {} leaves a share no time, as it is asked to save a "
          "minute before the end: expected {} minutes or more",
          time, least_minutes));
  }
}

}  // namespace descent::cluster
