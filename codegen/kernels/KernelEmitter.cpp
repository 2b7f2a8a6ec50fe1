//===- KernelEmitter.cpp - loops of one kernel ----------------------------===//
//
// Memory, index arithmetic, loop nests, and the composition of element
// functions.
//
//===----------------------------------------------------------------------===//
#include "codegen/kernels/KernelEmitter.h"
#include "dialect/Ops.h"
#include "dialect/Size.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::model;

Type model::memoryElementType(Type element) {
  return element.isInteger(1) ? IntegerType::get(element.getContext(), 8)
                              : element;
}

Type model::pointerType(Type buffer) {
  return MemRefType::get(
      {}, memoryElementType(cast<BufferType>(buffer).getElementType()));
}

void KernelEmitter::define(BlockArgument argument, Value replacement) {
  auto buffer = dyn_cast<BufferType>(argument.getType());
  if (!buffer) {
    indices[argument] = replacement;
    return;
  }
  SizeAttr count = buffer.getArray().getElementCount();
  std::optional<int64_t> constant = count.asConstant();
  auto type = MemRefType::get({constant.value_or(ShapedType::kDynamic)},
                              memoryElementType(buffer.getElementType()));
  OpFoldResult elements = constant ? OpFoldResult(b.getIndexAttr(*constant))
                                   : OpFoldResult(size(count));
  memories[argument] = b.create<memref::ReinterpretCastOp>(
      location(), type, replacement, OpFoldResult(b.getIndexAttr(0)), elements,
      OpFoldResult(b.getIndexAttr(1)));
}

LogicalResult KernelEmitter::emit() {
  switch (kernel->getAttrOfType<KernelClassAttr>("model.kernel").getValue()) {
  case KernelClass::map:
    return emitMap();
  case KernelClass::row:
    return emitRow();
  case KernelClass::contraction:
    return emitContraction();
  case KernelClass::scatter:
    return emitScatter();
  }
  llvm_unreachable("all classes of kernels have an emitter");
}

SmallVector<WriteOp> KernelEmitter::writes() {
  return llvm::to_vector(kernel.front().getOps<WriteOp>());
}

//===----------------------------------------------------------------------===//
// Indices and loops
//===----------------------------------------------------------------------===//

Value KernelEmitter::index(int64_t number) {
  return b.create<arith::ConstantIndexOp>(location(), number);
}
Value KernelEmitter::add(Value x, Value y) {
  return b.createOrFold<arith::AddIOp>(location(), x, y);
}
Value KernelEmitter::multiply(Value x, Value y) {
  return b.createOrFold<arith::MulIOp>(location(), x, y);
}

Value KernelEmitter::linearize(ArrayRef<SizeAttr> shape, ValueRange index) {
  Value position;
  for (auto [extent, i] : llvm::zip(shape, index))
    position = position ? add(multiply(position, size(extent)), i) : i;
  return position ? position : this->index(0);
}

Value KernelEmitter::position(ArrayRef<SizeAttr> shape, ValueRange index) {
  return flat && !shape.empty() ? index[0] : linearize(shape, index);
}

Value KernelEmitter::baseOf(Operation *access) {
  auto read = dyn_cast<ReadOp>(access);
  auto write = dyn_cast<WriteOp>(access);
  BufferType buffer =
      read ? read.getBuffer().getType() : write.getBuffer().getType();
  ValueRange outer = read ? read.getIndices() : write.getIndices();
  if (outer.empty())
    return index(0);
  SmallVector<Value> values;
  for (Value i : outer)
    values.push_back(indices.lookup(i));
  Value element = linearize(buffer.getShape().take_front(outer.size()), values);
  SizeAttr stride =
      product(buffer.getContext(), buffer.getShape().drop_front(outer.size()));
  return multiply(element, size(stride));
}

SmallVector<Value> KernelEmitter::loops(
    ArrayRef<SizeAttr> shape, ValueRange carried,
    llvm::function_ref<SmallVector<Value>(ValueRange, ValueRange)> body) {
  SmallVector<Value> index;
  SmallVector<scf::ForOp> nest;
  OpBuilder::InsertionGuard guard(b);
  SmallVector<Value> current(carried);
  for (SizeAttr extent : shape) {
    if (extent.isConstant(1)) {
      index.push_back(this->index(0));
      continue;
    }
    Value low = this->index(0), high = size(extent), step = this->index(1);
    auto loop = b.create<scf::ForOp>(location(), low, high, step, current);
    nest.push_back(loop);
    index.push_back(loop.getInductionVar());
    current.assign(loop.getRegionIterArgs().begin(),
                   loop.getRegionIterArgs().end());
    b.setInsertionPointToStart(loop.getBody());
  }
  current = body(index, current);
  for (scf::ForOp loop : llvm::reverse(nest)) {
    // A loop that carries nothing has got its terminator already.
    if (!current.empty()) {
      b.setInsertionPointToEnd(loop.getBody());
      b.create<scf::YieldOp>(location(), current);
    }
    current.assign(loop.getResults().begin(), loop.getResults().end());
  }
  return current;
}

