// SPDX-License-Identifier: MIT
// Files that the library carries as they are: the renderer's script, and the page's script and
// style.
#pragma once

namespace descent::report {

// An inline script or style of a page, and its hash, by which the page's Content-Security-Policy
// allows it and no other.
struct Inline {
  const char* text;
  const char* sha256;  // hexadecimal
};

extern const Inline renderer_script;  // renderer/*.js: defines Picture
extern const Inline page_script;      // page/*.js: needs Picture
extern const Inline page_style;       // page/*.css

}  // namespace descent::report
