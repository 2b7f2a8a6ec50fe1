/* Message.h: a bounded text for error messages, made without formatted output.
 */
#ifndef MODELC_RUNTIME_CORE_MESSAGE_H
#define MODELC_RUNTIME_CORE_MESSAGE_H

#include <stdint.h>

#define MODELC_MESSAGE_BYTES 512

/* A NUL-terminated text that is cut where it does not fit. Start it as `{0}`.
 */
struct ModelcMessage {
  char text[MODELC_MESSAGE_BYTES];
  int32_t length;
};

void modelcAppendText(struct ModelcMessage *message, const char *text);
void modelcAppendInteger(struct ModelcMessage *message, int64_t value);

/* What a status that an entry returned means, in words; never null. */
const char *modelcDescribeStatus(int32_t status);

#endif
