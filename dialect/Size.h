//===- Size.h - arithmetic on symbolic sizes --------------------*- C++ -*-===//
//
// Arithmetic, substitution and bounds of sizes: integer polynomials over
// symbols.
//
// Every function accepts and returns null for "overflows 64 bits", so that a
// chain of operations needs one check at its end.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_SIZE_H
#define MODEL_DIALECT_SIZE_H

#include "dialect/Model.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::model {

SizeAttr add(SizeAttr lhs, SizeAttr rhs);
SizeAttr subtract(SizeAttr lhs, SizeAttr rhs);
SizeAttr multiply(SizeAttr lhs, SizeAttr rhs);
/// Rounds towards negative infinity; exact where every coefficient divides.
/// Null if the divisor is the constant 0.
SizeAttr floorDivide(SizeAttr dividend, SizeAttr divisor);
SizeAttr ceilDivide(SizeAttr dividend, SizeAttr divisor);
/// `dividend - divisor * floorDivide(dividend, divisor)`, with the divisor's
/// sign.
SizeAttr remainder(SizeAttr dividend, SizeAttr divisor);
SizeAttr product(MLIRContext *context, ArrayRef<SizeAttr> sizes);

/// What each symbol stands for.
using SizeSubstitution = llvm::DenseMap<StringAttr, SizeAttr>;
/// Replaces symbols; those not in the map stay.
SizeAttr substitute(SizeAttr size, const SizeSubstitution &map);
/// Replaces symbols in types and attributes of `op` and all that is nested in
/// it. An error is emitted where a size overflows, divides by 0 or, in an
/// array's shape, becomes negative.
LogicalResult substituteIn(Operation *op, const SizeSubstitution &map);
/// Null where `substituteIn` would fail.
Type substitute(Type type, const SizeSubstitution &map);

/// Adds the symbols of `size`, or of all sizes within `type`, in order of
/// appearance.
void collectSymbols(SizeAttr size, llvm::SetVector<StringAttr> &symbols);
void collectSymbols(Type type, llvm::SetVector<StringAttr> &symbols);

/// The value where each symbol has the given one; nothing if a symbol has none
/// or on overflow.
std::optional<int64_t>
evaluate(SizeAttr size,
         llvm::function_ref<std::optional<int64_t>(StringAttr)> value);

/// An inclusive range of values.
struct SizeRange {
  int64_t low, high;
};
/// The range of `size` where each symbol lies between `low` and its bound;
/// nothing if a symbol is unbounded or on overflow. Conservative where a symbol
/// occurs more than once.
std::optional<SizeRange>
range(SizeAttr size,
      llvm::function_ref<std::optional<int64_t>(StringAttr)> bound,
      int64_t low = 0);

} // namespace mlir::model

#endif
