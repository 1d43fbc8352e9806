#include "study/check.h"

bool hd_study_described(const hd_case *kase) {
  return hd_node_get(kase->tree, "sweep") || hd_node_get(kase->tree, "converge") || hd_node_get(kase->tree, "optimise");
}
