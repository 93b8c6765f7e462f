// SPDX-License-Identifier: MIT
// Functions on 1e5 values in a replayed graph, bare loops over the vector functions of SLEEF (the
// ones the graph uses) and of libmvec, and a copy, the limit of the memory.
#include <benchmark/benchmark.h>
#include <dlfcn.h>

#include <armadillo>

#include "autograd/ops.h"

namespace descent {
namespace {

constexpr arma::uword classes = 10, samples = 10'000, values = classes * samples;

template <class T>
arma::Mat<T> inputs() {
  arma::arma_rng::set_seed(1);
  return arma::Mat<T>(classes, samples, arma::fill::randn);
}

struct Exp {
  static constexpr auto libmvec = "exp";
  template <class T>
  static Var<T> record(const Var<T>& x) {
    return exp(x);
  }
  template <class T>
  static T value(T x) {
    return std::exp(x);
  }
};
struct Tanh {
  static constexpr auto libmvec = "tanh";
  template <class T>
  static Var<T> record(const Var<T>& x) {
    return tanh(x);
  }
  template <class T>
  static T value(T x) {
    return std::tanh(x);
  }
};
struct Sigmoid {  // libmvec has none: by its exp
  static constexpr auto libmvec = "exp";
  template <class T>
  static Var<T> record(const Var<T>& x) {
    return sigmoid(x);
  }
  template <class T>
  static T value(T x) {
    return T(1) / (T(1) + std::exp(-x));
  }
};
struct LogSoftmax {
  template <class T>
  static Var<T> record(const Var<T>& x) {
    return log_softmax(x);
  }
};

template <class T>
void finish(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * std::int64_t(values));
  state.SetBytesProcessed(state.iterations() * std::int64_t(2 * values * sizeof(T)));
}

template <class F, class T>
void ours(benchmark::State& state) {
  const arma::Mat<T> x = inputs<T>();
  Graph<T> graph;
  const Var<T> y = F::record(graph.constant(x.memptr(), x.n_rows, x.n_cols));
  for (auto _ : state) {
    graph.forward();
    benchmark::DoNotOptimize(y.value().memptr());
    benchmark::ClobberMemory();
  }
  finish<T>(state);
}

template <class F, class T>
DESCENT_KERNEL void loop(const T* x, T* y, arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) y[i] = F::value(x[i]);
}

template <class F, class T>
void sleef(benchmark::State& state) {
  const arma::Mat<T> x = inputs<T>();
  arma::Mat<T> y(classes, samples);
  for (auto _ : state) {
    loop<F>(x.memptr(), y.memptr(), values);
    benchmark::DoNotOptimize(y.memptr());
    benchmark::ClobberMemory();
  }
  finish<T>(state);
}

// The number of classes is known to the compiler here.
template <class T>
DESCENT_KERNEL void log_softmax_loop(const T* x, T* y, T* e, T* sums, arma::uword n) {
  for (arma::uword j = 0; j < n; ++j) {
    T m = x[classes * j];
    for (arma::uword i = 1; i < classes; ++i) m = std::max(m, x[classes * j + i]);
    for (arma::uword i = 0; i < classes; ++i) y[classes * j + i] = x[classes * j + i] - m;
  }
#pragma omp simd
  for (arma::uword i = 0; i < classes * n; ++i) e[i] = std::exp(y[i]);
  for (arma::uword j = 0; j < n; ++j) {
    T sum = 0;
    for (arma::uword i = 0; i < classes; ++i) sum += e[classes * j + i];
    sums[j] = sum;
  }
#pragma omp simd
  for (arma::uword j = 0; j < n; ++j) sums[j] = std::log(sums[j]);
  for (arma::uword j = 0; j < n; ++j)
    for (arma::uword i = 0; i < classes; ++i) y[classes * j + i] -= sums[j];
}

template <class T>
void sleef_log_softmax(benchmark::State& state) {
  const arma::Mat<T> x = inputs<T>();
  arma::Mat<T> y(classes, samples), e(classes, samples), sums(1, samples);
  for (auto _ : state) {
    log_softmax_loop(x.memptr(), y.memptr(), e.memptr(), sums.memptr(), samples);
    benchmark::DoNotOptimize(y.memptr());
    benchmark::ClobberMemory();
  }
  finish<T>(state);
}

template <class T>
DESCENT_KERNEL void copy_loop(const T* x, T* y, arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) y[i] = x[i];
}

template <class T>
void copy(benchmark::State& state) {
  const arma::Mat<T> x = inputs<T>();
  arma::Mat<T> y(classes, samples);
  for (auto _ : state) {
    copy_loop(x.memptr(), y.memptr(), values);
    benchmark::DoNotOptimize(y.memptr());
    benchmark::ClobberMemory();
  }
  finish<T>(state);
}

