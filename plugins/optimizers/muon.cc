// SPDX-License-Identifier: MIT
// Muon (Jordan et al. 2024) for weight matrices, Adam for biases.
#include "sdk/adam.h"
#include "sdk/norms.h"
#include "sdk/optimizer.h"

struct Muon {
  static constexpr auto doc = "Muon: SGD with momentum, orthogonalized for each weight matrix";
  static constexpr auto formula =
      "B = momentum B + G, W -= lr sqrt(max(1, outputs/inputs)) O, O = U V' of G + momentum B by 5 "
      "Newton-Schulz steps; biases with Adam";
  static constexpr auto source = "Jordan et al. 2024, kellerjordan.github.io/posts/muon";

  double lr = 2e-2, momentum = 0.95, weight_decay = 0;
  double adam_lr = 3e-4, beta1 = 0.9, beta2 = 0.95, eps = 1e-8;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size of weight matrices");
    hyper(momentum, "momentum", 0, 1, "momentum factor");
    hyper(weight_decay, "weight_decay", 0, 1e6,
          "decoupled: lr weight_decay W is subtracted from weight matrices");
    hyper(adam_lr, "adam_lr", 0, 1e6, "step size of biases");
    hyper(beta1, "beta1", 0, descent::below_one, "biases: decay rate of the first moment");
    hyper(beta2, "beta2", 0, descent::below_one, "biases: decay rate of the second moment");
    hyper(eps, "eps", 0, 1e6, "biases: added to the square root, after bias correction");
  }

  // o becomes U V' of its singular value decomposition, but for singular values of 0.7 to 1.2.
  template <class T>
  static void orthogonalize(descent::Mat<T>& o, T* memory) {
    const auto rows = o.n_rows, cols = o.n_cols, n = std::min(rows, cols);
    descent::Mat<T> gram(memory, n, n, false, true), square(memory + n * n, n, n, false, true);
    descent::Mat<T> product(memory + 2 * n * n, rows, cols, false, true);
    o *= T(1 / (descent::length(o) + 1e-7));
    for (int i = 0; i < 5; ++i) {
      if (rows <= cols)
        gram = o * o.t();
      else
        gram = o.t() * o;
      square = gram * gram;
      gram = T(-4.7750) * gram + T(2.0315) * square;
      gram.diag() += T(3.4445);
      if (rows <= cols)
        product = gram * o;
      else
        product = o * gram;
      o = product;
    }
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, const descent::Step<T>& host,
            descent::Vec<T>& mean, descent::Vec<T>& square) const {
    const descent::Moments<T> adam(adam_lr, beta1, beta2, eps, host.t());
    T* const memory = host.scratch(4 * x.n_elem);  // n n <= rows cols
    for (const auto& block : host.blocks()) {
      auto w = descent::part(x, block), m = descent::part(mean, block);
      auto v = descent::part(square, block);
      const auto g = descent::part(gradient, block);
      if (block.is_bias) {
        for (arma::uword i = 0; i < w.n_elem; ++i) {
          adam.take(g[i], m[i], v[i]);
          w[i] -= adam.step(m[i], v[i]);
        }
        continue;
      }
      descent::Mat<T> o(memory + 3 * w.n_elem, w.n_rows, w.n_cols, false, true);
      m = T(momentum) * m + g;
      o = g + T(momentum) * m;
      orthogonalize(o, memory);
      const double scale = std::sqrt(std::max(1.0, double(w.n_rows) / double(w.n_cols)));
      w = T(1 - lr * weight_decay) * w - T(lr * scale) * o;
    }
  }
};

DESCENT_OPTIMIZER_PLUGIN(Muon);
