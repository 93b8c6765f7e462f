// SPDX-License-Identifier: MIT
// The natural gradient (Amari 1998) of the empirical Fisher information of the batch.
#include "sdk/decompositions.h"
#include "sdk/optimizer.h"

struct NaturalGradient {
  static constexpr auto doc =
      "natural gradient: the gradient divided by the empirical Fisher information of the batch";
  static constexpr auto formula =
      "F = mean of g_i g_i' over the samples, or its diagonal; x -= lr (F + damping I)^-1 g";
  static constexpr auto source =
      "Amari 1998, Neural Computation 10; on the empirical form: Kunstner et al. 2019, "
      "arXiv:1905.12558";
  static constexpr auto needs = DESCENT_NEEDS_SAMPLE_GRADIENTS;
  static constexpr bool small = true;

  static constexpr const char* const forms[] = {"diagonal", "full"};

  double lr = 1e-2, damping = 1e-2;
  int fisher = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size");
    hyper(damping, "damping", 1e-12, 1e12, "added to the diagonal of F");
    hyper(fisher, "fisher", forms, "full: a matrix of all weights, for some thousand of them");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient,
            const descent::Step<T>& host) const {
    const auto size = x.n_elem;
    T* const memory = host.scratch(size + (fisher == 1 ? size * size : 0));
    descent::Vec<T> way(memory, size, false, true);
    const auto samples = host.sample_gradients();
    const auto& g = samples.gradients;
    way = gradient;
    if (fisher == 0) {
      for (arma::uword i = 0; i < size; ++i) {
        double square = 0;
        for (arma::uword j = 0; j < g.n_cols; ++j) square += double(g(i, j)) * double(g(i, j));
        way[i] /= T(square / double(g.n_cols) + damping);
      }
    } else {
      descent::Mat<T> f(memory + size, size, size, false, true);
      f = g * g.t();
      f /= T(g.n_cols);
      f.diag() += T(damping);
      if (!descent::solve_symmetric(f, way))
        throw std::runtime_error("F + damping I is not positive definite; raise damping");
    }
    x -= T(lr) * way;
  }
};

DESCENT_OPTIMIZER_PLUGIN(NaturalGradient);
