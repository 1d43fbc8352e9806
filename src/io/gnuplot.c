/* Writing what gnuplot reads, calling it once for many figures, and putting what it drew in place. */
#include "io/gnuplot.h"

#include "io/plot.h"
#include "io/program.h"

#include <stdio.h>
#include <string.h>

enum { SVG_MOST = 256 << 20 };
static const char suffix[] = ".part"; /* of pictures that gnuplot has not finished */
static const char driver[] = "draw.gp.part";

static hd_status path_of(const hd_figure *figure, const char *folder, const char *end, char *out) {
  char name[HD_FIGURE_NAME + 64];
  snprintf(name, sizeof name, "%s%s", figure->name, end);
  return hd_path_join(figure->ctx, folder, name, out, HD_PATH_ROOM);
}

static hd_status write_text(const hd_figure *figure, const char *folder, const char *end, const hd_text *text) {
  char path[HD_PATH_ROOM];
  HD_TRY(hd_text_status(text));
  HD_TRY(path_of(figure, folder, end, path));
  return hd_file_write(figure->ctx, path, hd_text_of(text), text->length, false);
}

static hd_status write_images(const hd_figure *figure, const hd_plot_page *page, const char *folder) {
  for (int64_t p = 0; p < figure->panels; p++)
    for (int64_t i = figure->panel[p].first; i < figure->panel[p].first + figure->panel[p].count; i++) {
      const hd_mark *mark = &figure->mark[i];
      if (mark->shape != HD_IMAGE || page->block[i] < 0 || hd_plot_boxed(&page->box[p], mark)) continue;
      char path[HD_PATH_ROOM], end[32];
      hd_plot_image image;
      snprintf(end, sizeof end, "-%lld.bin", (long long)page->block[i]);
      HD_TRY(path_of(figure, folder, end, path));
      HD_TRY(hd_plot_image_make(figure, mark, &image));
      hd_status status = hd_file_write(figure->ctx, path, image.at, image.bytes, false);
      hd_plot_image_free(figure, &image);
      HD_TRY(status);
    }
  return HD_OK;
}

static hd_status page_of(const hd_figure *figure, hd_plot_page **page) {
  void *memory;
  HD_TRY(hd_memory_take(figure->ctx, sizeof **page, &memory));
  *page = memory;
  hd_plot_layout(figure, *page);
  return HD_OK;
}

hd_status hd_figure_script(const hd_figure *figure, hd_text *script) {
  hd_plot_page *page;
  HD_TRY(page_of(figure, &page));
  hd_status status = hd_plot_script(figure, page, script);
  hd_memory_give(figure->ctx, page, sizeof *page);
  return status;
}

hd_status hd_figure_data(const hd_figure *figure, hd_text *data) {
  hd_plot_page *page;
  HD_TRY(page_of(figure, &page));
  hd_status status = hd_plot_data(figure, page, data);
  hd_memory_give(figure->ctx, page, sizeof *page);
  return status;
}

static hd_status write_inputs(const hd_figure *figure, const char *folder) {
  hd_plot_page *page;
  hd_text text;
  HD_TRY(page_of(figure, &page));
  hd_text_init(&text, figure->ctx);
  hd_status status = hd_plot_data(figure, page, &text);
  if (status == HD_OK) status = write_text(figure, folder, ".dat", &text);
  hd_text_free(&text);
  if (status == HD_OK) status = write_images(figure, page, folder);
  hd_text_init(&text, figure->ctx);
  if (status == HD_OK) status = hd_plot_script(figure, page, &text);
  if (status == HD_OK) status = write_text(figure, folder, ".gp", &text);
  hd_text_free(&text);
  hd_memory_give(figure->ctx, page, sizeof *page);
  return status;
}

/* gnuplot's own file becomes the one to show. */
static hd_status finish_svg(const hd_figure *figure, const char *folder) {
  char part[HD_PATH_ROOM];
  char *svg;
  size_t size;
  hd_text text;
  HD_TRY(path_of(figure, folder, ".svg.part", part));
  HD_TRY(hd_file_read(figure->ctx, part, SVG_MOST, &svg, &size));
  hd_text_init(&text, figure->ctx);
  hd_plot_svg(&text, svg, figure->title, NULL);
  hd_status status = write_text(figure, folder, ".svg", &text);
  hd_text_free(&text);
  hd_memory_give(figure->ctx, svg, size + 1);
  hd_status removed = hd_file_remove(figure->ctx, part);
  return status == HD_OK ? removed : status;
}

static hd_status finish_png(const hd_figure *figure, const char *folder) {
  char part[HD_PATH_ROOM], path[HD_PATH_ROOM];
  HD_TRY(path_of(figure, folder, ".png.part", part));
  HD_TRY(path_of(figure, folder, ".png", path));
  return hd_file_publish(figure->ctx, part, path, false);
}

static void remove_quietly(const hd_figure *figure, const char *folder, const char *end) {
  char path[HD_PATH_ROOM];
  if (path_of(figure, folder, end, path) == HD_OK) figure->ctx->files.remove(figure->ctx->files.self, path);
}

