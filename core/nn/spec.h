// SPDX-License-Identifier: MIT
// What an experiment file says about the model, settled.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace descent {

struct LayerSpec {
  enum class Kind {
    linear,
    relu,
    leaky_relu,
    elu,
    gelu,
    tanh,
    sigmoid,
    softplus,
    softmax,
    log_softmax
  };
  Kind kind = Kind::linear;
  std::uint64_t units = 0;  // linear only; 0: as many as the targets need ("auto")
  bool bias = true;         // linear only
  double slope = 0.01;      // leaky_relu: negative slope; elu: alpha
};

// torch: U(-1/sqrt(fan_in), 1/sqrt(fan_in)) for weights and biases (PyTorch's default for Linear);
// xavier: U(+-sqrt(6/(fan_in+fan_out))), biases 0 (Glorot & Bengio 2010);
// he: N(0, 2/fan_in), biases 0 (He et al. 2015); uniform, normal: weights and biases alike.
struct InitSpec {
  enum class Kind { torch, zeros, uniform, normal, xavier, he };
  Kind kind = Kind::torch;
  double a = 0, b = 0;  // uniform: the interval; normal: b is the sd
};

struct ModelSpec {
  std::vector<LayerSpec> layers;
  InitSpec init;
};

}  // namespace descent
