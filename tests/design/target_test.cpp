#include <gtest/gtest.h>

#include "initlaw/design.hpp"
