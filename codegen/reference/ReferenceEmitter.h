//===- ReferenceEmitter.h - operations as tensor code -----------*- C++ -*-===//
//
// What the simple lowerings of all families share: tensors of symbolic sizes,
// their elements, and loops over them.
//
// An array becomes a tensor of the same shape, with `?` for a size that is no
// constant. The lowerings use neither `emitElement` nor the kernels' emitters,
// so that the two paths check each other.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_REFERENCE_REFERENCEEMITTER_H
#define MODEL_CODEGEN_REFERENCE_REFERENCEEMITTER_H

#include "codegen/SizeValues.h"
#include "dialect/Ops.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/AffineMap.h"

namespace mlir::model {

/// Emits the operations of one function in order.
class ReferenceEmitter {
public:
  ReferenceEmitter(OpBuilder &builder, const SizeValues &sizes)
      : b(builder), sizes(sizes), loc(builder.getUnknownLoc()) {}

  /// Says which tensor (or index) `value` has become.
  void define(Value value, Value replacement) { values[value] = replacement; }
  Value lookup(Value value) const { return values.lookup(value); }
  /// Emits all of `block` but its terminator.
  LogicalResult emit(Block &block);
  void setLocation(Location location) { loc = location; }

  //===--------------------------------------------------------------------===//
  // Tensors
  //===--------------------------------------------------------------------===//

  static RankedTensorType tensorType(ArrayType type);
  /// A tensor without elements' values.
  Value empty(ArrayType type);
  Value filled(ArrayType type, Value element);
  /// The same elements in memory of their own.
  Value copy(Value tensor);
  /// The same elements in row-major order, as a tensor of one axis.
  Value flattened(Value tensor);
  /// The element of a tensor at `index`.
  Value at(Value tensor, ValueRange index);
  /// A tensor of rank 0.
  Value scalar(Value element);

  using Element = llvm::function_ref<Value(ValueRange index)>;
  /// A tensor of which `element` gives each element.
  Value generate(ArrayType type, Element element);

  using Combination = llvm::function_ref<Value(ValueRange elements)>;
  /// A `linalg.generic`: `initial` is updated at each point of the iteration
  /// space with the combination of the elements of `inputs` and, last, its own.
  Value combine(ValueRange inputs, Value initial, ArrayRef<AffineMap> maps,
                ArrayRef<utils::IteratorType> iterators, Combination body);

  /// The index of the element under way, in the body of `combine`.
  SmallVector<Value> currentIndex(unsigned rank);

  using LoopBody = llvm::function_ref<SmallVector<Value>(ValueRange index,
                                                         ValueRange carried)>;
  /// Loops over all indices of `shape` in row-major order; `body` returns what
  /// is carried on.
  SmallVector<Value> loops(ArrayRef<SizeAttr> shape, ValueRange carried,
                           LoopBody body);

  //===--------------------------------------------------------------------===//
  // Numbers
  //===--------------------------------------------------------------------===//

  Value index(int64_t number);
  Value size(SizeAttr size) { return sizes.get(b, loc, size); }
  /// A size as an attribute if it is constant, as tensor types want it.
  OpFoldResult mixedSize(SizeAttr size);
  SmallVector<OpFoldResult> mixedSizes(ArrayRef<SizeAttr> shape);
  /// The row-major position of `index`.
  Value position(ArrayRef<SizeAttr> shape, ValueRange index);
  /// An index as a number of type `element`.
  Value number(Value index, Type element);
  /// A number of an integer type as an index of an axis, clamped.
  Value clamped(Value number, Value extent);
  /// The constant `value`, an integer, of type `element`.
  Value constant(Type element, int64_t value);

private:
  LogicalResult emitOperation(Operation &op);

  // One family a file. Each returns the tensor of the only result.
  Value emitElementwise(ElementwiseOpInterface op);

  Value emitFill(FillOp op);
  FailureOr<Value> emitConstant(ConstantOp op);
  Value emitSize(SizeOp op);
  LogicalResult emitScan(ScanOp op);

  Value emitBroadcast(BroadcastOp op);
  Value emitReshape(ReshapeOp op);
  Value emitTranspose(TransposeOp op);
  Value emitSlice(SliceOp op);
  Value emitPad(PadOp op);
  Value emitConcat(ConcatOp op);
  Value emitIota(IotaOp op);
  Value emitReverse(ReverseOp op);
  Value emitGather(GatherOp op);
  Value emitScatterAdd(ScatterAddOp op);

  Value emitContract(ContractOp op);

  Value emitReduction(Operation *op);
  Value emitArgument(Operation *op, int64_t axis, bool largest);

  Value emitRandom(Operation *op);

  /// Element number `index` of the leading axis, as a tensor of its own.
  Value sliceAt(Value array, ArrayType type, Value index);
  /// `stack` with `slice` as element number `index` of its leading axis.
  Value insertAt(Value slice, Value stack, ArrayType type, Value index);

  OpBuilder &b;
  const SizeValues &sizes;
  Location loc;
  DenseMap<Value, Value> values;
};

} // namespace mlir::model

#endif
