//===- Record.h - dictionaries of declarations ------------------*- C++ -*-===//
//
// Reads the dictionary attributes that declarations consist of.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_PROGRAM_RECORD_H
#define MODEL_CODEGEN_PROGRAM_RECORD_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

namespace mlir::model {

/// Reads one dictionary of `op`. What is missing, or of another kind than
/// wanted, is an error at `op`, sets `status` to failure and reads as 0 or "".
class Record {
public:
  Record(Operation *op, DictionaryAttr entries, LogicalResult &status)
      : op(op), entries(entries), status(&status) {}

  bool has(StringRef key) const { return entries.contains(key); }
  StringRef text(StringRef key);
  bool truth(StringRef key);
  double real(StringRef key);
  int64_t number(StringRef key);
  /// A number that fits 32 bits.
  int32_t smallNumber(StringRef key);
  Type type(StringRef key);
  ArrayRef<Attribute> array(StringRef key);
  FlatSymbolRefAttr symbol(StringRef key);
  DictionaryAttr dictionary(StringRef key);

private:
  /// Null and an error if `key` is missing or no `T`.
  template <typename T> T get(StringRef key, StringRef wanted);
  void refuse(StringRef key, StringRef wanted);

  Operation *op;
  DictionaryAttr entries;
  LogicalResult *status;
};

} // namespace mlir::model

#endif
