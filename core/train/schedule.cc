// SPDX-License-Identifier: MIT
#include "train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace descent::train {
namespace {

double cosine(double from, double to, double share) {
  return to + (from - to) * (1 + std::cos(std::numbers::pi * share)) / 2;
}

// The share of these periods that has passed at t.
double passed(std::uint64_t t, std::uint64_t periods) {
  return double(std::min(t, periods)) / double(periods);
}

struct At {
  double base;
  std::uint64_t t;

  double operator()(const ConstantRule&) const { return base; }

  double operator()(const StepRule& r) const {
    const auto stairs = t / r.step_size;  // whole ones
    return base * std::pow(r.gamma, double(stairs));
  }

  double operator()(const MultiStepRule& r) const {
    const auto reached = std::ranges::count_if(r.milestones, [&](auto m) { return m <= t; });
    return base * std::pow(r.gamma, double(reached));
  }

  double operator()(const ExponentialRule& r) const { return base * std::pow(r.gamma, double(t)); }

  double operator()(const CosineAnnealing& r) const {
    return cosine(base, r.eta_min, double(t) / double(r.t_max));
  }

  double operator()(const CosineWarmRestarts& r) const {
    std::uint64_t since = t, period = r.t_0;
    if (r.t_mult == 1) since %= period;
    while (since >= period) {
      since -= period;
      period *= r.t_mult;
    }
    return cosine(base, r.eta_min, double(since) / double(period));
  }

  double operator()(const LinearWarmup& r) const {
    return base * (r.start_factor + (r.end_factor - r.start_factor) * passed(t, r.total_iters));
  }

  double operator()(const PolynomialDecay& r) const {
    return base * std::pow(1 - passed(t, r.total_iters), r.power);
  }

  // Phases end at real numbers, the last one at the last period, where it stays.
  double operator()(const OneCycle& r) const {
    struct Phase {
      double end, value;
    };
    const double start = r.max_lr / r.div_factor, least = start / r.final_div_factor;
    const double last = double(r.total_steps) - 1, rise = r.pct_start * double(r.total_steps);
    const double now = std::min(double(t), last);
    std::vector<Phase> phases = {{rise - 1, r.max_lr}};
    if (r.three_phase) phases.push_back({2 * rise - 2, start});
    phases.push_back({last, least});
    Phase before{0, start};
    for (const auto& phase : phases) {
      if (now <= phase.end && phase.end > before.end) {
        const double share = (now - before.end) / (phase.end - before.end);
        return r.linear ? before.value + (phase.value - before.value) * share
                        : cosine(before.value, phase.value, share);
      }
      before = phase;
    }
    return least;
  }

  double operator()(const ReduceOnPlateau&) const { return base; }

  double operator()(const Cyclic& r) const {
    const auto length = r.step_size_up + r.step_size_down, cycle = t / length, place = t % length;
    const double height = place < r.step_size_up
                              ? double(place) / double(r.step_size_up)
                              : 1 - double(place - r.step_size_up) / double(r.step_size_down);
    const double scale = r.mode == Cyclic::Mode::triangular    ? 1
                         : r.mode == Cyclic::Mode::triangular2 ? std::pow(0.5, double(cycle))
                                                               : std::pow(r.gamma, double(t));
    return base + (r.max_lr - base) * height * scale;
  }
};

}  // namespace

double value_at(const ScheduleShape& rule, double base, std::uint64_t t) {
  return std::visit(At{base, t}, rule);
}

double value_at(const Schedule& s, double base, std::uint64_t t) {
  if (t >= s.warmup) return value_at(s.rule, base, t - s.warmup);
  return value_at(s.rule, base, 0) * double(t + 1) / double(s.warmup + 1);
}

Schedule fitted(Schedule schedule, std::uint64_t periods) {
  const std::uint64_t rest = periods > schedule.warmup ? periods - schedule.warmup : 1;
  const auto fit = [&](std::uint64_t& length) { length = length == 0 ? rest : length; };
  if (auto* cosine = std::get_if<CosineAnnealing>(&schedule.rule)) fit(cosine->t_max);
  if (auto* decay = std::get_if<PolynomialDecay>(&schedule.rule)) fit(decay->total_iters);
  if (auto* cycle = std::get_if<OneCycle>(&schedule.rule)) fit(cycle->total_steps);
  return schedule;
}

}  // namespace descent::train
