// SPDX-License-Identifier: MIT
// Twelve pictures as they were when somebody last looked at them. After a change of the renderer
// that is meant, DESCENT_UPDATE_GOLDEN=1 writes them again; look at what has changed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "golden_pictures.h"
#include "paths.h"
#include "report/draw.h"
#include "sketch.h"

namespace descent::report {
namespace {

TEST(Golden, DrawsEveryKindOfPictureAsBefore) {
  Renderer renderer;
  for (const auto& [name, picture] : golden_pictures()) {
    const auto file = source_path("tests/report/golden/" + name + ".svg");
    const auto svg = renderer.draw(picture, {});
    if (std::getenv("DESCENT_UPDATE_GOLDEN")) {
      std::filesystem::create_directories(source_path("tests/report/golden"));
      std::ofstream(file) << svg;
    }
    EXPECT_TRUE(read_file(file) == svg)
        << file << " differs; DESCENT_UPDATE_GOLDEN=1 build/release/tests/report_test "
        << "--gtest_filter='Golden.*' writes it again";
  }
}

// A title moves all that is below it.
double moved_down(const std::vector<Element>& all) {
  for (const auto& element : all)
    if (element.name == "g") {
      const auto& transform = element.attributes.at("transform");  // translate(0,24)
      return std::stod(transform.substr(transform.find(',') + 1));
    }
  return 0;
}

TEST(Golden, KeepsEveryTextInsideThePicture) {
  for (const auto& [name, picture] : golden_pictures())
    for (const double width : {336.0, 688.0}) {
      const auto all = elements_of(picture, width);
      const auto height = all.front().number("height"), below = moved_down(all);
      for (const auto& element : all) {
        if (element.name != "text" || !element.attributes.count("y")) continue;
        const double y = element.number("y") + (element.has_class("hd") ? 0 : below);
        EXPECT_LT(y, height - 2) << name << ": " << element.text;
        EXPECT_LE(element.number("x"), width) << name << ": " << element.text;
        EXPECT_GE(element.number("x"), 0) << name << ": " << element.text;
      }
    }
}

}  // namespace
}  // namespace descent::report
