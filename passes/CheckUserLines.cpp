//===- CheckUserLines.cpp - no operation without a user's line -----------===//
//
// Holds the passes to keeping provenance:
//
//   %0 = model.neg %x : !model.array<f32> loc("wine.model":12:3)   // passes
//   %1 = model.neg %x : !model.array<f32> loc(unknown)             // an error
//
//===----------------------------------------------------------------------===//
#include "passes/Locations.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_CHECKUSERLINES
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

namespace {
struct CheckUserLinesPass
    : model::impl::CheckUserLinesBase<CheckUserLinesPass> {
  void runOnOperation() override {
    bool complete = true;
    getOperation()->walk([&](Operation *op) {
      // A terminator that is not written is read back without its place.
      bool isImplicit = op->hasTrait<OpTrait::IsTerminator>() &&
                        op->getNumOperands() == 0 &&
                        op->getNumSuccessors() == 0;
      if (isImplicit || hasUserLine(op->getLoc()))
        return;
      op->emitError("found `")
          << op->getName() << "` without a line of the user's program, at "
          << op->getLoc();
      complete = false;
    });
    if (!complete)
      return signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
