// SPDX-License-Identifier: MIT
// Reads properties of a library from its bytes, without loading it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace descent::host {

// Why this process cannot load it, such as "it was built for AArch64, this machine is x86-64";
// "" when it may.
std::string incompatibility(std::string_view bytes);

// The names of the libraries that it asks for.
std::vector<std::string> needed_names(std::string_view bytes);

// The libraries with symbols that it gives out as its own, "filters": the dynamic linker loads
// these, too.
std::vector<std::string> filtered_names(std::string_view bytes);

// The name by which others ask for it; "": it has none.
std::string shared_name(std::string_view bytes);

// The dynamic symbols the library offers to others, in its order.
std::vector<std::string> exported_symbols(std::string_view bytes);

// The dynamic symbols it takes from others, in its order.
std::vector<std::string> imported_symbols(std::string_view bytes);

}  // namespace descent::host
