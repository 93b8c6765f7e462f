// SPDX-License-Identifier: MIT
// The unit deviance of the compound Poisson-gamma family (Tweedie 1984; Jorgensen 1987).
#include "sdk/loss.h"

struct Tweedie {
  static constexpr auto doc =
      "Tweedie deviance of amounts t that are often 0; x is their mean or its logarithm";
  static constexpr auto formula =
      "2 (t^(2-p) / ((1-p) (2-p)) - t m^(1-p) / (1-p) + m^(2-p) / (2-p)), m = exp(x) if log_input, "
      "else x";
  static constexpr auto source = "Tweedie 1984; Jorgensen 1987, J. Royal Statistical Society B 49";
  static constexpr auto targets = DESCENT_COUNTS | DESCENT_POSITIVE;
  static constexpr auto prediction = DESCENT_RATES;
  static constexpr auto log_prediction = "log_input";

  bool log_input = true;
  double power = 1.5;

  void declare(descent::Hyperparameters& hyper) {
    hyper(log_input, "log_input", "the model predicts logarithms of means");
    hyper(power, "power", 1.001, 1.999, "p: the variance is proportional to the mean's power p");
  }

  template <class S>
  S operator()(S x, S t) const {
    const double one = 1 - power, two = 2 - power;
    const S a = log_input ? exp(S(one) * x) : pow(x, one);
    const S b = log_input ? exp(S(two) * x) : pow(x, two);
    const S least = t > S(0) ? pow(t, two) / S(one * two) : S(0);
    return S(2) * (least - t * a / S(one) + b / S(two));
  }
};

DESCENT_LOSS_PLUGIN(Tweedie);
