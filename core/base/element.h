// SPDX-License-Identifier: MIT
// The element type of an experiment, known at run time, turned into a template argument once; and
// the largest and the smallest number of each.
#pragma once

#include <concepts>
#include <limits>

namespace descent {

enum class Element { float32, float64 };

template <std::floating_point T>
inline constexpr Element element_of = sizeof(T) == 4 ? Element::float32 : Element::float64;

inline const char* name(Element element) {
  return element == Element::float32 ? "float32" : "float64";
}

// The size of the largest number.
inline double largest(Element element) {
  return element == Element::float32 ? double(std::numeric_limits<float>::max())
                                     : std::numeric_limits<double>::max();
}

// The size of the smallest number that is not 0.
inline double smallest(Element element) {
  return element == Element::float32 ? double(std::numeric_limits<float>::denorm_min())
                                     : std::numeric_limits<double>::denorm_min();
}

// Calls f.template operator()<float>() or <double>().
template <class F>
decltype(auto) with_element(Element element, F&& f) {
  if (element == Element::float32) return f.template operator()<float>();
  return f.template operator()<double>();
}

}  // namespace descent
