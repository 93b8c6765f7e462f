// SPDX-License-Identifier: MIT
// CMA-ES (Hansen 2016, figure 6) without negative weights: a step is a generation.
#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "sdk/decompositions.h"
#include "sdk/norms.h"
#include "sdk/optimizer.h"

struct CmaEs {
  static constexpr auto doc =
      "CMA-ES: evolution strategy that learns the covariance of its samples; uses values, no "
      "gradients";
  static constexpr auto formula =
      "x += sigma sum w_i y_i over the best half of y_i from N(0, C); sigma and C by the lengths "
      "of the paths p_sigma and p_c";
  static constexpr auto source = "Hansen 2016, arXiv:1604.00772, figure 6";
  static constexpr bool small = true, noisy = true, decomposes = true;

  double sigma = 0.3;
  int population = 0;

  void declare(descent::Hyperparameters& hyper) {
    hyper(sigma, "sigma", 1e-30, 1e6, "initial standard deviation of the samples");
    hyper(population, "population", 0, 1'000'000,
          "samples a step, each an evaluation; below 2: 4 + 3 log n of n weights");
  }

  std::uint64_t state_size(std::span<const descent_block> blocks) const {
    std::uint64_t n = 0;
    for (const auto& b : blocks) n += b.rows * b.cols;
    return n * n + 2 * n + 1;  // C, the two paths, sigma
  }

  // The strategy parameters of Hansen's table 1, for n weights.
  struct Strategy {
    Strategy(double n, int population)
        : samples(population >= 2 ? population : 4 + int(3 * std::log(n))),
          parents(std::size_t(samples / 2)) {
      for (std::size_t i = 0; i < parents.size(); ++i)
        parents[i] = std::log((samples + 1) / 2.0) - std::log(double(i + 1));
      const double sum = std::accumulate(parents.begin(), parents.end(), 0.0);
      double squares = 0;
      for (double& w : parents) w /= sum, squares += w * w;
      mass = 1 / squares;
      c_sigma = (mass + 2) / (n + mass + 5);
      damping = 1 + 2 * std::max(0.0, std::sqrt((mass - 1) / (n + 1)) - 1) + c_sigma;
      c_c = (4 + mass / n) / (n + 4 + 2 * mass / n);
      c_1 = 2 / ((n + 1.3) * (n + 1.3) + mass);
      c_mu = std::min(1 - c_1, 2 * (mass - 2 + 1 / mass) / ((n + 2) * (n + 2) + mass));
      usual = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));  // length of N(0, I)
    }

    int samples;
    std::vector<double> parents;  // weights of the best samples
    double mass, c_sigma, damping, c_c, c_1, c_mu, usual;
  };

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>&, const descent::Step<T>& host) const {
    const auto n = x.n_elem;
    const Strategy s(double(n), population);
    const auto count = arma::uword(s.samples);
    T* const memory = host.scratch(n * n + 2 * n * count + 3 * n + descent::eigen_memory(n));
    descent::Mat<T> basis(memory, n, n, false, true), z(memory + n * n, n, count, false, true);
    descent::Mat<T> y(z.memptr() + n * count, n, count, false, true);
    descent::Vec<T> probe(y.memptr() + n * count, n, false, true);
    descent::Vec<T> mean(probe.memptr() + n, n, false, true),
        mean_z(mean.memptr() + n, n, false, true);
    auto state = host.state();
    descent::Mat<T> c(state.memptr(), n, n, false, true);
    descent::Vec<T> path(state.memptr() + n * n, n, false, true);
    descent::Vec<T> sigma_path(path.memptr() + n, n, false, true);
    T& size = state[n * n + 2 * n];
    if (host.t() == 1) c.eye(), size = T(sigma);

    basis = c;  // C = B D^2 B'
    T* const eigenvalues = mean_z.memptr() + n;
    descent::eigenvectors(basis, eigenvalues);
    std::mt19937_64 engine(host.seed());
    std::normal_distribution<double> normal;
    for (T& e : z) e = T(normal(engine));
    for (arma::uword k = 0; k < count; ++k) {
      for (arma::uword i = 0; i < n; ++i)
        probe[i] = std::sqrt(std::max(eigenvalues[i], T(0))) * z(i, k);
      y.col(k) = basis * probe;
    }
    const auto order = ranked(x, y, size, host, probe);
    mean.zeros(), mean_z.zeros();
    for (std::size_t i = 0; i < s.parents.size(); ++i) {
      mean += T(s.parents[i]) * y.col(order[i]);
      mean_z += T(s.parents[i]) * z.col(order[i]);
    }
    x += size * mean;
    sigma_path *= T(1 - s.c_sigma);
    sigma_path += T(std::sqrt(s.c_sigma * (2 - s.c_sigma) * s.mass)) * (basis * mean_z);
    const double length = descent::length(sigma_path) / s.usual;
    const double settled = std::sqrt(1 - std::pow(1 - s.c_sigma, 2 * host.t()));
    const bool grows = length / settled < 1.4 + 2 / (double(n) + 1);
    path *= T(1 - s.c_c);
    if (grows) path += T(std::sqrt(s.c_c * (2 - s.c_c) * s.mass)) * mean;
    c *= T(1 - s.c_1 - s.c_mu + (grows ? 0 : s.c_1 * s.c_c * (2 - s.c_c)));
    c += T(s.c_1) * path * path.t();
    for (std::size_t i = 0; i < s.parents.size(); ++i)
      c += T(s.c_mu * s.parents[i]) * y.col(order[i]) * y.col(order[i]).t();
    size *= T(std::exp(s.c_sigma / s.damping * (length - 1)));
    host.note("sigma", double(size));
  }

  // The samples x + size y from the best on; values that are no numbers come last.
  template <class T>
  static std::vector<arma::uword> ranked(const descent::Vec<T>& x, const descent::Mat<T>& y, T size,
                                         const descent::Step<T>& host, descent::Vec<T>& probe) {
    std::vector<double> values(y.n_cols);
    for (arma::uword k = 0; k < y.n_cols; ++k) {
      probe = x + size * y.col(k);
      values[k] = host.evaluate(probe);
      if (!(values[k] == values[k])) values[k] = std::numeric_limits<double>::infinity();
    }
    std::vector<arma::uword> order(y.n_cols);
    std::iota(order.begin(), order.end(), arma::uword(0));
    std::ranges::stable_sort(order, {}, [&](arma::uword k) { return values[k]; });
    return order;
  }
};

DESCENT_OPTIMIZER_PLUGIN(CmaEs);
