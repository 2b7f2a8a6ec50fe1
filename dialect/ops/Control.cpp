//===- Control.cpp - constants, calls, repetition, declarations ----------===//
//
// Verification, folding and simplification of the control family.
//
//===----------------------------------------------------------------------===//
#include "dialect/ops/Control.h"
#include "dialect/Gradient.h"
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::model;

#define GET_OP_CLASSES
#include "dialect/ops/Control.cpp.inc"

void model::registerControlOps(ModelDialect &dialect) {
  dialect.addOperationsOf<
#define GET_OP_LIST
#include "dialect/ops/Control.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Constants and sizes
//===----------------------------------------------------------------------===//

OpFoldResult FillOp::fold(FoldAdaptor) { return getValue(); }
OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

/// One number throughout is a fill.
LogicalResult ConstantOp::canonicalize(ConstantOp op,
                                       PatternRewriter &rewriter) {
  auto elements = dyn_cast<DenseElementsAttr>(op.getValue());
  if (!elements || !elements.isSplat())
    return failure();
  rewriter.replaceOpWithNewOp<FillOp>(op, op.getType(),
                                      elements.getSplatValue<TypedAttr>());
  return success();
}

LogicalResult FillOp::verify() {
  if (getValue().getType() != getType().getElementType())
    return emitOpError("value has type ")
           << getValue().getType() << "; wanted the element type of the result";
  return success();
}

LogicalResult ConstantOp::verify() {
  if (!isa<DenseElementsAttr>(getValue()))
    return emitOpError("wants its elements as a dense attribute");
  auto value = cast<ShapedType>(getValue().getType());
  ArrayType type = getType();
  bool same = value.getElementType() == type.getElementType() &&
              value.getRank() == type.getRank();
  for (int64_t axis = 0; same && axis < type.getRank(); ++axis)
    same = type.getSize(axis).isConstant(value.getDimSize(axis));
  return same ? success()
              : emitOpError("value of type ")
                    << value << " does not fit the result";
}

Value FillOp::emitElement(OpBuilder &builder, Location location, ValueRange,
                          ElementSource &) {
  return builder.create<arith::ConstantOp>(location, getValue());
}

LogicalResult FillOp::emitGradient(GradientRule &) { return success(); }
LogicalResult ConstantOp::emitGradient(GradientRule &) { return success(); }
LogicalResult SizeOp::emitGradient(GradientRule &) { return success(); }

/// The attribute of a number as an element of `type`, rounded once, as
/// `emitElement` does.
static TypedAttr numberAttribute(Type type, int64_t number) {
  auto floating = dyn_cast<FloatType>(type);
  if (!floating)
    return IntegerAttr::get(type, number);
  APFloat value(floating.getFloatSemantics());
  value.convertFromAPInt(APInt(64, number, /*isSigned=*/true),
                         /*IsSigned=*/true, APFloat::rmNearestTiesToEven);
  return FloatAttr::get(type, value);
}

OpFoldResult SizeOp::fold(FoldAdaptor) {
  std::optional<int64_t> number = getSize().asConstant();
  if (!number)
    return {};
  auto array = dyn_cast<ArrayType>(getType());
  return numberAttribute(array ? array.getElementType() : getType(), *number);
}

LogicalResult SizeOp::verify() {
  auto array = dyn_cast<ArrayType>(getType());
  if (array && (array.getRank() != 0 || array.isBool()))
    return emitOpError("result must be an index or a scalar array of numbers");
  return success();
}

Value SizeOp::emitElement(OpBuilder &builder, Location location, ValueRange,
                          ElementSource &source) {
  Value size = source.size(builder, location, getSize());
  Type element = cast<ArrayType>(getType()).getElementType();
  Type integer = isa<FloatType>(element) ? builder.getI64Type() : element;
  Value number = builder.create<arith::IndexCastOp>(location, integer, size);
  if (isa<FloatType>(element))
    return builder.create<arith::SIToFPOp>(location, element, number);
  return number;
}

//===----------------------------------------------------------------------===//
// Calls and gradients of functions
//===----------------------------------------------------------------------===//

/// The substitution that a `where` dictionary (or null) stands for; failure if
/// a value is no size.
static FailureOr<SizeSubstitution> readWhere(Operation *op,
                                             DictionaryAttr where) {
  SizeSubstitution map;
  if (!where)
    return map;
  for (NamedAttribute entry : where) {
    auto size = dyn_cast<SizeAttr>(entry.getValue());
    if (!size)
      return op->emitOpError("`where` gives `")
             << entry.getName().strref() << "` no size";
    map[entry.getName()] = size;
  }
  return map;
}

/// Checks that operands have the types that `callee` wants after the
/// substitution; sets `results` to the types of its results.
static FailureOr<func::FuncOp>
verifyCallee(Operation *op, FlatSymbolRefAttr name, DictionaryAttr where,
             TypeRange operands, SymbolTableCollection &symbolTable,
             SmallVectorImpl<Type> &results) {
  auto callee = symbolTable.lookupNearestSymbolFrom<func::FuncOp>(op, name);
  if (!callee)
    return op->emitOpError("calls `")
           << name.getValue() << "`, which is no function";
  FailureOr<SizeSubstitution> map = readWhere(op, where);
  if (failed(map))
    return failure();
  FunctionType type = callee.getFunctionType();
  if (type.getNumInputs() != operands.size())
    return op->emitOpError("has ")
           << operands.size() << " arguments; `" << name.getValue()
           << "` wants " << type.getNumInputs();
  for (auto [i, declared, seen] : llvm::enumerate(type.getInputs(), operands)) {
    Type wanted = substitute(declared, *map);
    if (wanted && wanted != seen)
      return op->emitOpError("argument ")
             << i << " has type " << seen << "; `" << name.getValue()
             << "` wants " << wanted;
    results.push_back(wanted);
  }
  size_t count = results.size();
  for (Type result : type.getResults())
    results.push_back(substitute(result, *map));
  if (llvm::is_contained(results, Type()))
    return op->emitOpError("`where` makes sizes of `")
           << name.getValue() << "` negative or too large";
  results.erase(results.begin(), results.begin() + count);
  return callee;
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  SmallVector<Type> results;
  if (failed(verifyCallee(*this, getCalleeAttr(), getWhereAttr(),
                          getArguments().getTypes(), symbolTable, results)))
    return failure();
  if (TypeRange(results) != getResultTypes())
    return emitOpError("result types differ from those of `")
           << getCallee() << "`";
  return success();
}

LogicalResult GradientOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  SmallVector<Type> results;
  if (failed(verifyCallee(*this, getCalleeAttr(), getWhereAttr(),
                          getArguments().getTypes(), symbolTable, results)))
    return failure();
  auto value = results.empty() ? nullptr : dyn_cast<ArrayType>(results[0]);
  if (!value || !value.isFloat() || value.getRank() != 0)
    return emitOpError("differentiates `")
           << getCallee() << "`, whose first result is no float scalar";
  for (int64_t index : getWrt()) {
    if (index < 0 || index >= static_cast<int64_t>(getArguments().size()))
      return emitOpError("differentiates by argument ")
             << index << ", which does not exist";
    auto type = cast<ArrayType>(getArguments()[index].getType());
    if (!type.isFloat())
      return emitOpError("differentiates by argument ")
             << index << ", which holds no floats";
    results.push_back(type);
  }
  if (TypeRange(results) != getResultTypes())
    return emitOpError("result types must be those of `")
           << getCallee() << "`, then those of the arguments in `wrt`";
  return success();
}

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

LogicalResult SlotOp::verify() {
  static constexpr StringRef kinds[] = {"parameter", "state",  "optimizer",
                                        "statistic", "metric", "session"};
  if (!llvm::is_contained(kinds, getKind()))
    return emitOpError("kind `") << getKind() << "` is unknown";
  auto type = cast<ArrayType>(getType());
  if (!type.hasConstantShape())
    return emitOpError("has a symbolic shape; slots outlive the entry that "
                       "gives symbols values");
  bool starred = getFileName().count('*') == 1;
  if (getStack() && (!starred || type.getRank() == 0 ||
                     !type.getSize(0).isConstant(getStack())))
    return emitOpError(
        "`stack` must be the leading size, and the file name have one `*`");
  return success();
}
