// SPDX-License-Identifier: MIT
// The keys below each map of an experiment file: one source file a map, such as csv_keys.cc.
#pragma once

#include <map>
#include <string>

#include "data/spec.h"
#include "experiment/language/fields.h"
#include "experiment/language/report.h"
#include "experiment/language/stages.h"
#include "nn/spec.h"
#include "record/metric.h"
#include "train/settings.h"

namespace descent::experiment {

void describe(Fields& f, data::SyntheticSpec& s);       // data.synthetic
void describe(Fields& f, data::CsvSpec& s);             // data.csv
void describe(Fields& f, nn::SurfaceSpec& s);           // data.surface
void describe(Fields& f, data::FeatureSpec& s);         // one of features
void describe(Fields& f, nn::ModelSpec& s);             // model
void describe(Fields& f, train::TrainSettings& s);      // train
void describe(Fields& f, train::Schedule& s);           // one of train.schedule
void describe(Fields& f, train::ReplicateSettings& s);  // replicates
void describe(Fields& f, train::RecordSettings& s);     // record
void describe(Fields& f, train::Prune& s);              // prune
void describe(Fields& f, Stages& s);                    // stages
void describe(Fields& f, ReportPicture& p);             // one of report

// The key `noise`, of synthetic data and of csv.
void noise(Fields& f, data::NoiseSpec& noise, const char* doc);

// Metrics of the training and the validation set: choices must not be made on the test set.
Words<record::Metric> watched_metrics();

// Those of the test set, and why nothing is chosen by them.
inline constexpr const char* chosen_on_test_set =
    "is measured on the test set, which is for the report alone: what is chosen on it looks better "
    "than it is; use validation_loss or validation_accuracy";
std::map<std::string, std::string> refused_metrics();

// What a surface does without.
inline const Unless on_surface{"data.surface", ""};

}  // namespace descent::experiment