void KernelEmitter::loops(ArrayRef<SizeAttr> shape, LoopBody body) {
  loops(shape, ValueRange{},
        [&](ValueRange index, ValueRange) -> SmallVector<Value> {
          body(index);
          return {};
        });
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

Value KernelEmitter::loadAt(Value buffer, Value linear) {
  Value loaded = b.create<memref::LoadOp>(location(), memoryOf(buffer), linear);
  if (cast<BufferType>(buffer.getType()).getElementType().isInteger(1))
    return b.create<arith::TruncIOp>(location(), b.getI1Type(), loaded);
  return loaded;
}

void KernelEmitter::storeAt(Value buffer, Value linear, Value element) {
  if (element.getType().isInteger(1))
    element = b.create<arith::ExtUIOp>(location(), b.getI8Type(), element);
  b.create<memref::StoreOp>(location(), element, memoryOf(buffer), linear);
}

void KernelEmitter::store(WriteOp write, ValueRange index, Value element) {
  Value place = position(write.getValue().getType().getShape(), index);
  storeAt(write.getBuffer(), add(baseOf(write), place), element);
}

/// Gives an operation the elements of its operands.
class KernelEmitter::Source : public ElementSource {
public:
  Source(KernelEmitter &emitter, Operation *op) : emitter(emitter), op(op) {}
  Value load(OpBuilder &, Location, unsigned operand,
             ValueRange index) override {
    return emitter.element(op->getOperand(operand), index);
  }
  Value size(OpBuilder &, Location, SizeAttr size) override {
    return emitter.size(size);
  }
  Value position(OpBuilder &, Location, ArrayRef<SizeAttr> shape,
                 ValueRange index) override {
    return emitter.position(shape, index);
  }

private:
  KernelEmitter &emitter;
  Operation *op;
};

Value KernelEmitter::element(Value value, ValueRange index) {
  SmallVector<void *> key;
  for (Value i : index)
    key.push_back(i.getAsOpaquePointer());
  auto [entry, inserted] = known.try_emplace({value.getAsOpaquePointer(), key});
  // An element that was computed in a branch cannot be used outside of it.
  if (!inserted && entry->second.getParentRegion()->isAncestor(
                       b.getInsertionBlock()->getParent()))
    return entry->second;
  Value result = compute(value, index);
  known[{value.getAsOpaquePointer(), key}] = result;
  return result;
}

Value KernelEmitter::compute(Value value, ValueRange index) {
  Operation *op = value.getDefiningOp();
  auto type = cast<ArrayType>(value.getType());
  if (auto read = dyn_cast<ReadOp>(op)) {
    Value place = position(type.getShape(), index);
    return loadAt(read.getBuffer(), add(baseOf(read), place));
  }
  if (auto from = dyn_cast<FromIndexOp>(op))
    return b.create<arith::IndexCastOp>(location(), type.getElementType(),
                                        indices.lookup(from.getIndex()));
  if (isa<ConstantOp>(op)) {
    Value place = position(type.getShape(), index);
    Value loaded = b.create<memref::LoadOp>(location(), globalOf(op), place);
    if (type.isBool())
      return b.create<arith::TruncIOp>(location(), b.getI1Type(), loaded);
    return loaded;
  }
  // Of a scalar, that is; other broadcasts do not run flat.
  if (auto broadcast = dyn_cast<BroadcastOp>(op); broadcast && flat)
    return element(broadcast.getOperand(), {});
  Source source(*this, op);
  return cast<ElementOpInterface>(op).emitElement(b, location(), index, source);
}

/// The memory of a constant: a global of one axis, made once for equal
/// constants.
Value KernelEmitter::globalOf(Operation *op) {
  auto elements = cast<DenseElementsAttr>(cast<ConstantOp>(op).getValue());
  Type element = memoryElementType(elements.getElementType());
  if (element != elements.getElementType())
    elements = cast<DenseIntElementsAttr>(elements).mapValues(
        element, [](const APInt &bit) { return bit.zext(8); });
  int64_t count = elements.getNumElements();
  auto type = MemRefType::get({count}, element);
  elements = elements.reshape(RankedTensorType::get({count}, element));

  unsigned number = constants.size();
  memref::GlobalOp &global = constants[elements];
  if (!global) {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(kernel->getParentOfType<ModuleOp>().getBody());
    global = b.create<memref::GlobalOp>(
        location(), "kernel.constant_" + std::to_string(number),
        b.getStringAttr("private"), type, elements,
        /*constant=*/true, b.getI64IntegerAttr(64));
  }
  return b.create<memref::GetGlobalOp>(location(), type, global.getSymName());
}

//===----------------------------------------------------------------------===//
// Map kernels
//===----------------------------------------------------------------------===//

/// Whether every array of the kernel has one shape (or is a scalar broadcast to
/// it), so that positions in memory are all that indices are needed for.
static bool runsFlat(func::FuncOp kernel, ArrayRef<SizeAttr> shape) {
  if (shape.size() < 2)
    return false;
  for (Operation &op : kernel.front().without_terminator()) {
    if (isa<WriteOp, FromIndexOp>(op))
      continue;
    auto type = cast<ArrayType>(op.getResult(0).getType());
    if (auto broadcast = dyn_cast<BroadcastOp>(op)) {
      if (cast<ArrayType>(broadcast.getOperand().getType()).getRank() != 0)
        return false;
      continue;
    }
    bool scalar = type.getRank() == 0;
    auto element = dyn_cast<ElementOpInterface>(op);
    bool simple =
        element ? element.isPositional() : isa<ReadOp, ConstantOp>(op);
    if (!simple || (!scalar && type.getShape() != shape))
      return false;
  }
  return true;
}

/// All elements are computed before the first is stored: results may lie over
/// operands.
LogicalResult KernelEmitter::emitMap() {
  SmallVector<WriteOp> stores = writes();
  ArrayRef<SizeAttr> shape = stores.front().getValue().getType().getShape();
  flat = runsFlat(kernel, shape);
  SmallVector<SizeAttr> extents(shape);
  if (flat)
    extents = {product(kernel.getContext(), shape)};
  loops(extents, [&](ValueRange index) {
    SmallVector<Value> elements;
    for (WriteOp write : stores)
      elements.push_back(element(write.getValue(), index));
    for (auto [write, value] : llvm::zip(stores, elements))
      store(write, index, value);
  });
  return success();
}
