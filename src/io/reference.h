/* Texts generated from a solver's tables: the template of `heddle new`, the Markdown reference, the JSON Schema. */
#ifndef HD_IO_REFERENCE_H
#define HD_IO_REFERENCE_H

#include "base/text.h"
#include "io/params.h"

/* `common`: the keys that every scenario has. */

/* A commented scenario: required keys first, all defaults shown as comments with their units and sources. */
void hd_template_write(hd_text *out, const hd_solver *solver, const hd_param *common);

/* Markdown: parameters (type, unit, default, range, meaning), presets, dimensions, fields, measures, figures, formats. */
void hd_reference_write(hd_text *out, const hd_solver *solver, const hd_param *common);

/* JSON Schema (2020-12) of a scenario, for editors. */
void hd_schema_write(hd_text *out, const hd_solver *solver, const hd_param *common);

#endif
