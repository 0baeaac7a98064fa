#pragma once

#include <boost/math/policies/policy.hpp>

namespace initlaw {

/// Double arithmetic throughout (an order of magnitude faster than promotion to long double, at double accuracy), and
/// no exceptions for results that underflow to 0 or overflow to infinity.
using BoostPolicy =
    boost::math::policies::policy<boost::math::policies::promote_double<false>,
                                  boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::underflow_error<boost::math::policies::ignore_error>>;

}  // namespace initlaw
