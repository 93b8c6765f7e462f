// SPDX-License-Identifier: MIT
// How a program of the comparison measures works and checks what it computed; main() of common.py
// is its twin.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace descent::peers {

// A work as a program has it before it is measured.
struct Prepared {
  std::vector<double> losses;                  // of every replicate, as write_numbers found them
  double tolerance;                            // of them, relative
  std::function<std::vector<double>()> train;  // does the work and returns its final losses
};

inline std::vector<double> read_losses(const std::string& folder, const std::string& work) {
  const std::string file = folder + "/" + work + ".losses";
  std::ifstream stream(file, std::ios::binary);
  std::vector<double> losses;
  for (double loss; stream.read(reinterpret_cast<char*>(&loss), sizeof loss);)
    losses.push_back(loss);
  if (losses.empty()) throw std::runtime_error(file + " has no losses");
  return losses;
}

// Of all the process's threads, so that a peer gains nothing by starting some.
inline double processor_seconds() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

// The largest relative deviation; nan where losses are missing or not finite.
inline double deviation(const std::vector<double>& found, const std::vector<double>& expected) {
  double largest = 0;
  for (std::size_t i = 0; i < std::max(found.size(), expected.size()); ++i) {
    const double d = i < std::min(found.size(), expected.size())
                         ? std::abs(found[i] / expected[i] - 1)
                         : std::numeric_limits<double>::quiet_NaN();
    if (!(d <= largest)) largest = d;
  }
  return largest;
}

// Seconds of one call.
inline double time_of(const Prepared& work, double least_seconds) {
  const double start = processor_seconds();
  double passed = 0;
  int calls = 0;
  do {
    work.train();
    ++calls;
    passed = processor_seconds() - start;
  } while (passed < least_seconds);
  return passed / calls;
}

// main() of a program with the arguments FOLDER REPETITIONS SECONDS WORK...: does every work once,
// compares its final losses, then repeats it for at least so many seconds each. Prints
// "WORK deviation VALUE" and, a repetition a line, "WORK time SECONDS" of doing the work once.
template <class Prepare>
int main_of(int argc, char** argv, Prepare prepare) try {
  if (argc < 5)
    throw std::runtime_error(
        "the arguments are FOLDER REPETITIONS SECONDS WORK..., the folder "
        "as peers_write_numbers filled it");
  for (int i = 4; i < argc; ++i) {
    const std::string name = argv[i];
    const Prepared work = prepare(std::string(argv[1]), name);
    const double d = deviation(work.train(), work.losses);
    if (!(d <= work.tolerance))
      throw std::runtime_error(name + ": a final loss deviates by " + std::to_string(d) +
                               " from ours, more than " + std::to_string(work.tolerance));
    std::printf("%s deviation %.9g\n", name.c_str(), d);
    for (int j = 0; j < std::stoi(argv[2]); ++j)
      std::printf("%s time %.9g\n", name.c_str(), time_of(work, std::stod(argv[3])));
  }
  return 0;
} catch (const std::exception& error) {
  std::cerr << argv[0] << ": " << error.what() << '\n';
  return 1;
}

}  // namespace descent::peers
