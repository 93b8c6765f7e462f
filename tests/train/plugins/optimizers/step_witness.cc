// SPDX-License-Identifier: MIT
// Compares what a step can ask for with central differences and with each other, and throws where
// they differ; takes a small gradient step afterwards.
#include "sdk/optimizer.h"

struct StepWitness {
  static constexpr auto doc = "throws where what a step can ask for contradicts itself";
  static constexpr auto needs = DESCENT_NEEDS_HESSIAN | DESCENT_NEEDS_SAMPLE_GRADIENTS;

  double lr = 0.05;
  bool penalized = false;  // sample gradients are of the loss alone

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1, "step size");
    hyper(penalized, "penalized", "the objective has penalties");
  }

  template <class T>
  static void expect(const descent::Vec<T>& found, const descent::Vec<T>& expected,
                     double tolerance, const char* what) {
    double worst = 0;
    for (arma::uword i = 0; i < found.n_elem; ++i)
      worst = std::max(worst, double(std::abs(found[i] - expected[i])));
    if (!(worst <= tolerance))
      throw std::runtime_error(std::string(what) + " is off by " + std::to_string(worst));
  }

  // What sums in another order may differ by.
  template <class T>
  static double rounding(const descent::Vec<T>& of) {
    return 1e-12 * std::max(1.0, double(arma::max(arma::abs(of))));
  }

  template <class T>
  static descent::Vec<T> differences(const descent::Vec<T>& x, const descent::Vec<T>& v,
                                     const descent::Step<T>& host) {
    constexpr double h = 1e-3;
    const auto at = [&](double shift) {
      descent::Vec<T> there = x + T(shift) * v, slope(x.n_elem);
      host.evaluate(there, slope);
      return slope;
    };
    return (T(8) * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / T(12 * h);
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient,
            const descent::Step<T>& host) const {
    const descent::Vec<T> start = x, slope = gradient;
    const auto number = [](double a) { return descent::Vec<T>{T(a)}; };
    expect(number(host.value(x)), number(host.evaluate(x)), 1e-12, "the value");
    descent::Vec<T> v(x.n_elem), product(x.n_elem), whole(x.n_elem);
    for (arma::uword i = 0; i < v.n_elem; ++i) v[i] = T(std::sin(double(3 * i) + host.t()));
    host.hessian_times(v, product);
    expect(product, differences(x, v, host), 1e-7, "the Hessian");
    const auto samples = host.sample_gradients();
    if (samples.gradients.n_cols != host.sample_count())
      throw std::runtime_error("a sample has no gradient");
    const descent::Vec<T> mean = arma::mean(samples.gradients, 1);
    if (!penalized) {
      const auto loss = number(host.value(x));
      expect(mean, gradient, rounding(gradient), "the mean of the samples' gradients");
      expect(number(arma::mean(samples.values)), loss, rounding(loss), "the mean loss");
    }
    const double all = host.evaluate_all(x, whole);
    if (host.samples().empty()) {
      expect(whole, gradient, 0, "the gradient of all samples");
      expect(number(all), number(host.value(x)), 0, "the loss of all samples");
    } else {
      host.note("batch of first sample", double(host.samples()[0]));
      if (host.samples().size() != host.sample_count())
        throw std::runtime_error("not every sample of the batch is named");
    }
    expect(x, start, 0, "x, which was only asked about,");
    expect(gradient, slope, 0, "the gradient, which was only asked about,");
    x -= T(lr) * gradient;
  }
};

DESCENT_OPTIMIZER_PLUGIN(StepWitness);
