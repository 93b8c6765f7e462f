// SPDX-License-Identifier: MIT
// Prints the table of the comparison. Its arguments are a folder and the names of the peers, ours
// first; the file <folder>/<peer> has what the peer's program printed.
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>

#include <fmt/ranges.h>

#include "format.h"
#include "peers/works.h"

namespace descent::peers {
namespace {

struct Figures {
  std::vector<double> times;
  double deviation = 0;
};

std::map<std::string, Figures> read(const std::string& file) {
  std::map<std::string, Figures> of_work;
  std::ifstream stream(file);
  std::string work, what;
  for (double value; stream >> work >> what >> value;) {
    if (what == "time")
      of_work[work].times.push_back(value);
    else
      of_work[work].deviation = value;
  }
  if (of_work.empty() || !stream.eof())
    throw std::runtime_error(file + " does not have lines of a work, time or deviation, a number");
  return of_work;
}

Measured measured(const Figures& figures) {
  if (figures.times.size() < 2) throw std::runtime_error("a work was not timed twice or more");
  const arma::vec times(figures.times);
  return {arma::median(times), arma::stddev(times) / arma::mean(times)};
}

std::string title(const Work& work) {
  const auto steps = work.epochs * (work.samples / work.batch);
  return fmt::format(
      "{} {}{}, {} samples, {}, {}, {}; {}", work.units.size() > 2 ? "MLP" : "Line",
      fmt::join(work.units, "-"), work.activation == "none" ? "" : " " + work.activation,
      work.samples, work.batch == work.samples ? "full batch" : fmt::format("batch {}", work.batch),
      work.loss, work.optimizer,
      work.replicates > 1 ? fmt::format("{} epochs, {} replicates", work.epochs, work.replicates)
                          : fmt::format("{} steps", steps));
}

std::string shown(const Work& work, const Measured& time) {
  const double steps = double(work.epochs * (work.samples / work.batch));
  return (work.replicates > 1
              ? fmt::format("{:.0f} replicates/s", double(work.replicates) / time.median)
              : seconds(time.median / steps) + " a step") +
         plus_minus(time);
}

std::string ratio(double r) { return fmt::format("{:.{}f}", r, r < 10 ? 2 : 0); }

void print(const std::string& folder, const std::vector<std::string>& peers) {
  std::map<std::string, std::map<std::string, Figures>> all;
  for (const auto& peer : peers) all[peer] = read(folder + "/" + peer);
  print_head({"work", "library", "speed", "time / time of ours", "deviation"});
  for (const auto& work : works) {
    const auto ours = measured(all.at(peers.front())[work.name]);
    for (const auto& peer : peers) {
      const bool first = peer == peers.front();
      const auto figures = all.at(peer).find(work.name);
      if (figures == all.at(peer).end()) continue;  // not written for this work
      const auto time = measured(figures->second);
      print_row({first ? title(work) : "", peer, shown(work, time),
                 first ? "" : ratio(time.median / ours.median),
                 first ? "" : fmt::format("{:.0e}", figures->second.deviation)});
    }
  }
}

}  // namespace
}  // namespace descent::peers

int main(int argc, char** argv) try {
  if (argc < 3) throw std::runtime_error("the arguments are FOLDER PEER..., ours first");
  descent::peers::print(argv[1], {argv + 2, argv + argc});
} catch (const std::exception& error) {
  std::cerr << "peers_table: " << error.what() << '\n';
  return 1;
}
