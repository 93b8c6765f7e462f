// SPDX-License-Identifier: MIT
// A feed-forward model: where each weight lies in the flat vector, how it starts, and the graph of
// its predictions. A surface is one without inputs, which predicts its own height.
#pragma once

#include <armadillo>
#include <cstdint>
#include <string>
#include <vector>

#include "autograd/graph.h"
#include "base/random.h"
#include "nn/spec.h"

namespace descent::nn {

// A weight matrix (out x in, column-major) or a bias (out x 1) inside the flat vector; of a surface
// one block, "point", 2 x 1.
struct Block {
  std::string name;  // "linear0.weight", "linear0.bias": linear layers counted from the input
  arma::uword offset = 0, rows = 0, cols = 0;
  bool is_bias = false;
};

class Model {
 public:
  // inputs: features per sample; outputs: units of the last linear layer if they are auto.
  Model(const ModelSpec& spec, arma::uword inputs, arma::uword outputs);

  arma::uword inputs() const { return inputs_; }
  arma::uword outputs() const { return outputs_; }              // rows of a prediction
  arma::uword size() const { return size_; }                    // of the flat vector
  arma::uword weight_count() const { return weight_count_; }    // its first part; biases follow
  const std::vector<Block>& blocks() const { return blocks_; }  // in the order of the flat vector

  // Fills the flat vector, layer by layer, weights before biases.
  template <class T>
  void initialize(arma::Col<T>& x, Random& random) const;

  // Records prediction = model(input): input is inputs x n, the result outputs x n. Without a
  // gradient the weights are constants. Both vectors must stay in place while the graph lives.
  // outputs, if given: the output of each layer is appended.
  template <class T>
  Var<T> record(const Var<T>& input, const arma::Col<T>& x, arma::Col<T>* gradient,
                std::vector<Var<T>>* outputs = nullptr) const;

 private:
  struct Layer {
    LayerSpec spec;
    int weight = -1, bias = -1;  // into blocks_; -1: none
  };
  void place_linear(Layer& layer, arma::uword in, arma::uword out, std::size_t index);
  void order_blocks();

  InitSpec init_;
  std::optional<SurfaceSpec> surface_;
  arma::uword inputs_, outputs_ = 0, size_ = 0, weight_count_ = 0;
  std::vector<Layer> layers_;
  std::vector<Block> blocks_;
};

}  // namespace descent::nn
