//===- ShapeError.h - why a shape function refuses --------------*- C++ -*-===//
//
// A structured error: what kind of mistake, and which operands and axes take
// part in it.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_SHAPEERROR_H
#define MODEL_DIALECT_SHAPEERROR_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/LogicalResult.h"
#include <string>

namespace mlir::model {
class SizeAttr;
class ArrayType;

/// Says why a shape function refuses its operands. The text is complete by
/// itself ("inner dimensions differ: 64 vs 32"); the other fields let the
/// frontend point at the operands.
struct ShapeError {
  enum class Kind {
    SizeMismatch,    ///< two sizes that must be equal are not
    RankMismatch,    ///< an operand has the wrong number of axes
    ElementMismatch, ///< element types that must be equal are not, or one is
                     ///< not allowed
    AxisRange,       ///< an axis is out of range or repeated
    SizeRange,       ///< a start, width or count does not fit the array
    Attribute,       ///< a compile-time argument is missing or malformed
    Overflow         ///< a size does not fit 64 bits
  };
  /// One side of the conflict: an operand and, if one is at fault, its axis
  /// (else -1).
  struct Site {
    unsigned operand;
    int64_t axis;
  };

  Kind kind = Kind::Attribute;
  std::string text;
  llvm::SmallVector<Site, 2> sites;

  /// Fills in the error; returns failure, so that a shape function can return
  /// the call.
  llvm::LogicalResult set(Kind newKind, const llvm::Twine &newText,
                          llvm::ArrayRef<Site> newSites = {}) {
    kind = newKind;
    text = newText.str();
    sites.assign(newSites.begin(), newSites.end());
    return llvm::failure();
  }
};
} // namespace mlir::model

#endif
