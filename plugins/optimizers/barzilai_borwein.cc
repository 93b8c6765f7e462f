// SPDX-License-Identifier: MIT
// The two-point step sizes of Barzilai & Borwein (1988), for the full batch.
#include "sdk/optimizer.h"

struct BarzilaiBorwein {
  static constexpr auto doc =
      "Barzilai-Borwein: gradient descent with an inverse curvature along the last step as step "
      "size";
  static constexpr auto formula =
      "x -= a g; s = x - x_old, y = g - g_old, long: a = s's / s'y, short: a = s'y / y'y, at most "
      "longest; lr in the first step and where s'y <= 0";
  static constexpr auto source = "Barzilai & Borwein 1988, IMA J. Numerical Analysis 8";

  static constexpr const char* const forms[] = {"long", "short"};
  double lr = 1e-2, longest = 1e3;
  int form = 1;

  void declare(descent::Hyperparameters& hyper) {
    hyper(lr, "lr", 0, 1e6, "step size of the first step, and where the curvature is not positive");
    hyper(longest, "longest", 0, 1e12, "largest step size");
    hyper(form, "step", forms, "which of the two step sizes");
  }

  template <class T>
  void step(descent::Vec<T>& x, const descent::Vec<T>& gradient, const descent::Step<T>& host,
            descent::Vec<T>& old_x, descent::Vec<T>& old_gradient) const {
    double s_s = 0, s_y = 0, y_y = 0;
    for (arma::uword i = 0; i < x.n_elem; ++i) {
      const auto s = double(x[i] - old_x[i]), y = double(gradient[i] - old_gradient[i]);
      s_s += s * s, s_y += s * y, y_y += y * y;
    }
    double rate = lr;
    if (host.t() > 1 && s_y > 0) rate = std::min(longest, form == 0 ? s_s / s_y : s_y / y_y);
    host.note("rate", rate);
    old_x = x, old_gradient = gradient;
    x -= T(rate) * gradient;
  }
};

DESCENT_OPTIMIZER_PLUGIN(BarzilaiBorwein);
