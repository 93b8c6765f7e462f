// SPDX-License-Identifier: MIT
// `data: {surface: ...}` in experiment files: what is filled in, and what means nothing there.
#include "experiment/support.h"

namespace descent::testing {
namespace {

using SurfaceFile = ExperimentFile;

std::string on(const std::string& surface, const std::string& more = "") {
  return "experiment: hill\ndata: {surface: " + surface +
         "}\noptimizer: sgd\ntrain: {epochs: 5}\n" + more;
}

TEST_F(SurfaceFile, StartsAtItsOwnPointWithoutNoise) {
  const auto point = read(on("rosenbrock")).point(0);
  EXPECT_EQ(point.configuration["data"],
            json::parse(R"({"surface": {"name": "rosenbrock", "rosenbrock": {"noise": 0.0}}})"));
  EXPECT_EQ(point.configuration["model"],
            json::parse(R"({"init": {"name": "point", "point": [-1.2, 1.0]}})"));
  EXPECT_FALSE(point.configuration.contains("loss"));
  const auto& s = point.settings;
  ASSERT_TRUE(s.model.surface);
  EXPECT_EQ(s.model.surface->kind, nn::SurfaceSpec::Kind::rosenbrock);
  EXPECT_EQ(s.model.init.point, (std::array{-1.2, 1.0}));
  EXPECT_EQ(s.replicates.resample.scheme, data::Resample::none);
}

TEST_F(SurfaceFile, TakesNoiseAConditionAndAStart) {
  const auto s =
      read(on("{bowl: {noise: 0.5, condition: 100}}", "model: {init: {uniform: [1, 2]}}"))
          .point(0)
          .settings;
  EXPECT_EQ(s.model.surface->noise, 0.5);
  EXPECT_EQ(s.model.surface->condition, 100);
  EXPECT_EQ(s.model.init.kind, nn::InitSpec::Kind::uniform);
  EXPECT_EQ(
      read(on("saddle", "model: {init: {point: [0, 1.0e-6]}}")).point(0).settings.model.init.point,
      (std::array{0.0, 1e-6}));
}

TEST_F(SurfaceFile, MayBeAnAxis) {
  const auto experiment = read(on("{grid: [saddle, {bowl: {condition: {grid: [10, 100]}}}]}"));
  EXPECT_EQ(values(experiment, "data.surface"), (std::vector<json>{"saddle", "bowl", "bowl"}));
  EXPECT_EQ(experiment.swept(),
            (Texts{"data.surface", "data.surface.bowl.condition", "model.init.point.1"}));
}

TEST_F(SurfaceFile, RefusesWhatMeansNothingThere) {
  EXPECT_EQ(
      problems(on("saddle",
                  "features: [standardize]\nmodel: {layers: [{linear: 1}], init: he}\n"
                  "loss: mse\nreplicates: {resample: fresh}\nrecord: {decompose: [mae]}\n")),
      (Texts{"5:11: data.surface has no samples and no layers, so features does not apply; leave "
             "it out",
             "6:17: data.surface has no samples and no layers, so model.layers does not apply; "
             "leave it out",
             "6:38: init: he is made for layers; on a surface use point, uniform, normal or "
             "zeros",
             "7:7: data.surface has no samples and no layers, so loss does not apply; leave it out",
             "8:24: data.surface has no samples and no layers, so replicates.resample does not "
             "apply; leave it out",
             "9:21: data.surface has no samples and no layers, so record.decompose does not "
             "apply; leave it out"}));
}

TEST_F(SurfaceFile, TellsMistakesInItsOwnKeys) {
  EXPECT_EQ(problems(on("sadle")),
            Texts{"2:17: surface 'sadle' is not known; did you mean 'saddle'?"});
  EXPECT_EQ(problems(on("{saddle: {condition: 3}}")),
            Texts{"2:27: unknown key 'condition' in surface 'saddle'; valid: noise"});
  EXPECT_EQ(problems(on("saddle", "model: {init: {point: [1]}}")),
            Texts{"5:23: model.init.point: expected [x, y], found a list of 1"});
  EXPECT_EQ(problems(on("{saddle: {noise: -1}}")),
            Texts{"2:34: data.surface.saddle.noise = -1 is outside [0, inf)"});
}

TEST_F(SurfaceFile, AloneSparesModelAndLoss) {
  EXPECT_EQ(
      problems({{"model", "{init: {point: [0, 0]}}"}}),
      (Texts{"3:8: model needs the key 'layers', as in `layers: [{linear: 16}, tanh, {linear: "
             "1}]`",
             "3:15: init: point is the start on a surface; use another init for layers"}));
  EXPECT_EQ(
      problems("experiment: a\ndata: {csv: {path: a.csv, target: y}}\noptimizer: sgd\ntrain: "
               "{epochs: 1}\n"),
      (Texts{"1:1: an experiment needs the key 'model', as in `model: {layers: [{linear: 1}]}`",
             "1:1: an experiment needs the key 'loss', as in `loss: mse`"}));
}

TEST_F(SurfaceFile, IsNotSolvedDirectly) {
  const auto found = problems("experiment: a\ndata: {surface: bowl}\noptimizer: exact\n");
  EXPECT_EQ(found, Texts{"3:12: optimizer 'exact' solves linear models, and a surface is not one; "
                         "use another optimizer"});
}

}  // namespace
}  // namespace descent::testing
