//===- ScatterEmitter.cpp - loops of scatter-add --------------------------===//
//
// y = x, then y[before, indices[i], after] += updates[before, i, after] in
// order of i.
//
//===----------------------------------------------------------------------===//
#include "codegen/kernels/KernelEmitter.h"
#include "dialect/ops/Shape.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::model;

LogicalResult KernelEmitter::emitScatter() {
  WriteOp write = writes().front();
  auto op = write.getValue().getDefiningOp<ScatterAddOp>();
  ArrayType result = write.getValue().getType();
  Value start = op->getOperand(0), positions = op->getOperand(1),
        updates = op->getOperand(2);
  int64_t axis = op.getAxis(),
          rank = cast<ArrayType>(positions.getType()).getRank();

  loops(result.getShape(),
        [&](ValueRange index) { store(write, index, element(start, index)); });
  OpBuilder::InsertionGuard guard(b);
  if (!result.getSize(axis).isConstant()) {
    // The axis may have no elements: then there is nothing to add to.
    Value exists =
        b.create<arith::CmpIOp>(location(), arith::CmpIPredicate::sgt,
                                size(result.getSize(axis)), this->index(0));
    auto branch = b.create<scf::IfOp>(location(), exists);
    b.setInsertionPointToStart(branch.thenBlock());
  }
  loops(cast<ArrayType>(updates.getType()).getShape(), [&](ValueRange index) {
    Location loc = location();
    Value number = element(positions, index.slice(axis, rank));
    SmallVector<Value> target(index.take_front(axis));
    target.push_back(clampIndex(b, loc, number, size(result.getSize(axis))));
    llvm::append_range(target, index.drop_front(axis + rank));
    Value update = element(updates, index);
    Value position = add(baseOf(write), linearize(result.getShape(), target));
    Value old = loadAt(write.getBuffer(), position), sum;
    if (result.isFloat())
      sum = b.create<arith::AddFOp>(loc, old, update);
    else
      sum = b.create<arith::AddIOp>(loc, old, update);
    storeAt(write.getBuffer(), position, sum);
  });
  return success();
}
