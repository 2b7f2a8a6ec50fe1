//===- Elementwise.cpp - element-wise operations as tensor code -----------===//
//
// y[i...] = f(x[i...], ...), where `emitScalar` gives f.
//
//===----------------------------------------------------------------------===//
#include "codegen/reference/ReferenceEmitter.h"

using namespace mlir;
using namespace mlir::model;

Value ReferenceEmitter::emitElementwise(ElementwiseOpInterface op) {
  auto type = cast<ArrayType>(op->getResult(0).getType());
  SmallVector<Value> inputs;
  for (Value operand : op->getOperands())
    inputs.push_back(lookup(operand));
  AffineMap identity = b.getMultiDimIdentityMap(type.getRank());
  SmallVector<AffineMap> maps(inputs.size() + 1, identity);
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  return combine(inputs, empty(type), maps, iterators, [&](ValueRange x) {
    return op.emitScalar(b, loc, x.drop_back());
  });
}
