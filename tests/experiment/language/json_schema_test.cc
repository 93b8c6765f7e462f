// SPDX-License-Identifier: MIT
#include "experiment/language/json_schema.h"

#include <algorithm>

#include "experiment/support.h"

namespace descent::testing {
namespace {

class JsonSchema : public ExperimentFile {
 protected:
  JsonSchema() : schema_(experiment::json_schema(catalog_)) {}

  const json& definition(const std::string& path) const { return schema_.at("$defs").at(path); }

  void collect_references(const json& value, Texts& all) const {
    if (value.is_object() && value.contains("$ref")) all.push_back(value["$ref"]);
    if (value.is_structured())
      for (const auto& child : value) collect_references(child, all);
  }

  json schema_;
};

TEST_F(JsonSchema, IsOfDraft2020AndSurvivesItsText) {
  EXPECT_EQ(schema_["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(json::parse(schema_.dump()), schema_);
}

TEST_F(JsonSchema, NamesEveryPluginAndEveryHyperparameter) {
  for (const auto kind : {DESCENT_LOSS, DESCENT_OPTIMIZER, DESCENT_REGULARIZER}) {
    const auto base =
        kind == DESCENT_REGULARIZER ? host::kind_name(kind) + ".item" : host::kind_name(kind);
    ASSERT_FALSE(catalog_.names(kind).empty());
    for (const auto& name : catalog_.names(kind))
      for (const auto& hyper : catalog_.get(kind, name).hyperparameter_names())
        EXPECT_TRUE(schema_["$defs"].contains(base + "." + name + "." + hyper)) << name;
  }
}

TEST_F(JsonSchema, EveryReferenceHasItsDefinition) {
  Texts references;
  collect_references(schema_, references);
  EXPECT_GT(references.size(), 100u);
  for (const auto& one : references) {
    ASSERT_TRUE(one.starts_with("#/$defs/")) << one;
    EXPECT_TRUE(schema_["$defs"].contains(one.substr(8))) << one;
  }
}

TEST_F(JsonSchema, TellsRangesDefaultsAndWords) {
  const auto& epochs = definition("train.epochs")["anyOf"][0];
  EXPECT_EQ(epochs["type"], "integer");
  EXPECT_EQ(epochs["minimum"], 1);
  const auto& momentum = definition("optimizer.sgd.momentum")["anyOf"][0];
  EXPECT_EQ(momentum["type"], "number");
  EXPECT_EQ(momentum["maximum"], 1);
  EXPECT_EQ(definition("dtype")["anyOf"][0]["enum"], json({"float32", "float64"}));
  EXPECT_EQ(schema_["properties"]["seed"]["default"], 0);
  EXPECT_EQ(schema_["properties"]["regularizer"]["default"], "none");
}

TEST_F(JsonSchema, EveryValueMayBeAnAxisAndNumbersMayBeSpaced) {
  const auto axes = [&](const std::string& path) {
    Texts keys;
    for (const auto& form : definition(path)["anyOf"])
      for (const auto* key :
           {"grid", "linspace", "logspace", "uniform", "loguniform", "integers", "choice"})
        if (form.contains("required") && form["required"] == json({key})) keys.push_back(key);
    return keys;
  };
  EXPECT_EQ(axes("optimizer"), (Texts{"grid", "choice"}));
  EXPECT_EQ(axes("optimizer.sgd.lr"),
            (Texts{"grid", "choice", "linspace", "logspace", "uniform", "loguniform", "integers"}));
  EXPECT_EQ(definition("optimizer")["anyOf"][1]["properties"]["zip"]["type"], "string");
}

TEST_F(JsonSchema, TheSweepHasKeysThatBlocksHaveNot) {
  for (const auto* key : {"draws", "sampler", "where"}) {
    EXPECT_TRUE(schema_["properties"].contains(key)) << key;
    EXPECT_FALSE(schema_["properties"]["union"]["items"]["properties"].contains(key)) << key;
  }
}

TEST_F(JsonSchema, WhatAFileNeedsMayStandInItsUnion) {
  EXPECT_EQ(schema_["anyOf"][0]["required"],
            json({"experiment", "data", "model", "loss", "optimizer", "train"}));
  EXPECT_EQ(schema_["anyOf"][1]["required"], json({"union"}));
  EXPECT_TRUE(schema_["properties"]["union"]["items"]["properties"].contains("loss"));
}

}  // namespace
}  // namespace descent::testing
