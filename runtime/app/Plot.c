/* Plot.c: a drawing of loss and metrics over the epochs, as svg. Its colours
 * follow the reader's choice of light or dark. */
#include "runtime/app/Plot.h"

#include <math.h>
#include <string.h>

/* In user units; right of the panels is the legend. */
static const double width = 720, panelHeight = 260;
static const double left = 80, right = 130, top = 16, bottom = 48, heading = 40;

enum { MaximumPoints = 1000 /* of a curve */, Colors = 4 };
static const double maximumTicks = 6;

/* Larger ones are left out like infinities, whose differences they have. */
static int isShown(double value) { return fabs(value) <= 1e300; }

static const char style[] =
    "<style>\n"
    "  svg { --paper: #ffffff; --ink: #24292f; --grid: #d8dee4;\n"
    "        --c0: #0969da; --c1: #bc4c00; --c2: #1a7f37; --c3: #8250df }\n"
    "  @media (prefers-color-scheme: dark) {\n"
    "    svg { --paper: #0d1117; --ink: #e6edf3; --grid: #30363d;\n"
    "          --c0: #58a6ff; --c1: #f0883e; --c2: #3fb950; --c3: #bc8cff }\n"
    "  }\n"
    "  text { font: 12px sans-serif; fill: var(--ink) }\n"
    "  .title { font-size: 16px; font-weight: bold }\n"
    "  .grid { stroke: var(--grid); stroke-width: 1 }\n"
    "  .curve { fill: none; stroke-width: 2; stroke-linejoin: round }\n"
    "</style>\n";

/* What a panel shows: values from `low` to `high`, a line every `step`. */
struct Axis {
  double low, high, step;
};

/* 1, 2 or 5 times a power of ten, so that there are at most maximumTicks steps.
 */
static double niceStep(double range) {
  double step = 1;
  while (step * maximumTicks < range)
    step *= 10;
  while (step / 10 * maximumTicks >= range)
    step /= 10;
  if (step / 5 * maximumTicks >= range)
    return step / 5;
  return step / 2 * maximumTicks >= range ? step / 2 : step;
}

/* Rounds outwards to whole steps. A range without extent gets some: so there
 * are never more steps than an integer holds. */
static struct Axis makeAxis(double low, double high) {
  double range = high - low, size = fabs(low) > fabs(high) ? low : high;
  double least = fabs(size) > 1e-30 ? fabs(size) * 1e-6 : 1e-36;
  if (!(range > least)) {
    range = fabs(size) > 1e-30 ? least * 1e3 : 1;
    low -= range / 2;
    high += range / 2;
  }
  struct Axis axis = {low, high, niceStep(range)};
  double first = low / axis.step, last = high / axis.step;
  int64_t begin = (int64_t)first, end = (int64_t)last;
  begin -= (double)begin > first;
  end += (double)end < last;
  axis.low = (double)begin * axis.step;
  axis.high = (double)end * axis.step;
  return axis;
}

static double across(const struct History *history, double epoch) {
  double last = history->rows > 1 ? (double)history->rows : 2;
  return left + (epoch - 1) / (last - 1) * (width - left - right);
}

static double down(const struct Axis *axis, double begin, double value) {
  return begin + top +
         (axis->high - value) / (axis->high - axis->low) *
             (panelHeight - top - bottom);
}

/* `rmse` of `valid.rmse`. */
static const char *metricOf(const char *name) {
  const char *point = strchr(name, '.');
  return point ? point + 1 : name;
}

/* `valid` of `valid.rmse`; of the loss of steps `train`. */
static void appendSplit(struct Text *svg, const char *name) {
  const char *point = strchr(name, '.');
  if (point)
    appendBytes(svg, name, point - name);
  else
    appendText(svg, "train");
}

/* Names are words of the program, but `<` in a text would break the file. */
static void appendEscaped(struct Text *svg, const char *text) {
  for (; *text; ++text)
    if (*text == '<' || *text == '&')
      appendText(svg, *text == '<' ? "&lt;" : "&amp;");
    else
      appendBytes(svg, text, 1);
}

static void drawValues(struct Text *svg, const struct Axis *axis,
                       double begin) {
  int64_t lines = (int64_t)((axis->high - axis->low) / axis->step + 0.5);
  for (int64_t i = 0; i <= lines; ++i) {
    double value = axis->low + (double)i * axis->step;
    double y = down(axis, begin, value);
    if (fabs(value) < axis->step * 1e-6) /* what rounding left of zero */
      value = 0;
    appendFormat(svg,
                 "<path class=\"grid\" d=\"M%g %.2fH%g\"/><text x=\"%g\" "
                 "y=\"%.2f\" text-anchor=\"end\">%.6g</text>\n",
                 left, y, width - right, left - 8, y + 4, value);
  }
}

