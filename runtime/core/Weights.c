/* Weights.c: the weights that training wrote, from memory, without the app's
 * reader, which allocates and exits. */
#include "runtime/core/Weights.h"

#include <string.h>

#include "runtime/core/Dtype.h"
#include "runtime/core/Message.h"

/* A cursor over the header, JSON as the app writes it; `isBad` once it is not.
 */
struct Header {
  const char *next, *end;
  int isBad;
};

/* What the header says of one array. */
struct Found {
  const char *dtype; /* the text within the quotes */
  int64_t dtypeLength;
  int32_t rank;
  int64_t extents[16];
  int64_t begin, end; /* in the data */
};

static char peek(struct Header *header) {
  while (header->next < header->end &&
         (*header->next == ' ' || *header->next == '\n' ||
          *header->next == '\t' || *header->next == '\r'))
    ++header->next;
  return header->next < header->end ? *header->next : 0;
}

static int accept(struct Header *header, char wanted) {
  if (header->isBad || peek(header) != wanted)
    return 0;
  ++header->next;
  return 1;
}

static void expect(struct Header *header, char wanted) {
  header->isBad |= !accept(header, wanted);
}

/* The text of a string, as it stands: no name of a slot has an escape. */
static const char *readString(struct Header *header, int64_t *length) {
  expect(header, '"');
  const char *begin = header->next;
  while (!header->isBad && header->next < header->end && *header->next != '"')
    header->next +=
        *header->next == '\\' && header->end - header->next > 1 ? 2 : 1;
  if (header->next > header->end)
    header->isBad = 1;
  *length = header->isBad ? 0 : header->next - begin;
  expect(header, '"');
  return begin;
}

static int64_t readInteger(struct Header *header) {
  char digit = peek(header);
  int64_t value = 0;
  header->isBad |= digit < '0' || digit > '9';
  while (!header->isBad && header->next < header->end && *header->next >= '0' &&
         *header->next <= '9') {
    value = modelcMultiply(value, 10);
    header->isBad |= value < 0 || value > INT64_MAX - 9;
    value += *header->next++ - '0';
  }
  return header->isBad ? 0 : value;
}

static int isText(const char *text, int64_t length, const char *wanted) {
  return length == (int64_t)strlen(wanted) &&
         !memcmp(text, wanted, (size_t)length);
}

/* `{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}`. */
static struct Found readArray(struct Header *header) {
  struct Found found = {.dtypeLength = 0};
  expect(header, '{');
  do {
    int64_t length;
    const char *key = readString(header, &length);
    expect(header, ':');
    if (isText(key, length, "dtype")) {
      found.dtype = readString(header, &found.dtypeLength);
    } else if (isText(key, length, "shape")) {
      expect(header, '[');
      while (!header->isBad && !accept(header, ']')) {
        if (found.rank == 16) {
          header->isBad = 1;
          break;
        }
        found.extents[found.rank++] = readInteger(header);
        if (!accept(header, ',') && peek(header) != ']')
          header->isBad = 1;
      }
    } else if (isText(key, length, "data_offsets")) {
      expect(header, '[');
      found.begin = readInteger(header);
      expect(header, ',');
      found.end = readInteger(header);
      expect(header, ']');
    } else {
      header->isBad = 1;
    }
  } while (!header->isBad && accept(header, ','));
  expect(header, '}');
  return found;
}

/* A JSON object of strings, which says nothing about arrays. */
static void skipMetadata(struct Header *header) {
  int64_t length;
  expect(header, '{');
  if (accept(header, '}'))
    return;
  do {
    readString(header, &length);
    expect(header, ':');
    readString(header, &length);
  } while (!header->isBad && accept(header, ','));
  expect(header, '}');
}

/* Whether the text is the name of element `index` of a slot, where the index
 * stands for `*`. */
static int isName(const char *text, int64_t length,
                  const struct modelc_slot *slot, int32_t index) {
  struct ModelcMessage digits = {.length = 0};
  modelcAppendInteger(&digits, index);
  for (const char *c = slot->name; *c; ++c) {
    const char *part = *c == '*' ? digits.text : c;
    int64_t partLength = *c == '*' ? digits.length : 1;
    if (length < partLength || memcmp(text, part, (size_t)partLength))
      return 0;
    text += partLength;
    length -= partLength;
  }
  return length == 0;
}

struct Loader {
  const struct modelc_program *program;
  char *slots;
  const char *header, *data;
  int64_t headerBytes, dataBytes;
  struct ModelcMessage message;
};

static int refuse(struct Loader *loader, const char *name, int32_t index,
                  int isStack, const char *problem) {
  if (name) {
    modelcAppendText(&loader->message, "`");
    for (const char *c = name; *c; ++c) {
      char letter[] = {*c, 0};
      if (*c == '*' && isStack)
        modelcAppendInteger(&loader->message, index);
      else
        modelcAppendText(&loader->message, letter);
    }
    modelcAppendText(&loader->message, "`: ");
  }
  modelcAppendText(&loader->message, problem);
  return MODELC_ERROR_WEIGHTS;
}

