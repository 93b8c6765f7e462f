// SPDX-License-Identifier: MIT
// Our side of the comparison: the real trainer with the real plugins. It draws the numbers itself,
// within the time that is measured; they are those that write_numbers wrote.
#include "peers/measure.h"
#include "peers/works.h"

int main(int argc, char** argv) {
  using namespace descent::peers;
  return main_of(argc, argv, [](const std::string& folder, const std::string& name) {
    const Work& work = work_named(name);
    const auto training =
        std::make_shared<const descent::train::Training>(training_of(work, folder));
    return Prepared{read_losses(folder, name), tolerance,
                    [=, &work] { return final_losses(work, *training); }};
  });
}