static void drawEpochs(struct Text *svg, const struct History *history,
                       double begin) {
  /* Without an epoch there is no range to step through. */
  int64_t step = history->rows ? (int64_t)niceStep((double)history->rows) : 1;
  double base = begin + panelHeight - bottom;
  step = step < 1 ? 1 : step;
  for (int64_t epoch = 1; epoch <= history->rows;
       epoch += epoch == 1 && step > 1 ? step - 1 : step) {
    double x = across(history, (double)epoch);
    appendFormat(svg,
                 "<path class=\"grid\" d=\"M%.2f %.2fv4\"/><text x=\"%.2f\" "
                 "y=\"%.2f\" text-anchor=\"middle\">%lld</text>\n",
                 x, base, x, base + 18, (long long)epoch);
  }
  appendFormat(
      svg, "<text x=\"%g\" y=\"%.2f\" text-anchor=\"middle\">epoch</text>\n",
      (left + width - right) / 2, base + 36);
}

/* A path with gaps where values are not finite; an epoch alone is a dot. */
static void drawCurve(struct Text *svg, const struct History *history,
                      int32_t column, int color, const struct Axis *axis,
                      double begin) {
  int64_t stride = history->rows / MaximumPoints + 1;
  int isDown = 0;
  appendFormat(svg, "<path class=\"curve\" stroke=\"var(--c%d)\" d=\"", color);
  for (int64_t row = 0; row < history->rows;) {
    double value = history->values[row * history->columns + column];
    if (isShown(value))
      appendFormat(svg, "%c%.2f %.2f", isDown ? 'L' : 'M',
                   across(history, (double)row + 1), down(axis, begin, value));
    if (isShown(value) && !isDown)
      appendText(svg, "h.01");
    isDown = isShown(value);
    int64_t next = row + stride; /* the last row is always shown */
    row = next >= history->rows && row < history->rows - 1 ? history->rows - 1
                                                           : next;
  }
  appendText(svg, "\" stroke-linecap=\"round\"/>\n");
}

static void drawLegend(struct Text *svg, const char *name, int color, int line,
                       double begin) {
  double y = begin + top + 12 + 20 * line;
  double x = width - right + 16;
  appendFormat(svg,
               "<path class=\"curve\" stroke=\"var(--c%d)\" d=\"M%g %.2fh20\"/>"
               "<text x=\"%g\" y=\"%.2f\">",
               color, x, y, x + 28, y + 4);
  appendSplit(svg, name);
  appendText(svg, "</text>\n");
}

/* The range of all columns of this metric; as it was if nothing is shown. */
static void rangeOf(const struct History *history, const char *metric,
                    double *low, double *high) {
  int isFound = 0;
  for (int32_t column = 0; column < history->columns; ++column)
    for (int64_t row = 0; !strcmp(metricOf(history->names[column]), metric) &&
                          row < history->rows;
         ++row) {
      double value = history->values[row * history->columns + column];
      if (!isShown(value))
        continue;
      *low = !isFound || value < *low ? value : *low;
      *high = !isFound || value > *high ? value : *high;
      isFound = 1;
    }
}

static void drawPanel(struct Text *svg, const struct History *history,
                      const char *metric, double begin) {
  double low = 0, high = 1, middle = begin + (top + panelHeight - bottom) / 2.0;
  int line = 0;
  rangeOf(history, metric, &low, &high);
  struct Axis axis = makeAxis(low, high);
  drawValues(svg, &axis, begin);
  drawEpochs(svg, history, begin);
  appendFormat(svg,
               "<text x=\"18\" y=\"%.2f\" text-anchor=\"middle\" "
               "transform=\"rotate(-90 18 %.2f)\">",
               middle, middle);
  appendEscaped(svg, metric);
  appendText(svg, "</text>\n");
  for (int32_t i = 0; i < history->columns; ++i)
    if (!strcmp(metricOf(history->names[i]), metric)) {
      drawCurve(svg, history, i, line % Colors, &axis, begin);
      drawLegend(svg, history->names[i], line % Colors, line, begin);
      ++line;
    }
}

/* Whether no column before this one is of the same metric. */
static int isFirst(const struct History *history, int32_t column) {
  for (int32_t i = 0; i < column; ++i)
    if (!strcmp(metricOf(history->names[i]), metricOf(history->names[column])))
      return 0;
  return 1;
}

void drawHistory(struct Text *svg, const struct History *history,
                 const char *title) {
  int panels = 0;
  for (int32_t i = 0; i < history->columns; ++i)
    panels += isFirst(history, i);
  double height = heading + panels * panelHeight;
  appendFormat(svg,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%g\" "
               "height=\"%g\" viewBox=\"0 0 %g %g\">\n",
               width, height, width, height);
  appendText(svg, style);
  appendFormat(svg,
               "<rect width=\"%g\" height=\"%g\" fill=\"var(--paper)\"/>\n"
               "<text class=\"title\" x=\"%g\" y=\"28\">",
               width, height, left);
  appendEscaped(svg, title);
  appendText(svg, "</text>\n");
  double begin = heading;
  for (int32_t i = 0; i < history->columns; ++i)
    if (isFirst(history, i)) {
      drawPanel(svg, history, metricOf(history->names[i]), begin);
      begin += panelHeight;
    }
  appendText(svg, "</svg>\n");
}
