#include "study/queue/pace.h"

#include "heddle/math.h"

static double counted(double predicted_s) { return predicted_s > 0 ? predicted_s : 1; }

void hd_pace_add(hd_pace *pace, double predicted_s, double measured_s) {
  double c = counted(predicted_s);
  pace->n++;
  pace->c += c;
  pace->m += measured_s;
  pace->cc += c * c;
  pace->cm += c * measured_s;
  pace->mm += measured_s * measured_s;
}

void hd_pace_leave(hd_pace_work *left, double predicted_s) {
  double c = counted(predicted_s);
  left->members++;
  left->c += c;
  left->cc += c * c;
  left->longest = hd_larger(left->longest, c);
}

bool hd_pace_left(const hd_pace *pace, const hd_pace_work *left, int workers, double *low_s, double *high_s) {
  enum { LEAST = 3 };
  const double sure = 1.6448536269514722; /* 5 % of a normal variable lie above, 5 % below minus this */
  *low_s = *high_s = HD_NAN;
  if (pace->n < LEAST || !left->members || workers < 1) return false;
  double w = left->members < workers ? (double)left->members : workers, n = (double)pace->n, ratio = pace->m / pace->c;
  double stray = (pace->mm - 2 * ratio * pace->cm + ratio * ratio * pace->cc) / pace->cc * n / (n - 1);
  double variance = hd_larger(stray, 0) * (left->cc + left->c * left->c * pace->cc / (pace->c * pace->c));
  double mean = ratio * left->c / w, wide = sure * hd_sqrt(variance) / w;
  *low_s = hd_larger(mean - wide, 0);
  *high_s = mean + wide + ratio * left->longest * (w - 1) / w;
  return true;
}
