//===- CheckFinite.cpp - finding what is not finite -----------------------===//
//
// Emits the function that `model.check_finite` calls.
//
//===----------------------------------------------------------------------===//
#include "codegen/kernels/CheckFinite.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include <limits>

using namespace mlir;
using namespace mlir::model;

namespace {
constexpr int64_t recordLength = 2;

/// What was found so far; more is worse.
enum Finding : int64_t { AllFinite, AnInfinity, ANan };

class CheckEmitter {
public:
  CheckEmitter(ModuleOp module, FloatType element)
      : b(OpBuilder::atBlockEnd(module.getBody())), location(module.getLoc()),
        element(element) {}

  func::FuncOp emit(StringRef name) {
    Type index = b.getIndexType(), number = b.getI64Type();
    auto type = b.getFunctionType({MemRefType::get({}, element), index, index,
                                   MemRefType::get({}, number), number},
                                  {});
    auto function = b.create<func::FuncOp>(location, name, type);
    function.setPrivate();
    // It is called in many places, and only where somebody looks for a fault.
    function->setAttr("passthrough",
                      b.getStrArrayAttr({"noinline", "minsize", "optsize"}));
    Block *body = function.addEntryBlock();
    b.setInsertionPointToStart(body);
    Value begin = body->getArgument(1), count = body->getArgument(2);
    Value end = b.create<arith::AddIOp>(location, begin, count);
    Value memory = asAxis(body->getArgument(0), end);
    Value found = search(memory, begin, end);
    Value length = b.create<arith::ConstantIndexOp>(location, recordLength);
    Value record = asAxis(body->getArgument(3), length);
    note(record, 0, found, AnInfinity, body->getArgument(4));
    note(record, 1, found, ANan, body->getArgument(4));
    b.create<func::ReturnOp>(location);
    return function;
  }

private:
  Value constant(int64_t number) {
    return b.create<arith::ConstantOp>(location, b.getI64IntegerAttr(number));
  }

  /// The memory behind a pointer as one axis of `count` elements.
  Value asAxis(Value pointer, Value count) {
    auto type =
        MemRefType::get({ShapedType::kDynamic},
                        cast<MemRefType>(pointer.getType()).getElementType());
    return b.create<memref::ReinterpretCastOp>(
        location, type, pointer, OpFoldResult(b.getIndexAttr(0)),
        OpFoldResult(count), OpFoldResult(b.getIndexAttr(1)));
  }

  /// The worst of what is in `memory` from `begin` to `end`.
  Value search(Value memory, Value begin, Value end) {
    Value infinity = b.create<arith::ConstantOp>(
        location,
        b.getFloatAttr(element, std::numeric_limits<double>::infinity()));
    Value finite = constant(AllFinite), infinite = constant(AnInfinity),
          nan = constant(ANan);
    Value one = b.create<arith::ConstantIndexOp>(location, 1);
    auto loop = b.create<scf::ForOp>(
        location, begin, end, one, finite,
        [&](OpBuilder &inner, Location loc, Value i, ValueRange carried) {
          Value x = inner.create<memref::LoadOp>(loc, memory, i);
          Value size = inner.create<math::AbsFOp>(loc, x);
          auto compare = [&](arith::CmpFPredicate predicate, Value right) {
            return inner.create<arith::CmpFOp>(loc, predicate, size, right);
          };
          Value isInfinite = compare(arith::CmpFPredicate::OEQ, infinity);
          Value isNan = compare(arith::CmpFPredicate::UNO, size);
          Value kind =
              inner.create<arith::SelectOp>(loc, isInfinite, infinite, finite);
          kind = inner.create<arith::SelectOp>(loc, isNan, nan, kind);
          Value worst =
              inner.create<arith::MaxSIOp>(loc, carried.front(), kind);
          inner.create<scf::YieldOp>(loc, worst);
        });
    return loop.getResult(0);
  }

  /// Puts `id` into `record[place]` if this was found, and neither there nor
  /// behind it is one: what comes after a NaN does not matter.
  void note(Value record, int64_t place, Value found, Finding wanted,
            Value id) {
    Value change = b.create<arith::CmpIOp>(location, arith::CmpIPredicate::eq,
                                           found, constant(wanted));
    Value index, before;
    for (int64_t other = recordLength - 1; other >= place; --other) {
      index = b.create<arith::ConstantIndexOp>(location, other);
      before = b.create<memref::LoadOp>(location, record, index);
      Value isFirst = b.create<arith::CmpIOp>(
          location, arith::CmpIPredicate::slt, before, constant(0));
      change = b.create<arith::AndIOp>(location, change, isFirst);
    }
    Value after = b.create<arith::SelectOp>(location, change, id, before);
    b.create<memref::StoreOp>(location, after, record, index);
  }

  OpBuilder b;
  Location location;
  FloatType element;
};
} // namespace

func::FuncOp model::getCheckFinite(ModuleOp module, FloatType element) {
  // No function of a program has a dot after the first word of the dialect.
  std::string name =
      "model.check_finite.f" + std::to_string(element.getWidth());
  if (auto known = module.lookupSymbol<func::FuncOp>(name))
    return known;
  return CheckEmitter(module, element).emit(name);
}
