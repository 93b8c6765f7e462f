// SPDX-License-Identifier: MIT
#include "conformance/walk.h"

#include <random>

#include "conformance/checks.h"

namespace descent::conformance {
namespace {

constexpr std::uint64_t planned = 100, epoch_length = 5;

arma::mat drawn(arma::uword rows, arma::uword cols, std::mt19937_64& engine) {
  std::normal_distribution<double> normal;
  arma::mat m(rows, cols);
  for (auto& x : m) x = double(float(normal(engine)));
  return m;
}

void round_to_float(host::Optimizer<double>::Memory& memory) {
  memory.slots.transform([](double a) { return double(float(a)); });
  memory.state.transform([](double a) { return double(float(a)); });
  for (auto& inner : memory.inner) round_to_float(inner);
}

arma::uword size_of(const Blocks& blocks) {
  arma::uword size = 0;
  for (const auto& block : blocks) size += block.rows * block.cols;
  return size;
}

}  // namespace

Course Course::usual(arma::uword steps, unsigned seed) {
  std::mt19937_64 engine(seed);
  Course course;
  course.start = drawn(size_of(course.blocks), 1, engine).col(0);
  course.gradients = drawn(course.start.n_elem, steps, engine);
  course.curvature.set_size(course.start.n_elem);
  for (arma::uword i = 0; i < course.start.n_elem; ++i) course.curvature(i) = 1 + double(i % 5) / 4;
  return course;
}

arma::uvec places(const Course& course, const std::vector<std::size_t>& order) {
  arma::uvec all;
  for (const auto i : order) {
    const auto& block = course.blocks[i];
    all = arma::join_cols(
        all, arma::regspace<arma::uvec>(block.offset, block.offset + block.rows * block.cols - 1));
  }
  return all;
}

Course reordered(const Course& course, const std::vector<std::size_t>& order) {
  auto other = course;
  other.blocks.clear();
  arma::uword offset = 0;
  for (const auto i : order) {
    other.blocks.push_back(course.blocks[i]);
    other.blocks.back().offset = offset;
    offset += other.blocks.back().rows * other.blocks.back().cols;
  }
  const auto from = places(course, order);
  other.start = course.start.elem(from);
  other.gradients = course.gradients.rows(from);
  other.curvature = course.curvature.elem(from);
  return other;
}

template <class T>
Walk<T>::Walk(const host::Plugin& plugin, std::vector<double> hyperparameters, Course course)
    : course_(std::move(course)),
      optimizer_(plugin, std::move(hyperparameters), course_.start.n_elem, course_.blocks, planned),
      x_(arma::conv_to<arma::Col<T>>::from(course_.start)),
      curvature_(arma::conv_to<arma::Col<T>>::from(course_.curvature)) {}

template <class T>
void Walk<T>::step() {
  const auto t = optimizer_.steps();
  gradient_ =
      arma::conv_to<arma::Col<T>>::from(course_.gradients.col(t % course_.gradients.n_cols));
  gradient_ += T(course_.pull) * x_;
  const arma::Col<T> here = x_, slope = gradient_, sign = T(0.25) * arma::sign(slope);
  gradient_ *= T(course_.misled);
  const std::uint64_t epoch = 1 + t / epoch_length;
  optimizer_.step(x_, gradient_, epoch, course_.seed + t + 1,
                  [&](const arma::Col<T>& at, arma::Col<T>* gradient) {
                    ++evaluations_;
                    const arma::Col<T> off = at - here;
                    const arma::Col<T> bend = curvature_ % (T(1.25) + sign) % off;
                    if (gradient) *gradient = bend + slope;
                    const double value =
                        1 + double(arma::dot(slope, slope) + arma::dot(bend, off)) / 2 +
                        double(arma::dot(slope, off));
                    if (!course_.coarse) return value;
                    if (gradient) gradient->transform([](T a) { return T(float(a)); });
                    return double(float(value));
                  });
}

template <class T>
void Walk<T>::go(arma::uword last) {
  while (optimizer_.steps() < last) step();
}

template <class T>
void Walk<T>::flip() {
  course_.gradients.col(optimizer_.steps()) *= -1;
}

template <class T>
arma::mat trajectory(const host::Plugin& plugin, const std::vector<double>& hyperparameters,
                     const Course& course, const Before<T>& before) {
  Walk<T> walk(plugin, hyperparameters, course);
  arma::mat all;
  for (arma::uword t = 1; t <= course.gradients.n_cols; ++t) {
    if (before) before(walk, t);
    walk.step();
    arma::vec now = arma::conv_to<arma::vec>::from(walk.x());
    if (plugin->average[DESCENT_F64])
      now = arma::join_cols(
          now, arma::conv_to<arma::vec>::from(walk.optimizer().evaluation_weights(walk.x())));
    all = arma::join_rows(all, now);
  }
  return all;
}

double trajectory_distance(const arma::mat& a, const arma::mat& b, const arma::vec& start) {
  const arma::vec from = a.n_rows > start.n_elem ? arma::join_cols(start, start) : start;
  const double length = largest<double>(a.each_col() - from);
  const double off = largest<double>(a - b);
  return off == 0 ? 0 : off / length;
}

double tolerance(const host::Plugin& plugin, const std::vector<double>& hyperparameters,
                 const Course& course, double rounding, double least) {
  constexpr double times = 100;
  std::mt19937_64 engine(7);
  auto other = course;
  other.start %= 1 + rounding * drawn(course.start.n_elem, 1, engine).col(0);
  other.gradients %= 1 + rounding * drawn(course.start.n_elem, course.gradients.n_cols, engine);
  const auto exact = trajectory<double>(plugin, hyperparameters, course);
  return std::max(
      least, times * trajectory_distance(exact, trajectory<double>(plugin, hyperparameters, other),
                                         course.start));
}

double rounding_to_float(const host::Plugin& plugin, const std::vector<double>& hyperparameters,
                         const Course& course) {
  auto coarse = course;
  coarse.coarse = true;
  const auto rounded =
      trajectory<double>(plugin, hyperparameters, coarse, [](Walk<double>& walk, arma::uword) {
        walk.x().transform([](double a) { return double(float(a)); });
        auto memory = walk.optimizer().memory();
        round_to_float(memory);
        walk.optimizer().restore(memory);
      });
  return trajectory_distance(trajectory<double>(plugin, hyperparameters, course), rounded,
                             course.start);
}

bool evaluates(const host::Plugin& plugin, const std::vector<double>& hyperparameters) {
  Walk<double> walk(plugin, hyperparameters, Course::usual(2));
  walk.go(2);
  return walk.evaluations() > 0;
}

bool draws(const host::Plugin& plugin, const std::vector<double>& hyperparameters) {
  auto course = Course::usual(20);
  const auto one = trajectory<double>(plugin, hyperparameters, course);
  const bool repeats = trajectory_distance(one, trajectory<double>(plugin, hyperparameters, course),
                                           course.start) == 0;
  course.seed = 1'000'000;
  return repeats && !(trajectory_distance(one, trajectory<double>(plugin, hyperparameters, course),
                                          course.start) == 0);
}

template class Walk<float>;
template class Walk<double>;
template arma::mat trajectory(const host::Plugin&, const std::vector<double>&, const Course&,
                              const Before<float>&);
template arma::mat trajectory(const host::Plugin&, const std::vector<double>&, const Course&,
                              const Before<double>&);

}  // namespace descent::conformance
