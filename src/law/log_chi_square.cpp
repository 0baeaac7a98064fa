#include "law/log_chi_square.hpp"

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <numbers>

#include "law/boost_policy.hpp"

namespace initlaw {

LogChiSquare::LogChiSquare(std::size_t degrees_of_freedom)
    : gamma_(static_cast<double>(degrees_of_freedom) / 2), log_degrees_(std::log(2 * gamma_.shape())) {}

double LogChiSquare::mean() const { return boost::math::digamma(half_degrees(), BoostPolicy()) + std::numbers::ln2; }

double LogChiSquare::variance() const { return boost::math::trigamma(half_degrees(), BoostPolicy()); }

double LogChiSquare::third_cumulant() const { return boost::math::polygamma(2, half_degrees(), BoostPolicy()); }

}  // namespace initlaw
