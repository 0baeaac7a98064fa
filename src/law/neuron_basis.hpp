#pragma once

#include <array>
#include <cstddef>

namespace initlaw {

/// Orthonormal functions of one standard normal y, all of mean 0, between which the activation's f(y) = y|y| and y^2 -
/// 1 act as matrices: the Hermite polynomials of degree 1 to 16, and what is left of f times those of degree 0 to 10.
class NeuronBasis {
 public:
  static constexpr std::size_t kHermite = 16;
  static constexpr std::size_t kRests = 11;
  static constexpr std::size_t kSize = kHermite + kRests;
  /// The first so many span what f and y^2 - 1 are themselves: degree 2, the odd degrees, and the rest of f.
  static constexpr std::size_t kSources = kHermite / 2 + 2;

  /// The degree that an odd rest is taken to have in a step; an even one has one more. It is the one at which the order
  /// 1/n^2, whose closed form is known, is met best.
  static constexpr std::size_t kRestDegree = 21;

  using Vector = std::array<double, kSize>;
  using Matrix = std::array<Vector, kSize>;

  static const NeuronBasis& get();

  struct Mode {
    std::size_t degree;  ///< of a rest an odd or even one that stands for all above kHermite
    bool is_odd;
  };
  std::array<Mode, kSize> modes;
  Vector f;        ///< <e_i|f>
  Vector square;   ///< <e_i|y^2 - 1>
  Vector sign;     ///< <e_i|sgn y>
  Matrix times_f;  ///< <e_i|f|e_j>
  Matrix times_square;

 private:
  NeuronBasis();
};

}  // namespace initlaw
