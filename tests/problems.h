// SPDX-License-Identifier: MIT
// The objectives of the conformance kit, for tests.
#pragma once

#include "conformance/problems.h"

namespace descent::testing {

using conformance::least_squares, conformance::logistic_regression, conformance::Problem,
    conformance::quadratic, conformance::rosenbrock;

}  // namespace descent::testing
