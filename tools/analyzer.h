/* Seen by clang-tidy alone (tools/check-tidy): hd_raise, hd_while and hd_fail return the status that they are given. The
 * analyzer does not look into other files, and would follow paths on which a failure is reported as HD_OK. */
#include "base/ctx.h"
#include "heddle/solver.h"

#define hd_raise(ctx, status, ...) (hd_raise((ctx), (status), __VA_ARGS__), (status))
#define hd_while(ctx, status, ...) (hd_while((ctx), (status), __VA_ARGS__), (status))
#define hd_fail(run, status, ...) (hd_fail((run), (status), __VA_ARGS__), (status))
