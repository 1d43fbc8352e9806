/* What is kept of a program's run. All of it is foreign: no digest is promised. */
#include "solvers/command/command.h"

/* clang-format off */
const hd_dim command_dims[] = {
  {"measure", "what was read back", 0, NULL, NULL},
  {"line", "lines on standard output", 0, NULL, NULL},
  {"byte", "bytes on standard output", 0, NULL, NULL},
  {"message_line", "lines on standard error", 0, NULL, NULL},
  {"message_byte", "bytes on standard error", 0, NULL, NULL}, {0}};

const hd_field command_fields[] = {
  {"measured", "measure", HD_F64, "1", NULL, NULL, HD_STATE | HD_OUT | HD_MAY_BE_NAN, "measures that were read back"},
  {"exit_code", "", HD_I64, "1", NULL, NULL, HD_STATE | HD_OUT, "of the program"},
  {"output", "byte", HD_U8, "1", NULL, NULL, HD_STATE | HD_OUT, "standard output, as it was written"},
  {"output_line", "line", HD_I64, "1", NULL, NULL, HD_STATE | HD_OUT, "where in `output` each line begins"},
  {"messages", "message_byte", HD_U8, "1", NULL, NULL, HD_STATE | HD_OUT, "standard error, as it was written"},
  {"messages_line", "message_line", HD_I64, "1", NULL, NULL, HD_STATE | HD_OUT, "where in `messages` each line begins"},
  {"seconds", "", HD_F64, "s", NULL, NULL, HD_STATE | HD_TIMING | HD_OUT, "from its start to its end"}, {0}};
/* clang-format on */
