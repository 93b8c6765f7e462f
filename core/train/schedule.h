// SPDX-License-Identifier: MIT
// How a hyperparameter of the optimizer changes during a run: a function of the period, an epoch
// or a step, counted from 0. Rules and names are those of PyTorch (torch.optim.lr_scheduler); the
// value given to the optimizer is their start, called base here.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "record/metric.h"

namespace descent::train {

struct ConstantRule {};  // base

struct StepRule {  // base gamma^floor(t / step_size)
  std::uint64_t step_size = 1;
  double gamma = 0.1;
};

struct MultiStepRule {  // base gamma^(milestones up to t)
  std::vector<std::uint64_t> milestones;
  double gamma = 0.1;
};

struct ExponentialRule {  // base gamma^t
  double gamma = 0.95;
};

struct CosineAnnealing {  // eta_min + (base - eta_min) (1 + cos(pi t / t_max)) / 2, also past t_max
  std::uint64_t t_max = 0;
  double eta_min = 0;
};

// The same from the start on after t_0 periods, then t_0 t_mult, then t_0 t_mult^2, ...
struct CosineWarmRestarts {  // Loshchilov & Hutter 2017, arXiv:1608.03983
  std::uint64_t t_0 = 1, t_mult = 1;
  double eta_min = 0;
};

struct LinearWarmup {  // base times a factor from start_factor to end_factor in total_iters periods
  double start_factor = 1.0 / 3, end_factor = 1;
  std::uint64_t total_iters = 5;
};

struct PolynomialDecay {  // base (1 - t/total_iters)^power, 0 from total_iters on
  std::uint64_t total_iters = 0;
  double power = 1;
};

// From max_lr/div_factor up to max_lr at pct_start of total_steps and down to the start divided by
// final_div_factor; three_phase: down as fast as up, then to the end. Base plays no part.
struct OneCycle {  // Smith & Topin 2019, arXiv:1708.07120
  double max_lr = 0;
  std::uint64_t total_steps = 0;
  double pct_start = 0.3, div_factor = 25, final_div_factor = 1e4;
  bool linear = false, three_phase = false;
};

// Between base and max_lr, up in step_size_up periods and down in step_size_down. The height of
// cycle c is halved each time (triangular2) or times gamma^t (exp_range).
struct Cyclic {  // Smith 2017, arXiv:1506.01186
  enum class Mode { triangular, triangular2, exp_range };
  double max_lr = 0;
  std::uint64_t step_size_up = 1, step_size_down = 1;
  Mode mode = Mode::triangular;
  double gamma = 1;
};

// Times factor when a metric has not improved for more than `patience` epochs; not below min_lr.
// An improvement is by more than the share `threshold` of the best value (is_absolute: by more than
// threshold itself). For cooldown epochs after a reduction none counts as bad. A reduction by no
// more than eps is left out. It depends on the course of the run: see plateau.h.
struct ReduceOnPlateau {
  double factor = 0.1;
  std::uint64_t patience = 10;
  double threshold = 1e-4;
  bool is_absolute = false;
  std::uint64_t cooldown = 0;
  double min_lr = 0, eps = 1e-8;
  record::Metric metric = record::Metric::validation_loss;
};

using ScheduleShape = std::variant<ConstantRule, StepRule, MultiStepRule, ExponentialRule,
                                   CosineAnnealing, CosineWarmRestarts, LinearWarmup,
                                   PolynomialDecay, OneCycle, Cyclic, ReduceOnPlateau>;

// Of a plateau, where it begins.
double value_at(const ScheduleShape& rule, double base, std::uint64_t t);

struct Schedule {
  ScheduleShape rule;
  std::string hyper = "lr";
  bool every_step = false;  // periods are steps, else epochs
  // Periods before the rule: share 1/(warmup+1), 2/(warmup+1), ... of its first value.
  std::uint64_t warmup = 0;
};

// In period t of the run.
double value_at(const Schedule& schedule, double base, std::uint64_t t);

// Replaces lengths of 0 (t_max, total_iters, total_steps) by the rest of this many periods.
Schedule fitted(Schedule schedule, std::uint64_t periods);

}  // namespace descent::train
