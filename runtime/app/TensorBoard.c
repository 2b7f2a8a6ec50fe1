/* TensorBoard.c: the records that TensorBoard reads: TFRecord (length, its
 * checksum, data, its checksum) around protocol buffers of the type Event
 * (tensorflow/core/util/event.proto). */
#include "runtime/app/TensorBoard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/app/Report.h"

/* CRC-32C (Castagnoli), bit by bit: events are few and short. */
static uint32_t checksum(const void *data, int64_t bytes) {
  const unsigned char *byte = data;
  uint32_t crc = ~0u;
  for (int64_t i = 0; i < bytes; ++i) {
    crc ^= byte[i];
    for (int bit = 0; bit < 8; ++bit)
      crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
  }
  return ~crc;
}

/* TFRecord masks checksums, because data may hold checksums itself. */
static uint32_t maskedChecksum(const void *data, int64_t bytes) {
  uint32_t crc = checksum(data, bytes);
  return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

static void appendLittle(struct Text *text, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) {
    unsigned char byte = (unsigned char)(value >> 8 * i);
    appendBytes(text, &byte, 1);
  }
}

static void appendRecord(struct Text *text, const struct Text *data) {
  struct Text length = {0};
  appendLittle(&length, (uint64_t)data->length, 8);
  appendBytes(text, length.data, 8);
  appendLittle(text, maskedChecksum(length.data, 8), 4);
  appendBytes(text, data->data, data->length);
  appendLittle(text, maskedChecksum(data->data, data->length), 4);
  freeText(&length);
}

/* How protocol buffers store a field, the lowest bits of its key. */
enum Wire { WireVariable = 0, Wire64 = 1, WireBytes = 2, Wire32 = 5 };

static void appendVariable(struct Text *text, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    appendLittle(text, value | 0x80, 1);
  appendLittle(text, value, 1);
}

static void appendKey(struct Text *text, int field, enum Wire wire) {
  appendVariable(text, (uint64_t)field << 3 | wire);
}

static void appendField(struct Text *text, int field, const void *data,
                        int64_t bytes) {
  appendKey(text, field, WireBytes);
  appendVariable(text, (uint64_t)bytes);
  appendBytes(text, data, bytes);
}

static void appendDouble(struct Text *text, int field, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  appendKey(text, field, Wire64);
  appendLittle(text, bits, 8);
}

static void appendFloat(struct Text *text, int field, float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  appendKey(text, field, Wire32);
  appendLittle(text, bits, 4);
}

/* The numbers of fields, as event.proto and summary.proto have them. */
enum {
  EventWallTime = 1,
  EventStep = 2,
  EventFileVersion = 3,
  EventSummary = 5,
  SummaryValue = 1,
  ValueTag = 1,
  ValueSimpleValue = 2
};

void appendVersionEvent(struct Text *text, double time) {
  static const char version[] = "brain.Event:2";
  struct Text event = {0};
  appendDouble(&event, EventWallTime, time);
  appendField(&event, EventFileVersion, version, sizeof version - 1);
  appendRecord(text, &event);
  freeText(&event);
}

static void appendValue(struct Text *summary, const char *name, double value) {
  struct Text tag = {0}, scalar = {0};
  appendText(&tag, name);
  for (char *c = tag.data; *c; ++c)
    *c = *c == '.' ? '/' : *c;
  appendField(&scalar, ValueTag, tag.data, tag.length);
  appendFloat(&scalar, ValueSimpleValue, (float)value);
  appendField(summary, SummaryValue, scalar.data, scalar.length);
  freeText(&tag);
  freeText(&scalar);
}

void appendScalarEvent(struct Text *text, const struct History *history,
                       int64_t row) {
  struct Text event = {0}, summary = {0};
  appendDouble(&event, EventWallTime, history->times[row]);
  appendKey(&event, EventStep, WireVariable);
  appendVariable(&event, (uint64_t)row + 1);
  for (int32_t i = 0; i < history->columns; ++i)
    appendValue(&summary, history->names[i],
                history->values[row * history->columns + i]);
  appendField(&event, EventSummary, summary.data, summary.length);
  appendRecord(text, &event);
  freeText(&event);
  freeText(&summary);
}

char *eventPath(const char *folder, const char *model) {
  struct Text path = {0};
  appendText(&path, folder);
  /* Each folder on the way; those that are there are no error. */
  for (char *c = path.data + 1; *path.data && *c; ++c)
    if (*c == '/') {
      *c = 0;
      mkdir(path.data, 0777);
      *c = '/';
    }
  if (mkdir(path.data, 0777) != 0 && errno != EEXIST)
    failUser("cannot make the folder `%s`: %s", folder, strerror(errno));
  /* TensorBoard looks for `tfevents` in names. */
  appendFormat(&path, "/events.out.tfevents.%s", model);
  return path.data;
}
