// SPDX-License-Identifier: MIT
#include "golden_pictures.h"

#include <array>
#include <cmath>

#include "sketch.h"

namespace descent::report {
namespace {

using std::monostate;
using Count = std::int64_t;

Picture titled(Picture picture, const std::string& title, const std::string& x,
               const std::string& y) {
  picture.title = title;
  picture.x.label = x;
  picture.y.label = y;
  return picture;
}

// Bias² begins below 0, variance falls; two points have lost runs.
Picture u_curve() {
  auto picture =
      titled(sketch("line",
                    {"x", "bias2", "bias2_lo", "bias2_hi", "variance", "variance_lo", "variance_hi",
                     "total", "total_lo", "total_hi", "noise", "done", "runs"},
                    {}),
             "Bias² and variance over lambda", "lambda", "error");
  for (int i = 0; i < 17; ++i) {
    const double lambda = std::pow(10, -5 + 0.4 * i), variance = 0.5 / (1 + 30 * lambda);
    const double bias2 = 0.9 * std::pow(lambda, 0.8) / (1 + lambda) - 0.01;
    const double total = 1 + bias2 + variance;
    picture.rows.push_back({lambda, bias2, bias2 - 0.03, bias2 + 0.03, variance, 0.8 * variance,
                            1.2 * variance, total, 0.95 * total, 1.06 * total, 1.0,
                            Count{i > 14 ? 18 : 20}, Count{20}});
  }
  picture.ring = "total";
  return picture;
}

// More lines than colors without dashes; the seventh loses runs.
Picture learning_curves() {
  auto picture = titled(
      sketch("line", {"x", "series", "test_loss", "test_loss_lo", "test_loss_hi", "done", "runs"},
             {}),
      "Learning curves of the best point of each combination of optimizer, "
      "momentum and schedule",
      "epoch", "test loss");
  const std::array names{"sgd",     "sgd, momentum 0.9",      "adam", "rmsprop", "adamw", "lion",
                         "adagrad", "nesterov, momentum 0.95"};
  for (int k = 0; k < 8; ++k)
    for (int epoch = 0; epoch <= 100; epoch += 2) {
      const double loss = 2 * std::exp(-epoch / (10.0 + 6 * k)) + 0.05 * (k + 1);
      picture.rows.push_back({Count{epoch}, names[std::size_t(k)], loss, 0.93 * loss, 1.07 * loss,
                              Count{k == 6 && epoch > 50 ? 18 : 20}, Count{20}});
    }
  picture.band = true;
  return picture;
}

// 0 on a logarithmic axis, one panel for each word.
Picture facets() {
  auto picture = titled(sketch("line", {"x", "facet", "total", "total_lo", "total_hi"}, {}),
                        "Total error by regularizer", "lambda", "total error");
  for (const double steep : {0.5, 0.8, 2.0})
    for (int i = 0; i < 9; ++i) {
      const double total = 1 + steep * std::abs(i - 4) / 2;
      picture.rows.push_back({i == 0 ? 0 : std::pow(10, -4 + 0.5 * i),
                              steep == 0.5   ? "l1"
                              : steep == 0.8 ? "l2"
                                             : "dropout",
                              total, 0.9 * total, 1.1 * total});
    }
  picture.ring = "";
  return picture;
}

Row cell(double x, double y, double factor, bool has_best) {
  const double z =
      factor * (0.3 + 0.2 * std::pow(std::log10(x) + 2, 2) + 0.3 * std::pow(std::log10(y) + 1, 2));
  const bool is_lost = x == 1 && y == 1, is_some_lost = x == 1 && y == 0.1;
  return {x,
          y,
          is_lost ? store::Value() : z,
          Count{is_lost        ? 0
                : is_some_lost ? 7
                               : 10},
          Count{10},
          Count{!has_best || y != 0.1 ? 0
                : x == 0.01           ? 2
                : x == 0.001          ? 1
                                      : 0}};
}

Picture heat_map() {
  auto picture = titled(sketch("heat", {"x", "y", "z", "done", "runs", "best"}, {}),
                        "Total error over lambda and lr", "lambda", "lr");
  for (const double y : {0.001, 0.01, 0.1, 1.0})
    for (const double x : {1e-5, 1e-4, 1e-3, 0.01, 0.1, 1.0})
      picture.rows.push_back(cell(x, y, 1, true));
  picture.z = "total error";
  return picture;
}

Picture heat_facets() {
  auto picture = heat_map();
  picture.columns.push_back("facet");
  picture.rows.clear();
  for (const int k : {1, 2, 3})
    for (const double y : {0.001, 0.01, 0.1, 1.0})
      for (const double x : {1e-5, 1e-4, 1e-3, 0.01, 0.1, 1.0}) {
        picture.rows.push_back(cell(x, y, k, k == 1));
        picture.rows.back().emplace_back(Count{k});
      }
  picture.names = {{"1", "adam"}, {"2", "rmsprop"}, {"3", "sgd"}};
  return picture;
}

Picture search() {
  auto picture = titled(sketch("scatter", {"x", "series", "total", "done", "runs"}, {}),
                        "Total error over what was drawn", "lr", "total error");
  for (int i = 0; i < 150; ++i) {
    const double a = std::fmod(i * 0.618034, 1), b = std::fmod(i * 0.754878, 1);
    picture.rows.push_back({std::pow(10, -4 + 4 * a), i % 2 ? "tanh" : "relu",
                            0.2 + 3 * b * b + a * a, Count{1}, Count{1}});
  }
  return picture;
}

Picture estimates() {
  auto picture =
      titled(sketch("rows",
                    {"label", "total", "total_lo", "total_hi", "bias2", "bias2_lo", "bias2_hi",
                     "variance", "variance_lo", "variance_hi", "done", "runs"},
                    {}),
             "Bias² and variance, the least total first", "", "");
  const std::array names{"adam, lr 0.01", "sgd, momentum 0.9, lr 0.1", "rmsprop, lr 0.001",
                         "adagrad, lr 0.1", "nesterov, momentum 0.95, lr 0.05"};
  for (int k = 0; k < 5; ++k) {
    const double total = 1 + 0.2 * k * k, bias2 = 0.05 * k - 0.02, variance = 0.4 * total;
    picture.rows.push_back({names[std::size_t(k)], total, 0.9 * total, 1.1 * total, bias2,
                            bias2 - 0.03, bias2 + 0.03, variance, 0.8 * variance, 1.2 * variance,
                            Count{k == 3 ? 17 : 20}, Count{20}});
  }
  return picture;
}

Picture differences() {
  auto picture =
      titled(sketch("rows", {"label", "difference", "difference_lo", "difference_hi", "note"},
                    {{"adam", -0.3, -0.4, -0.2, "better"},
                     {"rmsprop", -0.05, -0.15, 0.05, "no difference shown"},
                     {"adagrad", 0.4, 0.3, 0.5, "worse"},
                     {"lion", 0.02, -0.01, 0.05, "no difference shown"}}),
             "Differences to sgd, lr 0.1", "test loss minus that of sgd, lr 0.1", "");
  picture.zero = true;
  return picture;
}

Picture statuses() {
  return titled(sketch("stack", {"label", "done", "diverged", "failed", "timeout"},
                       {{"lr 1", Count{2}, Count{17}, Count{1}, Count{0}},
                        {"lr 0.1", Count{15}, Count{4}, Count{1}, Count{0}},
                        {"lr 0.01", Count{20}, Count{0}, Count{0}, Count{0}},
                        {"lr 0.001", Count{18}, Count{0}, Count{0}, Count{2}}}),
                "How the runs ended", "", "");
}

Picture profile() {
  auto picture = titled(sketch("steps", {"x", "series", "share"}, {}), "Performance profile",
                        "steps, as a multiple of the fastest", "share of problems");
  for (int k = 1; k <= 3; ++k) {
    double share = 0;
    for (int i = 0; i < 8; ++i) {
      share += 0.4 * (1 - share);
      picture.rows.push_back({std::pow(2, i * k / 3.0), Count{k}, share});
    }
  }
  picture.names = {{"1", "adam"}, {"2", "rmsprop"}, {"3", "sgd"}};
  picture.x.log = true;
  picture.y.log = false;
  picture.y.domain = {0, 1.02};
  return picture;
}

// The valley of Rosenbrock's function.
Picture paths() {
  auto picture =
      titled(sketch("path", {"x", "y", "series", "step"}, {}), "Paths over the surface", "x", "y");
  Field field{-2, 2, -1, 3, 61, 61, {}};
  for (std::size_t j = 0; j < field.ny; ++j)
    for (std::size_t i = 0; i < field.nx; ++i) {
      const double x = -2 + double(i) / 15, y = -1 + double(j) / 15;
      field.z.push_back(std::pow(1 - x, 2) + 100 * std::pow(y - x * x, 2));
    }
  picture.field = field;
  for (int k = 1; k <= 2; ++k) {
    double x = -1.5, y = 2;
    for (int step = 0; step < 60; ++step) {
      picture.rows.push_back({x, y, k == 1 ? "sgd" : "adam", Count{step}});
      x += 0.05 * k * (1 - x);
      y += 0.1 * (x * x - y);
    }
  }
  return picture;
}

// A truth, a mean fit with its band, single fits and the data.
Picture fit() {
  auto picture = titled(sketch("line", {"x", "series", "part", "y", "y_lo", "y_hi"}, {}),
                        "Data and fit", "x", "y");
  for (int i = 0; i <= 60; ++i) {
    const double x = i * 0.1, truth = std::sin(x), mean = 0.9 * truth + 0.05;
    picture.rows.push_back({x, "truth", monostate{}, truth, monostate{}, monostate{}});
    picture.rows.push_back({x, "mean fit", monostate{}, mean, mean - 0.3, mean + 0.3});
    for (int k = 0; k < 8; ++k)
      picture.rows.push_back({x, "fits of single replicates", Count{k},
                              std::sin(x + 0.03 * (k - 4)) * (0.8 + 0.03 * k), monostate{},
                              monostate{}});
  }
  for (int i = 0; i < 20; ++i) {
    const double x = 6 * std::fmod(i * 0.618034, 1);
    picture.rows.push_back({x, "data", monostate{}, std::sin(x) + std::fmod(i * 0.754878, 1) - 0.5,
                            monostate{}, monostate{}});
  }
  picture.modes = {{"data", "points"}, {"fits of single replicates", "thin"}};
  picture.band = true;
  return picture;
}

}  // namespace

std::vector<std::pair<std::string, Picture>> golden_pictures() {
  return {{"u_curve", u_curve()},
          {"learning_curves", learning_curves()},
          {"facets", facets()},
          {"heat_map", heat_map()},
          {"heat_facets", heat_facets()},
          {"search", search()},
          {"estimates", estimates()},
          {"differences", differences()},
          {"statuses", statuses()},
          {"profile", profile()},
          {"paths", paths()},
          {"fit", fit()}};
}

}  // namespace descent::report
