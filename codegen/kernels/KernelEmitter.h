//===- KernelEmitter.h - loops of one kernel --------------------*- C++ -*-===//
//
// What the emitters of all classes of kernels share: memory, index arithmetic,
// loop nests, and the composition of element functions.
//
//===----------------------------------------------------------------------===//
#ifndef MODEL_CODEGEN_KERNELS_KERNELEMITTER_H
#define MODEL_CODEGEN_KERNELS_KERNELEMITTER_H

#include "codegen/SizeValues.h"
#include "dialect/ops/Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include <map>

namespace mlir::model {

/// The type that an element has in memory: a bool is a byte.
Type memoryElementType(Type element);
/// `memref<T>` of a buffer.
Type pointerType(Type buffer);

/// The globals of constants, one for equal elements in all kernels of a module.
using KernelConstants = DenseMap<Attribute, memref::GlobalOp>;

/// Emits the loops of one outlined kernel. `kernel` is the function over
/// buffers; `builder` stands in the body of the function over pointers that
/// replaces it.
class KernelEmitter {
public:
  KernelEmitter(func::FuncOp kernel, OpBuilder &builder,
                const SizeValues &sizes, KernelConstants &constants)
      : kernel(kernel), b(builder), sizes(sizes), constants(constants) {}

  /// Says what an argument of `kernel` has become: a pointer or an index.
  void define(BlockArgument argument, Value replacement);
  LogicalResult emit();

  // One emitter for each class, in files of their own.
  LogicalResult emitMap();
  LogicalResult emitRow();
  LogicalResult emitContraction();
  LogicalResult emitScatter();

  //===--------------------------------------------------------------------===//
  // Elements
  //===--------------------------------------------------------------------===//

  /// The element of `value` at `index`: loaded, or computed from elements of
  /// others.
  Value element(Value value, ValueRange index);
  void store(WriteOp write, ValueRange index, Value element);
  Value loadAt(Value buffer, Value linear);
  void storeAt(Value buffer, Value linear, Value element);
  /// The memory of a buffer, as one axis.
  Value memoryOf(Value buffer) const { return memories.lookup(buffer); }
  /// Forgets elements that were computed; to be called where the control flow
  /// changes.
  void forget() { known.clear(); }

  //===--------------------------------------------------------------------===//
  // Indices and loops
  //===--------------------------------------------------------------------===//

  Value index(int64_t number);
  Value size(SizeAttr size) { return sizes.get(b, location(), size); }
  Value add(Value x, Value y);
  Value multiply(Value x, Value y);
  /// Row-major position of `index` in an array of `shape`.
  Value linearize(ArrayRef<SizeAttr> shape, ValueRange index);
  /// The same where `index` may be a position already, as in flat kernels.
  Value position(ArrayRef<SizeAttr> shape, ValueRange index);
  /// Where the array that `access` (a read or a write) names begins in its
  /// buffer.
  Value baseOf(Operation *access);

  using LoopBody = llvm::function_ref<void(ValueRange index)>;
  /// A loop for each size; axes of size 1 have none.
  void loops(ArrayRef<SizeAttr> shape, LoopBody body);
  /// Loops that carry values along; `body` returns their new ones.
  SmallVector<Value>
  loops(ArrayRef<SizeAttr> shape, ValueRange carried,
        llvm::function_ref<SmallVector<Value>(ValueRange index,
                                              ValueRange carried)>
            body);

  OpBuilder &builder() { return b; }
  Location location() { return kernel.getLoc(); }
  SmallVector<WriteOp> writes();

private:
  class Source;
  Value compute(Value value, ValueRange index);
  Value globalOf(Operation *constant);

  func::FuncOp kernel;
  OpBuilder &b;
  const SizeValues &sizes;
  KernelConstants &constants;
  DenseMap<Value, Value> memories;
  DenseMap<Value, Value> indices;
  /// Elements computed so far, by operation and index.
  std::map<std::pair<void *, SmallVector<void *>>, Value> known;
  /// All axes are run through as one, and indices are positions in memory.
  bool flat = false;
};

} // namespace mlir::model

#endif
