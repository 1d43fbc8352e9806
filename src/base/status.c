/* Names, texts and exit codes of hd_status, from the X-macro of heddle/status.h. */
#include "heddle/status.h"

typedef struct status_entry {
  const char *name, *text;
  int exit_code;
} status_entry;

#define ENTRY(name, exit_code, text) {#name, text, exit_code},
static const status_entry entries[] = {HD_STATUSES(ENTRY)};
#undef ENTRY

static const status_entry *entry_of(hd_status status) {
  return &entries[(unsigned)status < HD_STATUS_COUNT ? status : HD_ERR_BUG];
}

const char *hd_status_name(hd_status status) { return entry_of(status)->name; }
const char *hd_status_text(hd_status status) { return entry_of(status)->text; }
int hd_status_exit_code(hd_status status) { return entry_of(status)->exit_code; }
