// SPDX-License-Identifier: MIT
// Working memory lent to plugins: grows to the size that they request, and keeps it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>

#include "host/plugin.h"

namespace descent::host {

class Scratch {
 public:
  // Makes the call, enlarging the memory until it suffices. If the plugin answers with a message,
  // throws std::runtime_error with the plugin's kind and name before it.
  template <class Call>
  void run(const Plugin& plugin, Call&& call) {
    do {
      memory_.needed = 0;
      if (const char* error = call(&memory_))
        throw std::runtime_error(plugin.label() + ": " + error);
    } while (enlarge());
  }

  // Overwrites what the last call left there: contents are undefined between calls.
  void fill(std::byte value) { std::fill_n(owned_.get(), memory_.bytes, value); }

 private:
  bool enlarge() {
    if (memory_.needed <= memory_.bytes) return false;
    owned_ = std::make_unique<std::byte[]>(memory_.needed);
    memory_ = {owned_.get(), memory_.needed, 0};
    return true;
  }

  std::unique_ptr<std::byte[]> owned_;
  descent_scratch memory_{nullptr, 0, 0};
};

}  // namespace descent::host
