// SPDX-License-Identifier: MIT
// Keys of data.synthetic, and of noise.
#include <fmt/format.h>

#include "experiment/language/keys.h"
#include "experiment/language/ranges.h"

namespace descent::experiment {
namespace {

void describe(Fields& f, data::InputSpec& s) {
  using Kind = data::InputSpec::Kind;
  const auto ends = [&](Fields& in) { in.pair(s.a, s.b, interval()); };
  const auto mean_and_sd = [&](Fields& in) {
    in.pair(s.a, s.b, tuple(number(), "mean", number(0), "sd"));
  };
  f.kind(s, "uniform", {Kind::uniform}, "[a, b]: redrawn for every replicate", ends);
  f.kind(s, "normal", {Kind::normal}, "[mean, sd]: redrawn for every replicate", mean_and_sd);
  f.kind(s, "midpoints", {Kind::midpoints}, "[a, b]: a + (b-a)(i-1/2)/n, fixed", ends);
}

void describe(Fields& f, data::NoiseSpec& s) {
  using Kind = data::NoiseSpec::Kind;
  f.kind(s, "none", {Kind::none}, "targets without noise");
  f.kind(s, "normal", {Kind::normal}, "the standard deviation",
         [&](Fields& in) { in.value(s.sd, number(0)); });
  f.kind(s, "bernoulli", {Kind::bernoulli}, "target 1 with probability f(x), else 0");
  f.kind(s, "student_t", {Kind::student_t, 1}, "heavy tails", [&](Fields& in) {
    in(s.df, "df", above(0), "degrees of freedom; above 2 for a finite variance");
    in(s.sd, "scale", number(0), "what Student's t is multiplied by");
  });
  f.kind(s, "contaminated", {Kind::contaminated, 1}, "normal, with outliers", [&](Fields& in) {
    in(s.sd, "sd", number(0), "the standard deviation of most targets");
    in(s.share, "share", number(0, 1), "share of targets that are outliers");
    in(s.scale, "scale", number(0), "how many times as large an outlier's is");
  });
}

Key& inputs(Fields& f, data::InputSpec& x, const std::string& doc) {
  return f.choice("x", "input distribution", doc, [&](Fields& in) { describe(in, x); });
}

// Samples held out of the training of every replicate.
Key& drawn_set(Fields& f, const std::string& name, std::uint64_t& count, data::InputSpec& x,
               const char* doc) {
  return f.map("data.synthetic." + name, "count", doc, [&](Fields& in) {
    in.required(count, "count", whole_from(0), fmt::format("{0} samples; 0: no {0} set", name),
                "count: 1000");
    inputs(in, x, fmt::format("how {} inputs are drawn; default: as x", name));
  });
}

}  // namespace

void noise(Fields& f, data::NoiseSpec& noise, const char* doc) {
  f.choice("noise", "noise", doc, [&](Fields& in) { describe(in, noise); }).fallback = {
      {"name", "none"}};
}

void describe(Fields& f, data::SyntheticSpec& s) {
  f.required(s.function, "function", one_or_list(text()),
             "f(x) of x, or of x1 .. xd when dims is above 1; of several targets a list",
             "function: 5*x + 7");
  f(s.dims, "dims", count(), "number of inputs");
  needed(inputs(f, s.x, "how inputs are drawn"), "x: {uniform: [0, 1]}");
  noise(f, s.noise, "noise of the targets around f(x)");
  f.required(s.train, "train", count(), "training samples", "train: 256");
  s.test_x = s.validation_x = s.x;
  drawn_set(f, "test", s.test, s.test_x, "test samples, or {count, x}").fallback = {{"count", 0}};
  drawn_set(f, "validation", s.validation, s.validation_x,
            "validation samples, or {count, x}; for stopping, pruning and selection");
  f.map("data.synthetic.labels", "flip", "noise in the labels of training", [&](Fields& in) {
    in(s.label_flip, "flip", number(0, 1), "share of them that are replaced by another class's");
  });
}

}  // namespace descent::experiment