/* Finds what the header says of element `index` of a slot; 0 if nothing. */
static int find(struct Loader *loader, const struct modelc_slot *slot,
                int32_t index, struct Found *found, int *isBad) {
  struct Header header = {loader->header, loader->header + loader->headerBytes,
                          0};
  int isFound = 0;
  expect(&header, '{');
  if (!accept(&header, '}')) {
    do {
      int64_t length;
      const char *name = readString(&header, &length);
      expect(&header, ':');
      if (isText(name, length, "__metadata__")) {
        skipMetadata(&header);
        continue;
      }
      struct Found one = readArray(&header);
      if (!header.isBad && slot && isName(name, length, slot, index)) {
        *found = one;
        ++isFound;
      }
    } while (!header.isBad && accept(&header, ','));
    expect(&header, '}');
  }
  *isBad = header.isBad || peek(&header) || isFound > 1;
  return isFound == 1;
}

/* Names of element types in files; `bool` and `i32` as BOOL and I32. */
static int isDtype(const struct Found *found, int32_t dtype) {
  const char *name = modelcDtypeName(dtype);
  if ((int64_t)strlen(name) != found->dtypeLength)
    return 0;
  for (int64_t i = 0; i < found->dtypeLength; ++i) {
    char letter = name[i];
    if (letter >= 'a' && letter <= 'z')
      letter = (char)(letter - 'a' + 'A');
    if (letter != found->dtype[i])
      return 0;
  }
  return 1;
}

/* Checks element `index` of a slot or, in the second pass, copies it. */
static int loadElement(struct Loader *loader, const struct modelc_slot *slot,
                       int32_t index, int isCopied) {
  int32_t dropped = slot->stack > 0;
  int64_t bytes = slot->array.bytes / (dropped ? slot->stack : 1);
  struct Found found;
  int isBad;
  if (!find(loader, slot, index, &found, &isBad) || isBad)
    return refuse(loader, slot->name, index, dropped,
                  isBad ? "the file is damaged" : "not in the file");
  int isSame = found.rank == slot->array.rank - dropped &&
               isDtype(&found, slot->array.dtype);
  for (int32_t i = 0; isSame && i < found.rank; ++i)
    isSame = found.extents[i] == slot->array.dimensions[i + dropped].extent;
  if (!isSame)
    return refuse(loader, slot->name, index, dropped,
                  "another type or shape in the file than in the program");
  if (found.begin > found.end || found.end > loader->dataBytes ||
      found.end - found.begin != bytes)
    return refuse(loader, slot->name, index, dropped, "the file is damaged");
  if (isCopied && bytes)
    memcpy(loader->slots + slot->offset + index * bytes,
           loader->data + found.begin, (size_t)bytes);
  return MODELC_OK;
}

static int isSaved(int32_t kind) {
  return kind == MODELC_SLOT_PARAMETER || kind == MODELC_SLOT_STATE ||
         kind == MODELC_SLOT_STATISTIC;
}

static int32_t loadAll(struct Loader *loader, int isCopied) {
  for (int32_t i = 0; i < loader->program->slot_count; ++i) {
    const struct modelc_slot *slot = &loader->program->slots[i];
    for (int32_t j = 0;
         isSaved(slot->kind) && j < (slot->stack ? slot->stack : 1); ++j) {
      int status = loadElement(loader, slot, j, isCopied);
      if (status)
        return status;
    }
  }
  return MODELC_OK;
}

/* The header's length comes first, as 8 bytes, the lowest first. */
static int32_t openFile(struct Loader *loader, const void *file,
                        uint64_t fileBytes) {
  const unsigned char *bytes = file;
  uint64_t length = 0;
  if (fileBytes < 8)
    return refuse(loader, 0, 0, 0, "the file is no safetensors file");
  for (int i = 7; i >= 0; --i)
    length = length << 8 | bytes[i];
  if (length > fileBytes - 8 || length < 2 || bytes[8] != '{')
    return refuse(loader, 0, 0, 0, "the file is no safetensors file");
  loader->header = (const char *)bytes + 8;
  loader->headerBytes = (int64_t)length;
  loader->data = loader->header + length;
  loader->dataBytes = (int64_t)(fileBytes - 8 - length);
  int isBad;
  find(loader, 0, 0, 0, &isBad);
  return isBad ? refuse(loader, 0, 0, 0, "the file is damaged") : MODELC_OK;
}

int32_t modelcLoadWeights(const struct modelc_program *program, void *slots,
                          const void *file, uint64_t fileBytes, char *message,
                          uint64_t messageBytes) {
  struct Loader loader = {.program = program, .slots = slots};
  int32_t status = !slots || !file ? MODELC_ERROR_NULL
                   : (uintptr_t)slots % MODELC_ALIGNMENT
                       ? MODELC_ERROR_ALIGNMENT
                       : openFile(&loader, file, fileBytes);
  if (!status)
    status = loadAll(&loader, 0);
  if (!status) {
    memset(slots, 0, (size_t)program->slot_bytes);
    loadAll(&loader, 1);
  }
  if (status && !loader.message.length)
    modelcAppendText(&loader.message, modelcDescribeStatus(status));
  if (message && messageBytes) {
    uint64_t length = (uint64_t)loader.message.length;
    length = length < messageBytes ? length : messageBytes - 1;
    memcpy(message, loader.message.text, (size_t)length);
    message[length] = 0;
  }
  return status;
}