static hd_status write_driver(hd_ctx *ctx, const hd_figure *const *figures, int64_t count, unsigned formats,
                              const char *path) {
  static const char *const kinds[] = {"svg", "png"};
  hd_text text;
  hd_text_init(&text, ctx);
  hd_print(&text, "suffix = '%s'\n", suffix);
  for (int64_t i = 0; i < count; i++)
    for (unsigned k = 0; k < 2; k++)
      if (formats >> k & 1) hd_print(&text, "kind = '%s'\nload '%s.gp'\n", kinds[k], figures[i]->name);
  hd_status status = hd_text_status(&text);
  if (status == HD_OK) status = hd_file_write(ctx, path, hd_text_of(&text), text.length, false);
  hd_text_free(&text);
  return status;
}

/* One warning for whatever goes wrong with the program: its pictures are missing, nothing else. */
static hd_status call(hd_ctx *ctx, const char *folder, double limit_s, bool last_try) {
  static const char *const argv[] = {"gnuplot", "-d", "draw.gp.part", NULL};
  hd_text said;
  hd_text_init(&said, ctx);
  hd_status status = hd_program_run(ctx, &(hd_program){.argv = argv, .folder = folder, .limit_s = limit_s}, &said);
  if (status == HD_ERR_MISSING)
    hd_log_line(ctx, HD_LOG_WARNING, "no figures are drawn: %s. Install gnuplot; scripts and data are in %s",
                hd_ctx_message(ctx), folder);
  else if (status != HD_OK && last_try)
    hd_log_line(ctx, HD_LOG_WARNING, "a figure is not drawn: %s. Its script and data are in %s. It said: %.600s",
                hd_ctx_message(ctx), folder, hd_text_of(&said));
  else if (said.length) hd_log_line(ctx, HD_LOG_DETAIL, "gnuplot said: %.900s", hd_text_of(&said));
  hd_text_free(&said);
  return status;
}

static bool left_behind(const hd_figure *figure, const char *folder, const char *end) {
  char path[HD_PATH_ROOM];
  return path_of(figure, folder, end, path) == HD_OK && hd_file_exists(figure->ctx, path);
}

/* What gnuplot left of a figure becomes its pictures. */
static hd_status finish(const hd_figure *figure, const char *folder, unsigned formats, bool *drawn) {
  bool svg = left_behind(figure, folder, ".svg.part"), png = left_behind(figure, folder, ".png.part");
  if ((formats & HD_DRAW_SVG) && svg) HD_TRY(finish_svg(figure, folder));
  if ((formats & HD_DRAW_PNG) && png) HD_TRY(finish_png(figure, folder));
  if ((!(formats & HD_DRAW_SVG) || svg) && (!(formats & HD_DRAW_PNG) || png)) return HD_OK;
  hd_log_line(figure->ctx, HD_LOG_WARNING, "gnuplot drew no %s.%s; its script and data are in %s", figure->name,
              (formats & HD_DRAW_SVG) && !svg ? "svg" : "png", folder);
  *drawn = false;
  return HD_OK;
}

/* By one process. When it fails, one by one, so that one bad figure costs only itself. */
static hd_status draw(hd_ctx *ctx, const hd_figure *const *figures, int64_t count, const char *folder, unsigned formats,
                      bool *drawn) {
  char path[HD_PATH_ROOM];
  HD_TRY(hd_path_join(ctx, folder, driver, path, sizeof path));
  hd_status status = write_driver(ctx, figures, count, formats, path), called = HD_ERR_MISSING;
  if (status == HD_OK) called = call(ctx, folder, 60 + 10.0 * (double)count, count == 1);
  hd_status removed = hd_file_remove(ctx, path);
  if (status == HD_OK) status = removed;
  if (called != HD_OK) *drawn = false;
  for (int64_t i = 0; i < count; i++) {
    if (called == HD_OK && status == HD_OK) status = finish(figures[i], folder, formats, drawn);
    remove_quietly(figures[i], folder, ".svg.part");
    remove_quietly(figures[i], folder, ".png.part");
  }
  if (called == HD_OK || called == HD_ERR_MISSING || count == 1) return status;
  for (int64_t i = 0; i < count && status == HD_OK; i++) status = draw(ctx, &figures[i], 1, folder, formats, drawn);
  return status;
}

hd_status hd_figures_draw(hd_ctx *ctx, const hd_figure *const *figures, int64_t count, const char *folder,
                          unsigned formats, bool *drawn) {
  bool all = count > 0 && (formats & (HD_DRAW_SVG | HD_DRAW_PNG));
  if (drawn) *drawn = false;
  if (count == 0) return HD_OK;
  HD_TRY(hd_folder_make(ctx, folder));
  for (int64_t i = 0; i < count; i++)
    HD_TRY_WHILE(ctx, write_inputs(figures[i], folder), "writing the figure %s", figures[i]->name);
  if (all) HD_TRY_WHILE(ctx, draw(ctx, figures, count, folder, formats, &all), "drawing figures in %s", folder);
  if (drawn) *drawn = all;
  return HD_OK;
}
