// SPDX-License-Identifier: MIT
// The keys of experiment files: names, types, ranges, defaults, documentation and the fields they
// are read into, once.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "experiment/language/report.h"
#include "experiment/language/stages.h"
#include "experiment/schema/schema.h"
#include "host/catalog.h"
#include "train/settings.h"

namespace descent::experiment {

// Of a whole file. The catalog must outlive the schema and every copy of it.
Schema experiment_schema(const host::Catalog& catalog);

// The plain values that a training reads. REQUIRES: configuration is resolved without a problem.
// Paths of data files are joined to folder.
train::Settings settings_of(const nlohmann::json& configuration,
                            const std::filesystem::path& folder, const host::Catalog& catalog);

// REQUIRES: the value of `stages` in a resolved configuration, without a problem in it.
Stages read_stages(const nlohmann::json& stages);

// The same of `report`.
std::vector<ReportPicture> read_report(const nlohmann::json& report);

}  // namespace descent::experiment
