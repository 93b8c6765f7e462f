// SPDX-License-Identifier: MIT
// How a program of the comparison measures a work and says what it found; main() of common.py is
// its twin.
#pragma once

#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

namespace descent::peers {

// Of all the process's threads, so that a peer gains nothing by starting some.
inline double processor_seconds() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

// Calls train(), which does the work for every replicate and returns their final losses; once to
// warm up, then `repetitions` times for at least 0.2 s each. Prints "time SECONDS", of one call,
// for each repetition and "loss VALUE" for each replicate.
template <class Train>
void report(int repetitions, Train train) {
  std::vector<double> losses = train();
  for (int i = 0; i < repetitions; ++i) {
    const double start = processor_seconds();
    double passed = 0;
    int calls = 0;
    while (passed < 0.2) {
      losses = train();
      ++calls;
      passed = processor_seconds() - start;
    }
    std::printf("time %.9g\n", passed / calls);
  }
  for (const double loss : losses) std::printf("loss %.9g\n", loss);
}

}  // namespace descent::peers
