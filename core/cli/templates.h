// SPDX-License-Identifier: MIT
// The files of core/cli/templates, which `descent plugins new` starts an author with. They hold
// {{name}}, {{Name}}, {{kind}}, {{prefix}} and {{install}}.
#pragma once

namespace descent::cli {

extern const char* const loss_template;
extern const char* const optimizer_template;
extern const char* const regularizer_template;
extern const char* const wrapper_template;
extern const char* const hessian_template;
extern const char* const samples_template;
extern const char* const cmake_template;
extern const char* const readme_template;

}  // namespace descent::cli
