#include "cli/commands/commands.hpp"

namespace initlaw {

std::vector<std::unique_ptr<Command>> add_commands(CLI::App& app) {
  std::vector<std::unique_ptr<Command>> commands;
  for (MakeCommand* const make :
       {make_predict, make_simulate, make_compare, make_ntk, make_angles, make_tail, make_design, make_reproduce})
    commands.push_back(make(app));
  CLI::App& study = *app.add_subcommand("study", "Simulations over a grid, kept in a file that survives anything");
  study.require_subcommand(1);
  study.footer("'initlaw study ACTION --help' lists an action's options.");
  for (MakeCommand* const make : {make_study_run, make_study_status, make_study_show, make_study_export,
                                  make_study_plot, make_study_extend, make_study_verify})
    commands.push_back(make(study));
  return commands;
}

}  // namespace initlaw
