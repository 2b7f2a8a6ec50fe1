//===- Model.h - attributes, types, interfaces ------------------*- C++ -*-===//
//
// What every user of the dialect needs; operations are declared by
// dialect/ops/<Family>.h.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_DIALECT_MODEL_H
#define MODEL_DIALECT_MODEL_H

#include "dialect/ShapeError.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include <optional>

namespace mlir::model {
class GradientRule;

/// The attribute of a function that has a gradient of its own: it names the
/// function that takes the arguments, the only result and its cotangent, and
/// returns the cotangents of the float arguments.
inline constexpr llvm::StringLiteral customGradientName =
    "model.custom_gradient";

/// What computing one element costs.
enum class ElementCost {
  Free,  ///< nothing is computed: the element is a known number, or lies
         ///< elsewhere
  Cheap, ///< less than a load from memory may cost
  Costly ///< more: transcendental functions, divisions, random numbers
};

/// Where the elements of an operation's operands come from while one element of
/// its result is emitted: loads from memory, or the element functions of other
/// operations.
class ElementSource {
public:
  virtual ~ElementSource() = default;
  /// The element of operand number `operand` at `index`, a scalar of its
  /// element type.
  virtual Value load(OpBuilder &builder, Location location, unsigned operand,
                     ValueRange index) = 0;
  /// The value of a size, of type `index`.
  virtual Value size(OpBuilder &builder, Location location, SizeAttr size) = 0;
  /// The number, row-major, of the element at `index` in an array of `shape`,
  /// of type `index`.
  virtual Value position(OpBuilder &builder, Location location,
                         ArrayRef<SizeAttr> shape, ValueRange index);
};

} // namespace mlir::model

#include "dialect/ModelDialect.h.inc"
#include "dialect/ModelEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/ModelAttributes.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/ModelTypes.h.inc"
namespace mlir::model {
template <typename Op> using PropertiesOf = typename Op::Properties;

/// Runs the shape function of `Op` on attributes given as a dictionary.
template <typename Op>
FailureOr<ArrayType> inferShapeByName(ValueRange operands,
                                      DictionaryAttr attributes,
                                      ShapeError &error) {
  if constexpr (llvm::is_detected<PropertiesOf, Op>::value) {
    typename Op::Properties properties;
    auto ignore = []() -> InFlightDiagnostic { return {}; };
    if (failed(Op::setPropertiesFromAttr(properties, attributes, ignore)))
      return error.set(ShapeError::Kind::Attribute,
                       "an argument is missing or of the wrong kind");
    return Op::inferShape(
        typename Op::Adaptor(operands, attributes, properties), error);
  } else {
    return Op::inferShape(typename Op::Adaptor(operands, attributes), error);
  }
}
} // namespace mlir::model
#include "dialect/ModelInterfaces.h.inc"

namespace mlir::model {
/// Emits `inferShape`'s error at `location` (if there is one) or appends the
/// type to `results`.
LogicalResult inferTypeOrEmit(
    std::optional<Location> location, StringRef operation,
    SmallVectorImpl<Type> &results,
    llvm::function_ref<FailureOr<ArrayType>(ShapeError &)> inferShape);
} // namespace mlir::model

#endif
