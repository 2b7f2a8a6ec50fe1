//===- RestoreLocations.cpp - every operation has a line of the user ------===//
//
//   %0 = llvm.mlir.constant(4 : i64) : i64 loc(unknown)
//   %1 = llvm.mul %x, %0 loc("wine.model":12:3)
// becomes
//   %0 = llvm.mlir.constant(4 : i64) : i64 loc("wine.model":12:3)
//
// Folding upstream forgets where its constants come from: they are there for
// their users.
//
//===----------------------------------------------------------------------===//
#include "mlir/IR/Iterators.h"
#include "passes/Locations.h"
#include "passes/Passes.h"

namespace mlir::model {
#define GEN_PASS_DEF_RESTORELOCATIONS
#include "passes/Passes.h.inc"
} // namespace mlir::model

using namespace mlir;
using namespace mlir::model;

/// The location of a user, else of the operation around.
static std::optional<Location> findLocation(Operation *op) {
  for (Operation *user : op->getUsers())
    if (hasUserLine(user->getLoc()))
      return user->getLoc();
  for (Operation *outer = op->getParentOp(); outer;
       outer = outer->getParentOp())
    if (hasUserLine(outer->getLoc()))
      return outer->getLoc();
  return std::nullopt;
}

namespace {
struct RestoreLocationsPass
    : model::impl::RestoreLocationsBase<RestoreLocationsPass> {
  void runOnOperation() override {
    // Users first.
    getOperation()->walk<WalkOrder::PreOrder, ReverseIterator>(
        [](Operation *op) {
          if (hasUserLine(op->getLoc()))
            return;
          if (std::optional<Location> found = findLocation(op))
            op->setLoc(*found);
        });
  }
};
} // namespace
