// SPDX-License-Identifier: MIT
// Names from PyTorch, Keras, scikit-learn and optax, and their counterparts here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

// Lower case, without - and _ and what stands before the last dot: "nn.LeakyReLU" -> "leakyrelu".
std::string plain_name(std::string_view name);

struct ForeignName {
  std::string ours;  // the name, of a key elsewhere its path ("train.batch"); "": there is none
  std::string how;   // what goes with it ("with momentum: 0.9"), or what to do without it
  bool elsewhere = false;  // ours is none of the candidates
};

// kind as of suggestion().
std::optional<ForeignName> foreign_name(std::string_view word,
                                        const std::vector<std::string>& candidates,
                                        std::string_view kind);

}  // namespace descent
