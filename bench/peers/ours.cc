// SPDX-License-Identifier: MIT
// Our side of the comparison: the real trainer with the real plugins. It draws the numbers itself,
// within the time that is measured; they are those that write_numbers wrote.
#include <algorithm>
#include <iostream>

#include "peers/report.h"
#include "peers/works.h"

namespace descent::peers {
namespace {

void measure(const std::string& folder, const std::string& name, int repetitions) {
  const auto work = std::ranges::find(works, name, &Work::name);
  if (work == works.end()) throw std::runtime_error("no work is called " + name);
  const Training training = training_of(*work, folder);
  report(repetitions, [&] {
    std::vector<double> losses;
    for (std::uint64_t r = 0; r < work->replicates; ++r) {
      const Run run = training.run(r, {});
      if (run.status != Status::done) throw std::runtime_error(run.reason);
      losses.push_back(run.train_loss);
    }
    return losses;
  });
}

}  // namespace
}  // namespace descent::peers

int main(int argc, char** argv) try {
  if (argc != 4) throw std::runtime_error("usage: peers_ours FOLDER WORK REPETITIONS");
  descent::peers::measure(argv[1], argv[2], std::stoi(argv[3]));
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
