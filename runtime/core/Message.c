/* Message.c: texts of error messages for places that have no formatted output.
 */
#include "runtime/core/Message.h"

#include "runtime/core/abi.h"

void modelcAppendText(struct ModelcMessage *message, const char *text) {
  while (*text && message->length < MODELC_MESSAGE_BYTES - 1)
    message->text[message->length++] = *text++;
  message->text[message->length] = 0;
}

void modelcAppendInteger(struct ModelcMessage *message, int64_t value) {
  char digits[24];
  int position = sizeof digits;
  digits[--position] = 0;
  /* Unsigned, so that the smallest integer has a magnitude. */
  uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do {
    digits[--position] = (char)('0' + magnitude % 10);
    magnitude /= 10;
  } while (magnitude);
  if (value < 0)
    digits[--position] = '-';
  modelcAppendText(message, digits + position);
}

const char *modelcDescribeStatus(int32_t status) {
  switch (status) {
  case MODELC_OK:
    return "success";
  case MODELC_ERROR_SIZE:
    return "too few or too many rows for the function";
  case MODELC_ERROR_NULL:
    return "a needed pointer is null";
  case MODELC_ERROR_ALIGNMENT:
    return "a pointer is not aligned";
  case MODELC_ERROR_ASSERTION:
    return "an assertion of the program does not hold";
  case MODELC_ERROR_STRUCT:
    return "the call is of another version";
  case MODELC_ERROR_WEIGHTS:
    return "the weights are not those of this program";
  default:
    return status < 0 ? "an error inside the compiled program"
                      : "an unknown error of the caller";
  }
}
