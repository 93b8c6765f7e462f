// SPDX-License-Identifier: MIT
// Paths are drawn over the surface that they descend.
#include "report/report_page.h"

namespace descent::report {
namespace {

class SurfacePaths : public PageTest {
 protected:
  std::map<std::string, json> views_of(const std::string& data) {
    std::ofstream(path("a.yaml")) << "experiment: paths\ndata: {surface: " + data +
                                         "}\nmodel: {init: {point: [-1, 1.5]}}\n"
                                         "optimizer: {grid: [{adam: {lr: 0.05}}, {rmsprop: {lr: "
                                         "0.05}}]}\ntrain: {epochs: 30}\n";
    const auto spoken = here("run a.yaml --db a.db --fresh --quiet");
    EXPECT_LE(spoken.code, 1) << spoken.text;
    std::map<std::string, json> views;
    for (const auto& picture : pictures_of(page_of("a.db")))
      if (picture["title"] == "Paths over the surface") views[picture["view"]] = picture;
    return views;
  }
};

TEST_F(SurfacePaths, OfEachSurfaceAreAPicture) {
  const auto views = views_of("{grid: [rosenbrock, himmelblau]}");
  ASSERT_EQ(views.size(), 2u);
  ASSERT_TRUE(views.contains("rosenbrock") && views.contains("himmelblau"));
  EXPECT_NE(views.at("rosenbrock")["field"], views.at("himmelblau")["field"]);
  for (const auto& [view, picture] : views) EXPECT_EQ(picture["names"].size(), 2u) << view;
}

TEST_F(SurfacePaths, OfOneSurfaceAreOnePicture) {
  const auto views = views_of("himmelblau");
  ASSERT_EQ(views.size(), 1u);
  EXPECT_EQ(views.begin()->first, "paths");
}

}  // namespace
}  // namespace descent::report
