//===- ExpandMath.cpp - functions of our own for math operations ----------===//
//
//   %y = math.exp %x : vector<8xf32>
// becomes
//   %0 = arith.cmpf ogt, %x, %cst : vector<8xf32>
//   %1 = arith.select %0, %cst, %x : vector<8xi1>, vector<8xf32>
//   ... // `arith` operations only
//
// What is left of `math` are operations for which every target has
// instructions: sqrt, absf, copysign, those on integers, and fma, which nobody
// emits but for a target that has it.
//
//===----------------------------------------------------------------------===//
#include "codegen/math/Functions.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "passes/Passes.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::model {
#define GEN_PASS_DEF_EXPANDMATH
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;
namespace functions = mlir::model::math_functions;

using Unary = Lanes (*)(Lanes);

/// The function that stands for an operation of one operand.
static Unary functionOf(Operation *op) {
  return llvm::TypeSwitch<Operation *, Unary>(op)
      .Case([](math::ExpOp) { return functions::exp; })
      .Case([](math::ExpM1Op) { return functions::expm1; })
      .Case([](math::LogOp) { return functions::log; })
      .Case([](math::Log1pOp) { return functions::log1p; })
      .Case([](math::TanhOp) { return functions::tanh; })
      .Case([](math::ErfOp) { return functions::erf; })
      .Case([](math::SinOp) { return functions::sin; })
      .Case([](math::CosOp) { return functions::cos; })
      .Case([](math::FloorOp) { return functions::floor; })
      .Case([](math::CeilOp) { return functions::ceil; })
      .Case([](math::RoundEvenOp) { return functions::roundEven; })
      .Case([](math::RsqrtOp) -> Unary {
        return [](Lanes x) { return 1.0 / sqrt(x); };
      })
      .Default([](Operation *) -> Unary { return nullptr; });
}

/// Whether every target has instructions for the operation.
static bool isInstruction(Operation *op) {
  return isa<math::SqrtOp, math::AbsFOp, math::CopySignOp, math::FmaOp>(op) ||
         getElementTypeOrSelf(op->getResult(0)).isIntOrIndex();
}

/// f32 or f64, or a vector of them of known length.
static bool isExpandable(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  if (vector && (vector.getRank() != 1 || vector.isScalable()))
    return false;
  Type element = vector ? vector.getElementType() : type;
  return element.isF32() || element.isF64();
}

namespace {
struct ExpandMathPass : model::impl::ExpandMathBase<ExpandMathPass> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation()->walk([&](Operation *op) {
      if (isa_and_nonnull<math::MathDialect>(op->getDialect()) &&
          !isInstruction(op))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      if (failed(expand(op)))
        return signalPassFailure();
  }

  static LogicalResult expand(Operation *op) {
    Type type = op->getResult(0).getType();
    Unary function = functionOf(op);
    bool isPower = isa<math::PowFOp>(op);
    if (!function && !isPower)
      return op->emitOpError("has no expansion");
    if (!isExpandable(type))
      return op->emitOpError("is on ")
             << type << ", wanted f32, f64 or a vector of them";
    OpBuilder builder(op);
    auto operand = [&](unsigned i) {
      return Lanes(builder, op->getLoc(), op->getOperand(i));
    };
    Lanes result =
        isPower ? functions::pow(operand(0), operand(1)) : function(operand(0));
    op->getResult(0).replaceAllUsesWith(result);
    op->erase();
    return success();
  }
};
} // namespace
