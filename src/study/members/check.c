#include "study/members/check.h"

#include "study/members/grammar.h"

hd_status hd_study_check(hd_case *kase) {
  hd_table tables[2];
  hd_study_spec spec;
  hd_case_tables(kase, tables);
  return hd_study_read(&kase->arena, kase->tree, kase->solver, tables, 2, kase->notes, &spec);
}

bool hd_study_described(const hd_case *kase) {
  return hd_node_get(kase->tree, "sweep") || hd_node_get(kase->tree, "converge") || hd_node_get(kase->tree, "optimise");
}
