// Messages are cut where they do not fit; integers keep every digit.
// RUN: %clang %program-flags %s %program-libraries -o %t && %t
#include "runtime/core/Message.h"

#include <assert.h>
#include <string.h>

#include "runtime/core/abi.h"

int main(void) {
  struct ModelcMessage message = {.length = 0};
  modelcAppendText(&message, "a ");
  modelcAppendInteger(&message, INT64_MIN);
  modelcAppendText(&message, " b ");
  modelcAppendInteger(&message, 0);
  assert(!strcmp(message.text, "a -9223372036854775808 b 0"));
  for (int i = 0; i < MODELC_MESSAGE_BYTES; ++i)
    modelcAppendText(&message, "xy");
  assert(strlen(message.text) == MODELC_MESSAGE_BYTES - 1);
  assert(!strcmp(modelcDescribeStatus(MODELC_OK), "success"));
  assert(strstr(modelcDescribeStatus(-5), "compiled program"));
  assert(strstr(modelcDescribeStatus(99), "unknown"));
  return 0;
}
