/* How long a study will take still, as a range: from what its members were predicted to cost and what they did cost.
 *
 * With predictions c and times m of the finished members: R = sum(m) / sum(c) corrects the prediction, s^2 =
 * sum((m - R c)^2) / sum(c^2) n / (n - 1) is how far single members stray. The work left, R C with C = sum(c) over the members
 * that are left, has variance s^2 (sum(c_left^2) + C^2 sum(c^2) / sum(c)^2); W workers share it. The range holds 90 % if this
 * is nearly normal, and the wait for the longest member that may come last.
 */
#ifndef HD_STUDY_PACE_H
#define HD_STUDY_PACE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct hd_pace {
  int64_t n;
  double  c, m, cc, cm, mm; /* sums over finished members; a member without prediction counts 1 */
} hd_pace;

typedef struct hd_pace_work {
  int64_t members;
  double  c, cc, longest; /* sums over members that are left, and the largest prediction */
} hd_pace_work;

void hd_pace_add(hd_pace *pace, double predicted_s, double measured_s);
void hd_pace_leave(hd_pace_work *left, double predicted_s);

/* false: nothing can be said yet (fewer than 3 finished), or nothing is left. */
bool hd_pace_left(const hd_pace *pace, const hd_pace_work *left, int workers, double *low_s, double *high_s);

#endif
