//===- Record.cpp - dictionaries of declarations --------------------------===//
//
// Typed access to dictionary attributes.
//
//===----------------------------------------------------------------------===//
#include "codegen/program/Record.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::model;

void Record::refuse(StringRef key, StringRef wanted) {
  InFlightDiagnostic error = op->emitOpError();
  if (Attribute seen = entries.get(key))
    error << "has " << seen << " for `" << key << "`; wanted " << wanted;
  else
    error << "lacks `" << key << "`, " << wanted;
  *status = failure();
}

template <typename T> T Record::get(StringRef key, StringRef wanted) {
  T value = entries.getAs<T>(key);
  if (!value)
    refuse(key, wanted);
  return value;
}

StringRef Record::text(StringRef key) {
  auto value = get<StringAttr>(key, "a string");
  return value ? value.getValue() : "";
}

bool Record::truth(StringRef key) {
  auto value = get<BoolAttr>(key, "true or false");
  return value && value.getValue();
}

double Record::real(StringRef key) {
  auto value = get<FloatAttr>(key, "a float");
  return value ? value.getValueAsDouble() : 0;
}

int64_t Record::number(StringRef key) {
  auto value = get<IntegerAttr>(key, "an integer");
  return value ? value.getInt() : 0;
}

int32_t Record::smallNumber(StringRef key) {
  int64_t value = number(key);
  if (value == int32_t(value))
    return value;
  refuse(key, "an integer of 32 bits");
  return 0;
}

Type Record::type(StringRef key) {
  auto value = get<TypeAttr>(key, "a type");
  return value ? value.getValue() : Type();
}

ArrayRef<Attribute> Record::array(StringRef key) {
  auto value = get<ArrayAttr>(key, "an array");
  return value ? value.getValue() : ArrayRef<Attribute>();
}

FlatSymbolRefAttr Record::symbol(StringRef key) {
  return get<FlatSymbolRefAttr>(key, "a symbol");
}

DictionaryAttr Record::dictionary(StringRef key) {
  return get<DictionaryAttr>(key, "a dictionary");
}
