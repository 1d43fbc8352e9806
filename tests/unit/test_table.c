/* Tables of users: CSV with units in the header. */
#include "base/ctx.h"
#include "io/notes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <stdlib.h>

#include <cmocka.h>

static const hd_field columns[] = {{"x", "", HD_F64, "m", .doc = "position"},
                                   {"density", "", HD_F64, "veh/m", .doc = "density"},
                                   {"speed", "", HD_F64, "m/s", .flags = HD_ASKED, .doc = "speed"},
                                   {"category", "", HD_I32, "1", .flags = HD_ASKED, .doc = "category"},
                                   {0}};
static const hd_field category[] = {{"category", "", HD_I32, "1", .doc = "category"}, {0}};

typedef struct trial {
  hd_ctx *ctx;
  hd_notes *notes;
  hd_text text;
  hd_array out[4];
  hd_status status;
  char name[40];
} trial;

static void begin(trial *t, const hd_field *wanted, const char *text, size_t length) {
  *t = (trial){.name = "/tmp/heddle-table-XXXXXX"};
  assert_int_equal(hd_ctx_new(&t->ctx), HD_OK);
  assert_int_equal(hd_notes_new(t->ctx, &t->notes), HD_OK);
  hd_text_init(&t->text, t->ctx);
  int handle = mkstemp(t->name);
  assert_true(write(handle, text, length) == (ssize_t)length);
  close(handle);
  t->status = hd_read_table(t->notes, t->name, wanted, t->out);
  remove(t->name);
  hd_notes_print(&t->text, t->notes, HD_NOTE_ERROR);
}

static void end(trial *t) {
  hd_text_free(&t->text);
  hd_notes_free(t->notes);
  hd_ctx_free(t->ctx);
}

static void units_are_converted(void **state) {
  (void)state;
  static const char *const texts[] = {
      "x [km],density (veh/km),category\n0,20,1\n1, 250 ,4\n",
      "# a comment\r\n\r\ndensity [veh/km];x [km];category [-]\r\n20;0;1\r\n250;1;4\r\n",
      "\xef\xbb\xbf\"x [km]\"\tdensity [veh/km]\tcategory\n\"0\"\t20\t1\n1.0\t2.5e2\t4",
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    trial t;
    begin(&t, columns, texts[i], strlen(texts[i]));
    if (t.status) fail_msg("%s", hd_text_of(&t.text));
    assert_true(t.out[0].size[0] == 2 && t.out[0].at[1] == 1000 && t.out[1].at[0] == 0.02 && t.out[1].at[1] == 0.25);
    assert_true(t.out[2].size[0] == 0 && t.out[3].at[1] == 4);
    end(&t);
  }
}

static void a_lone_column_needs_no_header(void **state) {
  (void)state;
  trial t;
  begin(&t, category, "1\n4\n\n9\n", 7);
  assert_true(t.status == HD_OK && t.out[0].size[0] == 3 && t.out[0].at[2] == 9);
  end(&t);
}

static void many_rows_fit(void **state) {
  (void)state;
  trial t;
  char *text = malloc(3000000), *at = text + sprintf(text, "x [m],density [veh/m]\n");
  for (int i = 0; i < 100000; i++) at += sprintf(at, "%d,0.5\n", i);
  begin(&t, columns, text, (size_t)(at - text));
  assert_true(t.status == HD_OK && t.out[0].size[0] == 100000 && t.out[0].at[99999] == 99999);
  end(&t);
  free(text);
}

static void errors_name_line_and_column(void **state) {
  (void)state;
  static const char *const bad[][2] = {
      {"x [m],density [veh/km]\n0,20\n1,\n", ":3:3: error: density is missing\n"},
      {"x [m],density [veh/km]\n0,nan\n",
       ":2:3: error: density is 'nan'; a number is expected\n    2 | 0,nan\n      |   ^^^\n"},
      {"x [m],density [veh/km]\n0,1e999\n", "density is '1e999'; a number is expected"},
      {"x [m],density [veh/km]\n0,20,3\n", ":2:1: error: 3 fields in this line; 2 are expected\n"},
      {"x [m],density [veh/km]\n0\n", "1 field in this line; 2 are expected"},
      {"x [m]\n0\n", ":1:1: error: column density [veh/m] is missing\n"},
      {"x,density [veh/km]\n0,1\n", ":1:1: error: column x has no unit; x [m] or the like is expected\n"},
      {"x [s],density [veh/km]\n0,1\n", "column x is in 's'; a length such as m is expected"},
      {"x [foo],density [veh/km]\n0,1\n", "the unit of column x cannot be read"},
      {"x [m],x [m],density [veh/km]\n0,1,1\n", ":1:7: error: column x is there twice\n"},
      {"x [m],density [veh/km],category\n0,1,1.5\n", "category is '1.5'; a whole number is expected"},
      {"", "holds no table"},
      {"# nothing\n", "holds no table"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    trial t;
    begin(&t, columns, bad[i][0], strlen(bad[i][0]));
    assert_int_equal(t.status, HD_ERR_INPUT);
    if (!strstr(hd_text_of(&t.text), bad[i][1]))
      fail_msg("%s\ngives\n%snot\n%s", bad[i][0], hd_text_of(&t.text), bad[i][1]);
    end(&t);
  }
  trial t;
  begin(&t, columns, "x [m],density [veh/km]\n0,\0\n", 26);
  assert_non_null(strstr(hd_text_of(&t.text), "a zero byte"));
  end(&t);
  begin(&t, columns, "x [m],colour,density [veh/km]\n0,red,1\n", 38);
  assert_int_equal(t.status, HD_OK);
  assert_int_equal(hd_notes_count(t.notes, HD_NOTE_WARNING), 1);
  end(&t);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(units_are_converted),
                                     cmocka_unit_test(a_lone_column_needs_no_header), cmocka_unit_test(many_rows_fit),
                                     cmocka_unit_test(errors_name_line_and_column)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
