/* The plan of one run: predicted lengths, memory, work and time, and how many threads it gets. Never part of a result. */
#ifndef HD_RUN_PLAN_H
#define HD_RUN_PLAN_H

#include "par/cost.h"
#include "par/limits.h"
#include "par/machine.h"
#include "run/case.h"

enum { HD_PLAN_DIMS = 32, HD_PLAN_KERNELS = 32 };

typedef struct hd_plan_choice {
  hd_plan plan; /* the solver's words; its arrays are those below */
  int64_t size[HD_PLAN_DIMS];
  double work[HD_PLAN_KERNELS];
  double serial_s;     /* predicted seconds of the whole run on one thread */
  double predicted_s;  /* with `threads` */
  size_t memory, rows; /* predicted bytes: fields, scratch and the rest; stored rows */
  int threads, cores;  /* cores: as many as there are for this process */
  hd_work cost;        /* what the prediction was made from */
  hd_machine machine;  /* the constants it was made with; measured: by `heddle tune` */
} hd_plan_choice;

/* The machine that runs are planned for: some files to read, once for many runs. */
typedef struct hd_plan_place {
  hd_machine machine;
  hd_limits limits;
} hd_plan_place;
hd_status hd_plan_place_read(hd_ctx *ctx, hd_plan_place *place);
hd_status hd_plan_choose_at(const hd_case *kase, int threads, const hd_plan_place *place, hd_plan_choice *out);

hd_status hd_plan_choose(const hd_case *kase, int threads, hd_plan_choice *out);

/* Notes a warning where the run is predicted to take more than a day. */
void hd_plan_warn(hd_case *kase, int threads);

/* How many of `most` threads the rest of a run should have, when a step on `threads` threads took step_s (NaN or 0: not
 * timed yet). The timed step corrects the predicted cost. */
int hd_plan_reconsider(const hd_case *kase, const hd_plan_choice *plan, int threads, double step_s, int most);

#endif
