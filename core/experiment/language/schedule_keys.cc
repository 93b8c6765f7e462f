// SPDX-License-Identifier: MIT
// The schedules of train.schedule.
#include "experiment/language/keys.h"
#include "experiment/language/ranges.h"

namespace descent::experiment {
namespace {

void describe(Fields&, train::ConstantRule&) {}

void describe(Fields& f, train::StepRule& r) {
  f.required(r.step_size, "step_size", count(), "periods", "step_size: 30");
  f(r.gamma, "gamma", above(0), "the factor");
}

void describe(Fields& f, train::MultiStepRule& r) {
  f.required(r.milestones, "milestones", list(count(), 1), "periods", "milestones: [30, 80]");
  f(r.gamma, "gamma", above(0), "the factor");
}

void describe(Fields& f, train::ExponentialRule& r) {
  f.required(r.gamma, "gamma", above(0), "the factor", "gamma: 0.95");
}

void describe(Fields& f, train::CosineAnnealing& r) {
  f.optional(r.t_max, "t_max", count(), "periods of half a cosine; default: the rest of the run");
  f(r.eta_min, "eta_min", number(), "lowest value");
}

void describe(Fields& f, train::CosineWarmRestarts& r) {
  f.required(r.t_0, "t_0", count(), "periods to the first restart", "t_0: 10");
  f(r.t_mult, "t_mult", count(), "factor of that length at each restart");
  f(r.eta_min, "eta_min", number(), "lowest value");
}

void describe(Fields& f, train::LinearWarmup& r) {
  f(r.start_factor, "start_factor", number(0), "factor at the start");
  f(r.end_factor, "end_factor", number(0), "factor at the end");
  f(r.total_iters, "total_iters", count(), "periods from start_factor to end_factor");
}

void describe(Fields& f, train::PolynomialDecay& r) {
  f.optional(r.total_iters, "total_iters", count(),
             "periods until it is 0; default: the rest of the run");
  f(r.power, "power", number(0), "exponent of the decay; 1: linear");
}

void describe(Fields& f, train::OneCycle& r) {
  f.required(r.max_lr, "max_lr", number(), "highest value", "max_lr: 0.1");
  f.optional(r.total_steps, "total_steps", count(),
             "length of the cycle; default: the rest of the run");
  f(r.pct_start, "pct_start", above(0, 1), "fraction of the cycle in which the value rises");
  f.words(r.linear, "anneal_strategy", {{"cos", false}, {"linear", true}},
          "shape of rise and fall");
  f(r.div_factor, "div_factor", above(0), "max_lr / value at the start");
  f(r.final_div_factor, "final_div_factor", above(0), "value at the start / last value");
  f(r.three_phase, "three_phase", flag(), "fall as slowly as the rise, then to the last value");
}

void describe(Fields& f, train::Cyclic& r) {
  using Mode = train::Cyclic::Mode;
  f.required(r.max_lr, "max_lr", number(), "highest value", "max_lr: 0.1");
  f.required(r.step_size_up, "step_size_up", count(), "periods up", "step_size_up: 20");
  r.step_size_down = r.step_size_up;
  f.optional(r.step_size_down, "step_size_down", count(), "periods down; default: as up");
  f.words(r.mode, "mode",
          {{"triangular", Mode::triangular},
           {"triangular2", Mode::triangular2},
           {"exp_range", Mode::exp_range}},
          "cycles of one height, halved each time, or times gamma^t");
  f(r.gamma, "gamma", above(0), "the factor");
}

void describe(Fields& f, train::ReduceOnPlateau& r) {
  f(r.factor, "factor", between(0, 1), "what the value is multiplied by");
  f(r.patience, "patience", whole_from(0), "epochs without an improvement that are tolerated");
  f(r.threshold, "threshold", number(0), "smallest change that counts as an improvement");
  f.words(r.is_absolute, "threshold_mode", {{"rel", false}, {"abs", true}},
          "threshold as a share of the best value, or itself");
  f(r.cooldown, "cooldown", whole_from(0), "epochs after a reduction that do not count");
  f(r.min_lr, "min_lr", number(0), "lowest value");
  f(r.eps, "eps", number(0), "a reduction by no more is left out");
  auto& metric = f.words(
      r.metric, "metric", watched_metrics(),
      "what is watched; default: validation_loss if there is a validation set, else train_loss");
  metric.fallback = nullptr;
  metric.schema.refused = refused_metrics();
}

// One kind of schedule, with the keys that all of them have.
template <class Own>
void rule(Fields& f, train::Schedule& s, const char* name, const char* doc) {
  f.kind(s, name, {Own()}, doc, [&](Fields& in) {
    describe(in, std::get<Own>(s.rule));
    in(s.hyper, "hyper", text(), "the hyperparameter that follows the schedule");
    in.words(s.every_step, "per", {{"epoch", false}, {"step", true}}, "what a period is");
    in(s.warmup, "warmup", whole_from(0), "periods of linear warmup before the schedule");
  });
}

}  // namespace

void describe(Fields& f, train::Schedule& s) {
  rule<train::ConstantRule>(f, s, "constant", "constant, for example with a warmup only");
  rule<train::StepRule>(f, s, "step", "times gamma every step_size periods");
  rule<train::MultiStepRule>(f, s, "multi_step", "times gamma at each milestone");
  rule<train::ExponentialRule>(f, s, "exponential", "times gamma every period");
  rule<train::CosineAnnealing>(f, s, "cosine_annealing", "down a cosine to eta_min");
  rule<train::CosineWarmRestarts>(f, s, "cosine_warm_restarts",
                                  "down a cosine to eta_min, with restarts");
  rule<train::LinearWarmup>(f, s, "linear_warmup", "times a factor that changes linearly");
  rule<train::PolynomialDecay>(f, s, "polynomial", "polynomial decay to 0");
  rule<train::OneCycle>(f, s, "one_cycle", "up to max_lr and down to almost 0");
  rule<train::Cyclic>(f, s, "cyclic", "up and down between the value and max_lr");
  rule<train::ReduceOnPlateau>(f, s, "reduce_on_plateau",
                               "times factor when a metric has not improved");
}

}  // namespace descent::experiment
