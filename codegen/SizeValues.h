//===- SizeValues.h - sizes as values ---------------------------*- C++ -*-===//
//
// Computes sizes, polynomials over symbols, from the symbols' values.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_SIZEVALUES_H
#define MODEL_CODEGEN_SIZEVALUES_H

#include "dialect/Model.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::model {

/// The symbols that occur in `op` and all that is nested in it, sorted by name.
SmallVector<StringAttr> symbolsIn(Operation *op);
/// The symbols that an entry declares in `model.symbols`, sorted by name.
SmallVector<StringAttr> symbolsOfEntry(Operation *entry);

/// Emits sizes as values of type `index`.
class SizeValues {
public:
  void define(StringAttr symbol, Value value) { symbols[symbol] = value; }
  Value get(OpBuilder &builder, Location location, SizeAttr size) const;
  Value lookup(StringAttr symbol) const { return symbols.lookup(symbol); }

private:
  Value getAtom(OpBuilder &builder, Location location, Attribute atom) const;

  DenseMap<StringAttr, Value> symbols;
};

} // namespace mlir::model

#endif
