#pragma once

// The whole public face.
#include "initlaw/compare.hpp"
#include "initlaw/export.hpp"
#include "initlaw/finite_width.hpp"
#include "initlaw/gradient_limit.hpp"
#include "initlaw/input.hpp"
#include "initlaw/law.hpp"
#include "initlaw/laws.hpp"
#include "initlaw/limit.hpp"
#include "initlaw/names.hpp"
#include "initlaw/network.hpp"
#include "initlaw/several_inputs.hpp"
#include "initlaw/simulate.hpp"
#include "initlaw/statistics.hpp"
#include "initlaw/tail.hpp"
#include "initlaw/version.hpp"
