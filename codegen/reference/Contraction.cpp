//===- Contraction.cpp - sums of products as tensor code ------------------===//
//
// y[batch, m, n] = sum over k of a[batch, m, k] * b[batch, k, n]
//
// for any number of axes of each kind, in any order; k goes up in the order in
// which the contracted axes are given.
//
//===----------------------------------------------------------------------===//
#include "codegen/reference/ReferenceEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::model;

/// Which loop runs over each axis of an operand.
static AffineMap
axesToLoops(MLIRContext *context, unsigned loops, unsigned rank,
            ArrayRef<std::pair<ArrayRef<int64_t>, unsigned>> groups) {
  SmallVector<AffineExpr> loopOf(rank);
  for (auto [axes, first] : groups)
    for (auto [i, axis] : llvm::enumerate(axes))
      loopOf[axis] = getAffineDimExpr(first + i, context);
  return AffineMap::get(loops, 0, loopOf, context);
}

Value ReferenceEmitter::emitContract(ContractOp op) {
  ArrayType type = op.getType();
  SmallVector<int64_t> lhsFree = op.getLhsFree(), rhsFree = op.getRhsFree();
  unsigned kept = type.getRank(), loops = kept + op.getLhsContract().size();
  unsigned firstLeft = op.getLhsBatch().size(),
           firstRight = firstLeft + lhsFree.size();
  MLIRContext *context = op.getContext();
  SmallVector<AffineExpr> result;
  for (unsigned loop = 0; loop < kept; ++loop)
    result.push_back(b.getAffineDimExpr(loop));
  AffineMap maps[] = {
      axesToLoops(context, loops, op.getLhs().getType().getRank(),
                  {{op.getLhsBatch(), 0},
                   {lhsFree, firstLeft},
                   {op.getLhsContract(), kept}}),
      axesToLoops(context, loops, op.getRhs().getType().getRank(),
                  {{op.getRhsBatch(), 0},
                   {rhsFree, firstRight},
                   {op.getRhsContract(), kept}}),
      AffineMap::get(loops, 0, result, context)};
  SmallVector<utils::IteratorType> iterators(kept,
                                             utils::IteratorType::parallel);
  iterators.resize(loops, utils::IteratorType::reduction);
  Value zero = filled(type, constant(type.getElementType(), 0));
  return combine({lookup(op.getLhs()), lookup(op.getRhs())}, zero, maps,
                 iterators, [&](ValueRange x) -> Value {
                   if (type.isFloat()) {
                     Value product = b.create<arith::MulFOp>(loc, x[0], x[1]);
                     return b.create<arith::AddFOp>(loc, x[2], product);
                   }
                   Value product = b.create<arith::MulIOp>(loc, x[0], x[1]);
                   return b.create<arith::AddIOp>(loc, x[2], product);
                 });
}
