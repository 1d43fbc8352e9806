/* The table of commands: the source of help, completion and manual pages. */
#include "cli/commands.h"

const cli_command cli_commands[] = {
    {"new",
     "SOLVER",
     "Write a scenario to begin with",
     "Prints a commented scenario of the solver with its required keys and all defaults. With --from it reads a file "
     "of "
     "another program and prints the scenario that it stands for.",
     "heddle new traffic > my.yaml\n"
     "heddle new traffic --from scenario_riemann_test.yml > riemann.yaml\n"
     "heddle new traffic --reference | less",
     0,
     1,
     {CLI_FROM, CLI_FORMAT, CLI_PLUGIN, CLI_SCHEMA, CLI_REFERENCE, CLI_OUTPUT, CLI_FORCE, CLI_END},
     cli_new},
    {"check",
     "FILE...",
     "Find every error of a scenario without running it",
     "Reports errors, warnings and facts. Nothing is computed and nothing is written.",
     "heddle check riemann.yaml\n"
     "heddle check riemann.yaml --set road.cells=400 --json",
     1,
     CLI_MANY,
     {CLI_SET, CLI_PLUGIN, CLI_JSON, CLI_END},
     cli_check},
    {"explain",
     "FILE|FOLDER",
     "Show the resolved case and its predicted cost, or the state of each member and why",
     "Of a scenario: what it is after presets, inheritance, import, overrides and defaults, and what the run will "
     "need. Of the "
     "folder of a study: the state of each member with its reason (why it waits, why it failed, where its result came "
     "from), and "
     "why this plan was chosen; also while another heddle computes it.",
     "heddle explain riemann.yaml\n"
     "heddle explain riemann.yaml --threads 4 --json\n"
     "heddle explain riemann.study",
     1,
     1,
     {CLI_SET, CLI_PLUGIN, CLI_THREADS, CLI_JSON, CLI_END},
     cli_explain},
    {"run",
     "FILE",
     "Compute the run that a scenario describes",
     "Leaves FOLDER/result.h5, figures and a report, FOLDER being NAME.out in the working folder. A folder that holds "
     "the "
     "same run complete is left as it is; an interrupted one is resumed.",
     "heddle run riemann.yaml\n"
     "heddle run riemann.yaml --set road.cells=400 --output fine.out\n"
     "heddle run riemann.yaml --json --no-figures\n"
     "heddle run riemann.yaml --grid road.cells=100,200,400 --member 2",
     1,
     1,
     {CLI_SET,     CLI_PLUGIN,     CLI_THREADS,    CLI_DEVICE,  CLI_OUTPUT, CLI_FORCE, CLI_JSON,
      CLI_DRY_RUN, CLI_CHECKPOINT, CLI_NO_FIGURES, CLI_QUIET,   CLI_MEMBER, CLI_GRID,  CLI_ZIP,
      CLI_SAMPLE,  CLI_SAMPLES,    CLI_REPEAT,     CLI_MEMBERS, CLI_OVER,   CLI_END},
     cli_run},
    {"sweep",
     "FILE",
     "Compute the study that a scenario describes",
     "Computes every member of the study on as many cores as there are. What `sweep` of the file says can be added to "
     "on "
     "the command line. Leaves table.csv, study.h5, figures and report.html in FOLDER, which is NAME.study in the "
     "working folder. Members that were shown as done stay done whatever happens; an interrupted study is gone on "
     "with, a member that fails does not stop the "
     "others.",
     "heddle sweep riemann.yaml --grid road.quality=1,2,3 --grid road.cells=100,200\n"
     "heddle sweep riemann.yaml --grid 'road.length={from: 1 km, to: 5 km, count: 9}'\n"
     "heddle sweep riemann.yaml --sample 'road.length=uniform(1 km, 2 km)' --samples latin:64\n"
     "heddle sweep study.yaml --progress json --no-figures\n"
     "heddle sweep study.yaml --shard 3/16\n"
     "heddle sweep study.yaml --emit slurm --parts 16 > jobs.sh",
     1,
     1,
     {CLI_EMIT,    CLI_PARTS,   CLI_GRID,   CLI_ZIP,        CLI_SAMPLE,   CLI_SAMPLES, CLI_REPEAT, CLI_MEMBERS,
      CLI_MEASURE, CLI_SET,     CLI_PLUGIN, CLI_WORKERS,    CLI_ISOLATE,  CLI_SHARD,   CLI_OUTPUT, CLI_FORCE,
      CLI_JSON,    CLI_DRY_RUN, CLI_KEEP,   CLI_NO_FIGURES, CLI_PROGRESS, CLI_QUIET,   CLI_END},
     cli_sweep},
    {"merge",
     "FOLDER...",
     "Put the parts of a study together",
     "The folders hold parts of one study, computed with --shard, on this machine or on others. Their journals become "
     "one "
     "study in the folder that --output names, as if it had been computed in one; the parts stay as they are. Two "
     "parts "
     "that have different results of the same member stop it; members that no part has are named.",
     "heddle merge part-1 part-2 part-3 --output riemann.study",
     1,
     CLI_MANY,
     {CLI_OUTPUT, CLI_JSON, CLI_NO_FIGURES, CLI_QUIET, CLI_END},
     cli_merge},
    {"converge",
     "FILE",
     "Compute a run on finer and finer levels and print observed orders",
     "Computes the levels of `converge` of the file, or of --over, and compares their fields at the end, a fine grid "
     "averaged over the cells of the coarse one, or a measure. Prints errors, the order of each pair, their mean and "
     "the "
     "order by least squares with standard errors; leaves them in FOLDER/converge.csv and orders.csv with a log-log "
     "figure, FOLDER being NAME.study in the working folder. Levels that the folder holds already are not computed "
     "again.",
     "heddle converge sine.yaml --over road.cells=50,100,200,400,800 --norm l1\n"
     "heddle converge sine.yaml --over 'road.cells={from: 50, by: 2, count: 6}' --reference finest\n"
     "heddle converge sine.yaml --over road.cells=50,100,200 --over time.steps=25,50,100\n"
     "heddle converge shock.yaml --over road.cells=200,400,800 --measure error_density --json",
     1,
     1,
     {CLI_OVER, CLI_NORM, CLI_TRUTH, CLI_MEASURE, CLI_SET, CLI_PLUGIN, CLI_WORKERS, CLI_ISOLATE, CLI_OUTPUT, CLI_FORCE,
      CLI_JSON, CLI_DRY_RUN, CLI_NO_FIGURES, CLI_QUIET, CLI_END},
     cli_converge},
    {"status",
     "FOLDER",
     "Say how far a study is",
     "Reads the journal of a study, also while another heddle computes it.",
     "heddle status riemann.study\n"
     "heddle status riemann.study --json",
     1,
     1,
     {CLI_JSON, CLI_END},
     cli_status},
    {"resume",
     "FOLDER",
     "Go on with an interrupted run or study",
     "Continues a run from its newest checkpoint, a study with the members that are left; the result is the same, bit "
     "for "
     "bit, as undisturbed.",
     "heddle resume riemann.out\n"
     "heddle resume riemann.study",
     1,
     1,
     {CLI_THREADS, CLI_DEVICE, CLI_WORKERS, CLI_ISOLATE, CLI_JSON, CLI_CHECKPOINT, CLI_KEEP, CLI_NO_FIGURES,
      CLI_PROGRESS, CLI_QUIET, CLI_END},
     cli_resume},
    {"plot",
     "FOLDER",
     "Draw the figures of a result again",
     "Draws the standard figures, or those named, from FOLDER/result.h5 into FOLDER/figures. Of a study: table.csv, "
     "study.h5, "
     "figures and report.html from its journal and its scenario, without computing.",
     "heddle plot riemann.out\n"
     "heddle plot riemann.study\n"
     "heddle plot riemann.out --figure profiles",
     1,
     CLI_MANY,
     {CLI_FIGURE, CLI_PLUGIN, CLI_END},
     cli_plot},
    {"report",
     "FOLDER",
     "Write the report of a result again",
     "Writes FOLDER/report.html, one self-contained page, from FOLDER/result.h5 and the figures beside it.",
     "heddle report riemann.out",
     1,
     CLI_MANY,
     {CLI_PLUGIN, CLI_END},
     cli_report},
    {"export",
     "FOLDER",
     "Write a result in a format of its field",
     "Writes FOLDER/result.SUFFIX; of a study, with the format csv, FOLDER/table.csv.",
     "heddle export riemann.out --format npz\n"
     "heddle export riemann.study --format csv --output tables",
     1,
     1,
     {CLI_FORMAT, CLI_OUTPUT, CLI_PLUGIN, CLI_END},
     cli_export},
    {"diff",
     "A B",
     "Compare two results field by field",
     "A and B are folders or result.h5 files. Prints L1, L2 and largest difference of each field. Exit code 0: equal, "
     "1: different.",
     "heddle diff riemann.out fine.out\n"
     "heddle diff a.out b.out --tolerance 1e-9 --json",
     2,
     2,
     {CLI_TOLERANCE, CLI_JSON, CLI_END},
     cli_diff},
    {"tune",
     "",
     "Measure this machine once, for better plans",
     "Measures synchronisation, bandwidth and arithmetic and stores them in the user's cache folder. Takes some "
     "seconds. "
     "Results never depend on it.",
     "heddle tune",
     0,
     0,
     {CLI_JSON, CLI_END},
     cli_tune},
    {"bench",
     "[SOLVER]",
     "Measure the kernels of the solvers against their rooflines",
     "Runs each kernel's own small case and prints work per second, best of N with the spread, and the share of the "
     "roofline that the machine's measured rates allow.",
     "heddle bench traffic\n"
     "heddle bench traffic --kernel first_order --repeats 9 --json",
     0,
     1,
     {CLI_KERNEL, CLI_REPEATS, CLI_PLUGIN, CLI_JSON, CLI_END},
     cli_bench},
    {"doctor",
     "",
     "Say what was found on this machine and what is missing",
     "Lists cores, memory limits, libraries, gnuplot, devices and whether the machine was tuned.",
     "heddle doctor",
     0,
     0,
     {CLI_JSON, CLI_PLUGIN, CLI_END},
     cli_doctor},
    {"completion",
     "bash|zsh|fish",
     "Print a completion script for a shell",
     "To be read by the shell at its start.",
     "heddle completion bash > ~/.local/share/bash-completion/completions/heddle",
     1,
     1,
     {CLI_END},
     cli_completion},
    {"man",
     "[COMMAND]",
     "Print a manual page",
     "Prints the source of the manual page of heddle, or of one command.",
     "heddle man run | man -l -",
     0,
     1,
     {CLI_END},
     cli_man},
    {NULL, NULL, NULL, NULL, NULL, 0, 0, {CLI_END}, NULL}};
