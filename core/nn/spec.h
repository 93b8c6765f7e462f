// SPDX-License-Identifier: MIT
// The model settings of an experiment file, resolved.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace descent::nn {

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
// he: N(0, 2/fan_in), biases 0 (He et al. 2015); uniform, normal: weights and biases alike;
// point: these two weights, of a surface only.
struct InitSpec {
  enum class Kind { torch, zeros, uniform, normal, xavier, he, point };
  Kind kind = Kind::torch;
  double a = 0, b = 0;  // uniform: the interval; normal: b is the sd
  std::array<double, 2> point{};
};

// An objective of two weights in the place of layers, data and loss (surface.h).
struct SurfaceSpec {
  enum class Kind { saddle, rosenbrock, beale, himmelblau, bowl, plateau };
  Kind kind = Kind::saddle;
  double condition = 10;  // bowl only
  double noise = 0;       // sd of the normal noise on each element of a step's gradient
};

// Documentation of each kind.
struct Surface {
  SurfaceSpec::Kind kind;
  const char *name, *doc;
  std::array<double, 2> start;  // the usual one; where none is, a simple one
};
std::span<const Surface> surfaces();

struct ModelSpec {
  std::vector<LayerSpec> layers;
  InitSpec init;
  std::optional<SurfaceSpec> surface{};  // then there are no layers
};

}  // namespace descent::nn
