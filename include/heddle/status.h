/* heddle/status.h: how every fallible function of heddle ends.
 *
 * One X-macro makes the enum, the texts and the exit code of a command that ends this way. In a study any of the ERR_
 * codes is one failed member (exit 1) and the others go on.
 */
#ifndef HEDDLE_STATUS_H
#define HEDDLE_STATUS_H

#if defined __GNUC__
#define HD_FORMAT(fmt, args) __attribute__((format(printf, fmt, args)))
#define HD_PUBLIC_BEGIN _Pragma("GCC visibility push(default)")
#define HD_PUBLIC_END _Pragma("GCC visibility pop")
#else
#define HD_FORMAT(fmt, args)
#define HD_PUBLIC_BEGIN
#define HD_PUBLIC_END
#endif

/*    name         exit  text */
#define HD_STATUSES(X)                                                                                                 \
  X(OK,          0, "done")                                                                                            \
  X(STOPPED,     5, "stopped on request; can be resumed")                                                              \
  X(ERR_NUMERIC, 1, "not a number, or no convergence")                                                                 \
  X(ERR_LIMIT,   1, "limit of time, memory or steps reached")                                                          \
  X(ERR_INPUT,   2, "the input is wrong")                                                                              \
  X(ERR_MISSING, 3, "a program, library or device is missing")                                                         \
  X(ERR_MEMORY,  3, "out of memory")                                                                                   \
  X(ERR_FILE,    3, "a file cannot be read or written")                                                                \
  X(ERR_BUG,     4, "a bug in heddle or in the solver")

#define HD_STATUS_ENUM_(name, exit_code, text) HD_##name,
typedef enum hd_status { HD_STATUSES(HD_STATUS_ENUM_) HD_STATUS_COUNT } hd_status;
#undef HD_STATUS_ENUM_

/* Leaves the calling function with the status of `call` unless it is HD_OK. */
#define HD_TRY(call)                                                                                                   \
  do {                                                                                                                 \
    hd_status hd_try_status_ = (call);                                                                                 \
    if (hd_try_status_ != HD_OK) return hd_try_status_;                                                                \
  } while (0)

HD_PUBLIC_BEGIN

const char *hd_status_name(hd_status status);      /* "ERR_INPUT" */
const char *hd_status_text(hd_status status);      /* "the input is wrong" */
int         hd_status_exit_code(hd_status status); /* of a command that ends this way */

HD_PUBLIC_END

#endif
