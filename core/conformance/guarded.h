// SPDX-License-Identifier: MIT
// A buffer between margins: reading beyond it gives NaN, writing beyond it is seen.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <limits>
#include <vector>

namespace descent::conformance {

template <class T>
class Guarded {
 public:
  explicit Guarded(std::size_t size) : size_(size), all_(size + 2 * margin, nothing) {
    std::fill_n(data(), size, T(0));
  }

  T* data() { return all_.data() + margin; }

  // How many numbers beyond it were overwritten.
  std::size_t overwritten() const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < all_.size(); ++i)
      if ((i < margin || i >= margin + size_) && !is_untouched(all_[i])) ++count;
    return count;
  }

 private:
  // By its bits, as NaN does not equal itself.
  static bool is_untouched(T value) {
    using Bits = std::array<std::byte, sizeof(T)>;
    return std::bit_cast<Bits>(value) == std::bit_cast<Bits>(nothing);
  }

  static constexpr std::size_t margin = 64;
  static constexpr T nothing = std::numeric_limits<T>::quiet_NaN();

  std::size_t size_;
  std::vector<T> all_;
};

}  // namespace descent::conformance
