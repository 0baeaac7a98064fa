#pragma once

#include <memory>
#include <vector>

#include "cli/command.hpp"

namespace initlaw {

/// Adds all subcommands to the program, in the order in which its help lists them.
std::vector<std::unique_ptr<Command>> add_commands(CLI::App& app);

/// Makes a subcommand of what it is given.
using MakeCommand = std::unique_ptr<Command>(CLI::App& parent);

// Each is in the file of its name.
MakeCommand make_predict;
MakeCommand make_simulate;
MakeCommand make_compare;
MakeCommand make_ntk;
MakeCommand make_angles;
MakeCommand make_tail;
MakeCommand make_design;
MakeCommand make_reproduce;

// The actions of "initlaw study".
MakeCommand make_study_run;
MakeCommand make_study_status;
MakeCommand make_study_show;
MakeCommand make_study_export;
MakeCommand make_study_plot;
MakeCommand make_study_extend;
MakeCommand make_study_verify;

}  // namespace initlaw