#if defined(__x86_64__)
// Loops over a vector function of libmvec. SLEEF has the same names, so the function is looked up
// explicitly. `values` is a multiple of every width.
#define LIBMVEC_LOOP(name, level, bytes)                                                      \
  template <class F, class T>                                                                 \
  __attribute__((target(level))) void name(void* function, const T* x, T* y, arma::uword n) { \
    typedef T Wide __attribute__((vector_size(bytes)));                                       \
    const auto f = reinterpret_cast<Wide (*)(Wide)>(function);                                \
    constexpr arma::uword width = sizeof(Wide) / sizeof(T);                                   \
    for (arma::uword i = 0; i < n; i += width) {                                              \
      Wide v;                                                                                 \
      __builtin_memcpy(&v, x + i, sizeof v);                                                  \
      if constexpr (std::is_same_v<F, Sigmoid>)                                               \
        v = T(1) / (T(1) + f(-v));                                                            \
      else                                                                                    \
        v = f(v);                                                                             \
      __builtin_memcpy(y + i, &v, sizeof v);                                                  \
    }                                                                                         \
  }
LIBMVEC_LOOP(libmvec_avx512, "avx512f", 64)
LIBMVEC_LOOP(libmvec_avx2, "avx2", 32)
#undef LIBMVEC_LOOP

bool has_avx512() { return __builtin_cpu_supports("avx512f"); }

template <class F, class T>
void* libmvec_function() {
  const int width = (has_avx512() ? 64 : 32) / int(sizeof(T));
  const std::string name = std::string(has_avx512() ? "_ZGVeN" : "_ZGVdN") + std::to_string(width) +
                           "v_" + F::libmvec + (sizeof(T) == 4 ? "f" : "");
  void* const library = dlopen("libmvec.so.1", RTLD_NOW | RTLD_LOCAL);
  return library ? dlsym(library, name.c_str()) : nullptr;
}

template <class F, class T>
void libmvec(benchmark::State& state) {
  void* const function = libmvec_function<F, T>();
  if (!function) return state.SkipWithError("libmvec has no such function");
  const arma::Mat<T> x = inputs<T>();
  arma::Mat<T> y(classes, samples);
  for (auto _ : state) {
    if (has_avx512())
      libmvec_avx512<F>(function, x.memptr(), y.memptr(), values);
    else
      libmvec_avx2<F>(function, x.memptr(), y.memptr(), values);
    benchmark::DoNotOptimize(y.memptr());
    benchmark::ClobberMemory();
  }
  for (arma::uword i = 0; i < values; ++i)
    if (std::abs(y[i] - F::value(x[i])) > T(1e-5) * std::abs(y[i]))
      return state.SkipWithError("libmvec computed something else");
  finish<T>(state);
}

#endif

template <class T>
void ours_tanh_and_slope(benchmark::State& state) {
  const arma::Mat<T> x = inputs<T>();
  arma::Mat<T> dx(classes, samples);
  Graph<T> graph;
  const Var<T> y = tanh(graph.parameter(x.memptr(), dx.memptr(), x.n_rows, x.n_cols));
  y.node()->gradient.ones();
  for (auto _ : state) {
    graph.forward();
    graph.backward();
    benchmark::DoNotOptimize(dx.memptr());
    benchmark::ClobberMemory();
  }
  finish<T>(state);
}

template <class T>
DESCENT_KERNEL void slope_loop(const T* y, const T* dy, T* dx, arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) dx[i] = dy[i] * (T(1) - y[i] * y[i]);
}

template <class T>
void sleef_tanh_and_slope(benchmark::State& state) {
  const arma::Mat<T> x = inputs<T>();
  const arma::Mat<T> dy(classes, samples, arma::fill::ones);
  arma::Mat<T> y(classes, samples), dx(classes, samples);
  for (auto _ : state) {
    loop<Tanh>(x.memptr(), y.memptr(), values);
    slope_loop(y.memptr(), dy.memptr(), dx.memptr(), values);
    benchmark::DoNotOptimize(dx.memptr());
    benchmark::ClobberMemory();
  }
  finish<T>(state);
}

template <class T>
bool add_all(const std::string& type) {
  const auto add = [&](const std::string& name, void (*f)(benchmark::State&)) {
    benchmark::RegisterBenchmark((name + type + '>').c_str(), f);
  };
  add("copy<", copy<T>);
  add("ours<Exp, ", ours<Exp, T>);
  add("sleef<Exp, ", sleef<Exp, T>);
  add("ours<Tanh, ", ours<Tanh, T>);
  add("sleef<Tanh, ", sleef<Tanh, T>);
  add("ours<Sigmoid, ", ours<Sigmoid, T>);
  add("sleef<Sigmoid, ", sleef<Sigmoid, T>);
  add("ours<LogSoftmax, ", ours<LogSoftmax, T>);
  add("sleef_log_softmax<", sleef_log_softmax<T>);
  add("ours_tanh_and_slope<", ours_tanh_and_slope<T>);
  add("sleef_tanh_and_slope<", sleef_tanh_and_slope<T>);
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {  // which the loops around libmvec are compiled for
    add("libmvec<Exp, ", libmvec<Exp, T>);
    add("libmvec<Tanh, ", libmvec<Tanh, T>);
    add("libmvec<Sigmoid, ", libmvec<Sigmoid, T>);
  }
#endif
  return true;
}
const bool added = add_all<float>("float") && add_all<double>("double");

}  // namespace
}  // namespace descent
