/* What studies in one store have finished, shared between them: no case is computed twice.
 *
 * Nothing is copied aside: the journals are the store. A study that computes is listed by a small file in <store>/studies,
 * which holds the path of its folder. A study that begins looks for its members, by identity, in the journals that are listed.
 */
#ifndef HD_STUDY_SHARED_H
#define HD_STUDY_SHARED_H

#include "study/study.h"

/* Lists the study, and takes over what others have finished of the members that are left: durable when this returns. Members
 * whose measures another study did not tabulate are computed again, and so is what programs made that promise nothing.
 * HD_ERR_BUG: another study has another result of the same case. A store that cannot be read or written is passed over, with
 * a line in the log. */
hd_status hd_shared_take(hd_study *study);

#endif
