// SPDX-License-Identifier: MIT
// Work that needs no processor: a cluster that claims more processors than the machine has then
// shows what distributing costs, not what sharing costs.
#include <time.h>

#include "sdk/optimizer.h"

struct Naps {
  static constexpr auto doc = "gradient descent that rests after every step";

  double lr = 0.1, rest = 0.01;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1, "step size");
    hyper(rest, "rest", 0, 10, "seconds of rest");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, double) const {
    x -= T(lr) * gradient;
    const timespec time{time_t(rest), long((rest - double(time_t(rest))) * 1e9)};
    ::nanosleep(&time, nullptr);
  }
};

DESCENT_OPTIMIZER_PLUGIN(Naps);
