/* The worker's side of workers_process.c: a process that computes members of a study which another process keeps.
 *
 *   HD_TRY(hd_worker_join(ctx, &worker));              started by hd_process_start, or HD_ERR_INPUT
 *   ... load the case that hd_worker_study names, and its grammar ...
 *   hd_worker_serve(worker, kase, &spec);              until the study hangs up
 *   hd_worker_leave(worker);
 */
#ifndef HD_STUDY_WORKER_H
#define HD_STUDY_WORKER_H

#include "study/study.h"

/* The kinds of frame that a worker sends, each the first number of its payload. */
enum { HD_FRAME_RECORD = 2, HD_FRAME_READY = 100, HD_FRAME_BROKEN = 101 };

/* What the study says about itself, as bytes for hd_process_start. */
hd_status hd_worker_order(const hd_study *study, hd_packed *out);

typedef struct hd_worker hd_worker;

hd_status              hd_worker_join(hd_ctx *ctx, hd_worker **out);
const hd_study_record *hd_worker_study(const hd_worker *worker);
/* Computes what it is given. Ends with HD_OK when the study does. HD_ERR_INPUT: the case is not that of the study, whose
 * scenario was changed meanwhile; the study has been told. */
hd_status              hd_worker_serve(hd_worker *worker, hd_case *base, const hd_study_spec *spec);
/* Tells the study that this worker cannot begin: status and message of the context. */
void                   hd_worker_refuse(hd_worker *worker, hd_status status);
void                   hd_worker_leave(hd_worker *worker);

#endif
